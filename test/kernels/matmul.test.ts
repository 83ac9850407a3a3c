import { describe, expect, test } from 'vitest';
import type { Limits } from '../../kernels/declaration.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { F16_MAX, roundToF16, toF16, U16 } from '../../kernels/f16.js';
import { matmul, matmulF16 } from '../../kernels/matmul/kernel.js';
import { FULL_MULTIPLICATIONS } from '../../kernels/matmul/oracle.js';
import { shapeFrom, sizesOf } from '../../kernels/matmul/sizes.js';
import { elementBound, gamma } from '../../kernels/rounding.js';

const limits = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
  subgroupMaxSize: 32,
} as Limits;
/** Of a card with matrix units. */
const roomy = {
  ...limits,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupStorageSize: 49152,
  subgroupMatrixConfigs: ['f32', 'f16'].map((resultComponentType) => ({
    ...{ componentType: 'f16', resultComponentType },
    ...{ M: 16, N: 16, K: 16 },
  })),
} as Limits;
const limitsFor = (v: { readonly id: string }) => (v.id.startsWith('matrix-units') ? roomy : limits);
const defaults = (space: Readonly<Record<string, readonly number[]>> = {}) =>
  Object.fromEntries(Object.entries(space).map(([name, values]) => [name, values[0] as number]));
const variant = (id: string) => matmul.variants.find((v) => v.id === id) as (typeof matmul.variants)[number];

describe('reference and oracle', () => {
  const shape = { m: 2, n: 2, k: 3 };
  const input = { ...shape, a: Float32Array.of(1, 2, 3, 4, 5, 6), b: Float32Array.of(7, 8, 9, 10, 11, 12) };
  const right = Float32Array.of(58, 64, 139, 154);

  test('a product worked by hand', () => {
    expect(matmul.reference(shape, input).c).toEqual(right);
    expect(matmul.oracle(shape, input, 1).check({ c: right })).toEqual({ correct: true, maxError: 0 });
  });

  test('one wrong element is refused and named', () => {
    const verdict = matmul.oracle(shape, input, 1).check({ c: Float32Array.of(58, 64, 139, 155) });
    expect(verdict).toMatchObject({ correct: false, detail: 'c[1, 1]: expected 154, got 155' });
    expect(verdict.maxError).toBeCloseTo(1 / (Math.sqrt(77) * Math.sqrt(308)), 12);
  });

  test('the transposed product is refused', () => {
    expect(matmul.oracle(shape, input, 1).check({ c: Float32Array.of(58, 139, 64, 154) }).correct).toBe(false);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is refused and has no error measure', (value) => {
    const verdict = matmul.oracle(shape, input, 1).check({ c: Float32Array.of(58, value, 139, 154) });
    expect(verdict).toMatchObject({ correct: false, maxError: null });
  });

  test('an output of the wrong length is refused', () => {
    expect(matmul.oracle(shape, input, 1).check({ c: new Float32Array(3) })).toMatchObject({
      correct: false,
      detail: 'c must hold 4 floats, got 3',
    });
  });

  test('the output of another seed is refused', () => {
    const size = { m: 33, n: 17, k: 65 };
    const stale = matmul.reference(size, matmul.input(size, 1));
    expect(matmul.oracle(size, matmul.input(size, 2), 2).check(stale).correct).toBe(false);
    expect(matmul.oracle(size, matmul.input(size, 1), 1).check(stale).correct).toBe(true);
  });

  test('an error just inside the bound passes, one just outside does not', () => {
    const size = { m: 1, n: 1, k: 1 };
    const one = { ...size, a: Float32Array.of(0.5), b: Float32Array.of(2) };
    const oracle = matmul.oracle(size, one, 1);
    expect(oracle.tolerance).toMatchObject({ kind: 'bound', bound: gamma(1) });
    expect(oracle.check({ c: Float32Array.of(1 - 2 ** -24) }).correct).toBe(true);
    expect(oracle.check({ c: Float32Array.of(1 + 2 ** -23) }).correct).toBe(false);
  });

  test('infinities and NaN of the input must arrive in the output', () => {
    const size = { m: 1, n: 3, k: 2 };
    const wild = { ...size, a: Float32Array.of(Infinity, 1), b: Float32Array.of(1, -1, 0, 1, 1, 1) };
    const oracle = matmul.oracle(size, wild, 1);
    expect(oracle.check({ c: Float32Array.of(Infinity, -Infinity, NaN) }).correct).toBe(true);
    expect(oracle.check({ c: Float32Array.of(-Infinity, -Infinity, NaN) }).correct).toBe(false);
    expect(oracle.check({ c: Float32Array.of(Infinity, -Infinity, 0) }).correct).toBe(false);
  });
});

describe('batches, transposed b, and types', () => {
  const f = (...values: number[]) => Float32Array.from(values);
  const whole = { m: 2, n: 2, k: 3, a: f(1, 2, 3, 4, 5, 6) };

  test.each([matmul, matmulF16])('the product worked by hand with b transposed, $type', (kernel) => {
    const shape = shapeFrom(2, 2, 3, { transposeB: true });
    const input = { ...whole, transposeB: true, b: f(7, 9, 11, 8, 10, 12) };
    expect(kernel.reference(shape, input).c).toEqual(f(58, 64, 139, 154));
    expect(kernel.oracle(shape, input, 1).check({ c: f(58, 64, 139, 154) })).toEqual({ correct: true, maxError: 0 });
    expect(kernel.oracle(shape, input, 1).check({ c: f(58, 64, 139, 155) }).correct).toBe(false);
  });

  test('a batch of two, each with its own b, and a wrong element named by its product', () => {
    const shape = shapeFrom(1, 2, 2, { batch: 2 });
    const input = { m: 1, n: 2, k: 2, batch: 2, a: f(1, 2, 3, 4), b: f(1, 0, 0, 1, 5, 6, 7, 8) };
    expect(matmul.reference(shape, input).c).toEqual(f(1, 2, 43, 50));
    const oracle = matmul.oracle(shape, input, 2);
    expect(oracle.check({ c: f(1, 2, 43, 50) }).correct).toBe(true);
    expect(oracle.check({ c: f(1, 2, 43, 51) }).detail).toBe('c[1, 0, 1]: expected 50, got 51');
    // The first b for both.
    expect(oracle.check({ c: f(1, 2, 3, 4) }).correct).toBe(false);
  });

  test('odd seeds draw whole numbers, for which only equality will do', () => {
    for (const kernel of [matmul, matmulF16]) {
      const shape = shapeFrom(9, 8, 300, { batch: 2, transposeB: true });
      const input = kernel.input(shape, 7);
      expect(new Set(input.a)).toEqual(new Set([-2, -1, 0, 1, 2]));
      const oracle = kernel.oracle(shape, input, 7);
      expect(oracle.tolerance).toEqual({ kind: 'exact' });
      const { c } = kernel.reference(shape, input);
      expect(oracle.check({ c })).toEqual({ correct: true, maxError: 0 });
      expect(oracle.check({ c: c.map((x, i) => (i === 77 ? x + 1 : x)) }).correct).toBe(false);
      expect(kernel.oracle(shape, kernel.input(shape, 8), 8).tolerance.kind).toBe('bound');
    }
  });

  test('longer sums take smaller numbers, so that they stay where every whole number is an f16', () => {
    for (const [k, largest] of [
      [16384, 2],
      [16388, 1],
      [65536, 1],
    ] as const) {
      const shape = shapeFrom(8, 8, k);
      const input = matmulF16.input(shape, 5);
      expect(input.a.reduce((x, y) => Math.max(x, Math.abs(y)), 0)).toBe(largest);
      expect(matmulF16.oracle(shape, input, 5).tolerance.kind).toBe('exact');
      const sum = new Float64Array(64);
      let furthest = 0;
      for (let p = 0; p < k; p++)
        for (let at = 0; at < 64; at++) {
          sum[at] =
            (sum[at] as number) + (input.a[(at >> 3) * k + p] as number) * (input.b[p * 8 + (at & 7)] as number);
          furthest = Math.max(furthest, Math.abs(sum[at] as number));
        }
      expect(furthest).toBeLessThanOrEqual(2048);
    }
  });

  test('uniform f16 numbers are f16, and a sum that is rounded to f16 at every step passes', () => {
    const shape = shapeFrom(4, 64, 4096, { transposeB: true });
    const input = matmulF16.input(shape, 2);
    expect(roundToF16(input.a)).toEqual(input.a);
    const half = Float32Array.of(0);
    const add = (x: number, y: number) => {
      half[0] = x + y;
      return roundToF16(half)[0] as number;
    };
    const { k } = shape as { k: number };
    const c = Float32Array.from({ length: 256 }, (_, at) => {
      let sum = 0;
      for (let p = 0; p < k; p++)
        sum = add(
          sum,
          add((input.a[Math.floor(at / 64) * k + p] as number) * (input.b[(at % 64) * k + p] as number), 0),
        );
      return sum;
    });
    const oracle = matmulF16.oracle(shape, input, 2);
    const { correct, maxError } = oracle.check({ c });
    expect(correct).toBe(true);
    // The bound is of eight standard deviations: the largest of 256 errors is near three of them.
    expect(maxError).toBeGreaterThan(0.2 * U16);
    // Nor may the bound be so wide that half of the sum could be missing.
    const halfway = matmulF16.reference(shape, { ...input, a: input.a.map((x, i) => (i % k < k / 2 ? x : 0)) });
    expect(oracle.check(halfway).correct).toBe(false);
    expect(oracle.check({ c: new Float32Array(256) }).correct).toBe(false);
  });

  test('cancellation: a small difference of large products', () => {
    const shape = shapeFrom(1, 1, 3);
    const input = { m: 1, n: 1, k: 3, a: f(4096, 1, -4096), b: f(4096, 1, 4096) };
    const oracle = matmul.oracle(shape, input, 2);
    // f32 sums in either order: 1 where the large ones meet first, 0 where 1 is lost beside 2²⁴.
    for (const sum of [1, 0]) expect(oracle.check({ c: f(sum) }).correct).toBe(true);
    expect(oracle.check({ c: f(9) }).correct).toBe(false);
  });

  test('products near zero may be flushed, and no more than them', () => {
    const shape = shapeFrom(1, 1, 2);
    const tiny = { m: 1, n: 1, k: 2, a: f(2 ** -70, 2 ** -70), b: f(2 ** -60, 2 ** -60) };
    for (const sum of [2 ** -129, 0]) expect(matmul.oracle(shape, tiny, 2).check({ c: f(sum) }).correct).toBe(true);
    expect(matmul.oracle(shape, tiny, 2).check({ c: f(2 ** -120) }).correct).toBe(false);
    const half = { m: 1, n: 1, k: 2, a: f(2 ** -10, 2 ** -10), b: f(2 ** -10, 2 ** -10) };
    for (const sum of [2 ** -19, 0]) expect(matmulF16.oracle(shape, half, 2).check({ c: f(sum) }).correct).toBe(true);
    expect(matmulF16.oracle(shape, half, 2).check({ c: f(2 ** -10) }).correct).toBe(false);
  });

  test('infinities and NaN arrive in f16 too, and what is too large for it may be infinite or the largest', () => {
    const shape = shapeFrom(1, 4, 2);
    const input = { m: 1, n: 4, k: 2, a: f(Infinity, 256), b: f(1, -1, 0, 0, 1, 1, 1, 1) };
    const oracle = matmulF16.oracle(shape, input, 2);
    expect(oracle.check({ c: f(Infinity, -Infinity, NaN, NaN) }).correct).toBe(true);
    expect(oracle.check({ c: f(Infinity, -Infinity, NaN, 256) }).correct).toBe(false);
    const large = { m: 1, n: 1, k: 1, a: f(256), b: f(300) };
    const one = matmulF16.oracle(shapeFrom(1, 1, 1), large, 2);
    for (const c of [Infinity, F16_MAX]) expect(one.check({ c: f(c) }).correct).toBe(true);
    for (const c of [-F16_MAX, 60000, 0]) expect(one.check({ c: f(c) }).correct).toBe(false);
    expect(matmulF16.reference(shapeFrom(1, 1, 1), large).c).toEqual(f(Infinity));
  });
});

describe('beyond the size that is checked in full', () => {
  // Long in k, so that few rows are sampled and the arrays stay small.
  const shape = { m: 96, n: 160, k: 16384 };
  const input = matmul.input(shape, 4);
  const right = matmul.reference(shape, input).c;
  const oracle = matmul.oracle(shape, input, 4);
  const spoilt = (change: (c: Float32Array) => void) => {
    const c = right.slice();
    change(c);
    return oracle.check({ c });
  };

  test('the method says so, and the right product passes', () => {
    expect(shape.m * shape.n * shape.k).toBeGreaterThan(FULL_MULTIPLICATIONS);
    expect(oracle.method).toMatch(/^16 of 96 rows against f64 .* Freivalds/);
    expect(oracle.check({ c: right }).correct).toBe(true);
  });

  test.each([0, 95])('a single wrong element in sampled row %i is caught', (row) => {
    const verdict = spoilt((c) => {
      c[row * shape.n + 7] = (c[row * shape.n + 7] as number) + 1;
    });
    expect(verdict).toMatchObject({ correct: false });
    expect(verdict.detail).toContain(`c[${row}, 7]`);
  });

  test('any row that is zero, stale or another row is caught', () => {
    const other = matmul.reference({ ...shape, m: 1 }, { ...matmul.input({ ...shape, m: 1 }, 10), b: input.b }).c;
    for (let row = 0; row < shape.m; row++) {
      const begin = row * shape.n;
      expect(spoilt((c) => c.fill(0, begin, begin + shape.n)).correct).toBe(false);
      expect(spoilt((c) => c.set(other, begin)).correct).toBe(false);
      const next = ((row + 1) % shape.m) * shape.n;
      expect(spoilt((c) => c.copyWithin(begin, next, next + shape.n)).correct).toBe(false);
    }
  });

  test('NaN anywhere is caught', () => {
    for (let row = 0; row < shape.m; row++)
      expect(spoilt((c) => c.fill(NaN, row * shape.n + 159, row * shape.n + 160)).correct).toBe(false);
  });
});

test('beyond the size that is checked in full, whole numbers in a batch with b transposed: one wrong element anywhere', () => {
  const shape = shapeFrom(32, 160, 16384, { batch: 2, transposeB: true });
  const input = matmul.input(shape, 3);
  const { c } = matmul.reference(shape, input);
  const oracle = matmul.oracle(shape, input, 3);
  expect(oracle.method).toMatch(/^16 of 64 rows .* Freivalds.*; whole numbers, whose sums are exact$/);
  expect(oracle.check({ c })).toEqual({ correct: true, maxError: 0 });
  for (let row = 0; row < 64; row++) {
    const wrong = c.slice();
    wrong[row * 160 + ((row * 37) % 160)] = (wrong[row * 160 + ((row * 37) % 160)] as number) + 1;
    expect(oracle.check({ c: wrong }).correct).toBe(false);
  }
  // The other product's b for both.
  const swapped = { ...input, b: input.b.slice() };
  swapped.b.copyWithin(160 * 16384, 0, 160 * 16384);
  expect(oracle.check(matmul.reference(shape, swapped)).correct).toBe(false);
});

describe('shapeOf', () => {
  const good = { m: 5, n: 3, k: 7, a: new Float32Array(35), b: new Float32Array(21) };

  test('derives the shape', () => {
    const shape = { m: 5, n: 3, k: 7, batch: 1, transposeB: 0 };
    expect(matmul.shapeOf(good)).toEqual({ shape, input: { ...good, batch: 1, transposeB: false } });
  });

  test('of a batch with b transposed', () => {
    const batch = { m: 5, n: 3, k: 7, batch: 2, transposeB: true, a: new Float32Array(70), b: new Float32Array(42) };
    const shape = { m: 5, n: 3, k: 7, batch: 2, transposeB: 1 };
    expect(matmul.shapeOf(batch)).toEqual({ shape, input: batch });
  });

  test('f16 rounds what it is given, ties to even, and overflow to infinity', () => {
    const a = Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65520, 2 ** -25);
    const { input } = matmulF16.shapeOf({ m: 1, n: 1, k: 4, a, b: Float32Array.of(0.1, NaN, -Infinity, -0) });
    expect(Array.from(input.a)).toEqual([1, 1 + 2 ** -9, Infinity, 0]);
    expect(Array.from(input.b)).toEqual([0.0999755859375, NaN, -Infinity, -0]);
  });

  test.each([
    [{ ...good, a: new Float32Array(34) }, 'a must hold m·k = 35 elements, got 34'],
    [{ ...good, b: new Float64Array(21) }, 'b must be a Float32Array of k·n = 21 elements, got Float64Array'],
    [{ ...good, b: undefined }, 'b must be a Float32Array'],
    [{ ...good, m: 0 }, 'm must be a whole number from 1 to 65536, got 0'],
    [{ ...good, n: -3 }, 'n must be a whole number from 1 to 65536, got -3'],
    [{ ...good, k: 7.5 }, 'k must be a whole number from 1 to 65536, got 7.5'],
    [{ ...good, k: NaN }, 'k must be a whole number from 1 to 65536, got NaN'],
    [{ ...good, m: '5' }, 'm must be a whole number from 1 to 65536, got "5"'],
    [{ ...good, m: 65537 }, 'm must be a whole number from 1 to 65536, got 65537'],
    [{ ...good, alpha: 1 }, 'unknown argument "alpha"'],
    [{ ...good, batch: 0 }, 'batch must be a whole number from 1 to 4096, got 0'],
    [{ ...good, batch: 2 }, 'a must hold batch·m·k = 70 elements, got 35'],
    [{ ...good, transposeB: 1 }, 'transposeB must be true or false, got 1'],
    [null, 'expected an object with m, n, k, batch, transposeB, a, b'],
  ])('refuses by the name of the argument: %#', (input, message) => {
    expect(() => matmul.shapeOf(input)).toThrow(InputError);
    expect(() => matmul.shapeOf(input)).toThrow(message);
  });
});

describe('variants', () => {
  const all = [matmul, matmulF16].flatMap((kernel) => kernel.variants.map((v) => [kernel, v] as const));
  const named = all.map(([kernel, v]) => [`${kernel.type} ${v.id}`, kernel, v] as const);

  test.each(named)('%s pads what it encodes to what it plans', (_name, kernel, v) => {
    const tuning = defaults(v.tuning);
    for (const shape of kernel.probes) {
      const input = kernel.input(shape, 2);
      const plan = v.plan(shape, tuning, limitsFor(v));
      const contents = v.encode(shape, tuning, input);
      for (const name of ['a', 'b'])
        expect(contents[name]?.byteLength).toBe(plan.buffers.find((b) => b.name === name)?.byteLength);
      // Each element of the padded output tells its own place; decoding must find the right ones.
      const { m, n, batch } = sizesOf(shape);
      const bytes = new Uint8Array(plan.buffers.find((b) => b.name === 'c')?.byteLength as number);
      const element = kernel.type === 'f16' ? 2 : 4;
      // The generated constant N is the width of c, padded or not.
      const width = plan.dispatches[0]?.constants?.N as number;
      const rows = bytes.length / element / batch / width;
      const place = (g: number, i: number, j: number) => ((g * 7 + i) * 13 + j) % 2048;
      const padded = Float32Array.from({ length: bytes.length / element }, (_, at) =>
        place(Math.floor(at / width / rows), Math.floor(at / width) % rows, at % width),
      );
      bytes.set(new Uint8Array(element === 2 ? toF16(padded).buffer : padded.buffer));
      const { c } = v.decode(shape, tuning, { c: bytes });
      const want = Array.from({ length: batch * m * n }, (_, at) =>
        place(Math.floor(at / n / m), Math.floor(at / n) % m, at % n),
      );
      expect(Array.from(c)).toEqual(want);
    }
  });

  test('rows are widened with zeros, which add nothing to a product', () => {
    const shape = { m: 1, n: 1, k: 5 };
    const tuning = defaults(variant('register-tiled').tuning);
    const input = { ...shape, a: new Float32Array(5).fill(2), b: new Float32Array(5).fill(3) };
    const { a, b } = variant('register-tiled').encode(shape, tuning, input) as { a: Float32Array; b: Float32Array };
    expect(Array.from(a.subarray(0, 8))).toEqual([2, 2, 2, 2, 2, 0, 0, 0]);
    expect(b.filter((x) => x !== 0)).toHaveLength(5);
    expect(a.filter((x) => x !== 0)).toHaveLength(5);
  });

  test('a tuning that the adapter cannot hold is refused by the limit', () => {
    expect(() => variant('tiled').plan({ m: 1, n: 1, k: 1 }, { tile: 32 }, limits)).toThrow(ShapeError);
    expect(() => variant('tiled').plan({ m: 1, n: 1, k: 1 }, { tile: 32 }, limits)).toThrow(
      "matmul/tiled: this tuning needs 1024 invocations per workgroup, but this adapter's " +
        'maxComputeInvocationsPerWorkgroup is 256',
    );
  });

  test('every default tuning fits the limits that every WebGPU adapter has (or every one with matrix units), at the largest sizes too', () => {
    for (const [, v] of all)
      for (const dispatch of v.plan({ m: 65536, n: 65536, k: 1 }, defaults(v.tuning), limitsFor(v)).dispatches)
        for (const count of dispatch.workgroups) expect(count).toBeLessThanOrEqual(65535);
  });
});

test('the bound is γₖ while that is small, and grows with √k beyond', () => {
  expect(elementBound(63)).toBe(gamma(63));
  expect(elementBound(4096)).toBe(8 * 64 * 2 ** -24);
});

test('work counts a multiplication and an addition per term, and each matrix once', () => {
  expect(matmul.work({ m: 3, n: 5, k: 7 })).toEqual({ operations: 210, unit: 'flop', bytes: 4 * (21 + 35 + 15) });
});

test('f16 moves half the bytes, and a batch does everything so many times', () => {
  const shape = shapeFrom(3, 5, 7, { batch: 2 });
  expect(matmulF16.work(shape)).toEqual({ operations: 420, unit: 'flop', bytes: 2 * 2 * (21 + 35 + 15) });
});

test('a token takes a matrix–vector product, and nobody measures tiles for it or the first chapters on large shapes', () => {
  const suiting = (kernel: typeof matmul, ...size: Parameters<typeof shapeFrom>) =>
    kernel.variants.filter((v) => v.suits?.(shapeFrom(...size)) ?? true).map(({ id }) => id);
  const token = ['naive', 'matrix-vector', 'matrix-vector-subgroup'];
  for (const kernel of [matmul, matmulF16]) {
    expect(suiting(kernel, 1, 4096, 4096, { transposeB: true })).toEqual(token);
    expect(suiting(kernel, 8, 4096, 4096)).toEqual(token.slice(0, 2));
    expect(suiting(kernel, 9, 4096, 4096)).not.toContain('matrix-vector');
    expect(suiting(kernel, 4096, 4096, 4096)).not.toContain('naive');
    expect(suiting(kernel, 4096, 4096, 4096)).not.toContain('split-k');
    expect(suiting(kernel, 128, 128, 8192)).toContain('split-k');
    expect(kernel.preferred?.(shapeFrom(1, 64, 64, { transposeB: true }))).toEqual([
      'matrix-vector-subgroup',
      'matrix-vector',
    ]);
    expect(kernel.preferred?.(shapeFrom(1, 64, 64))).toEqual(['matrix-vector']);
    expect(kernel.preferred?.(shapeFrom(64, 1024, 4096)).at(-1)).toBe('split-k');
    expect(kernel.preferred?.(shapeFrom(4096, 4096, 4096))).not.toContain('split-k');
    for (const id of [...(kernel.shortlist ?? []), kernel.defaultVariant])
      expect(kernel.variants.map((v) => v.id)).toContain(id);
  }
});
