import { describe, expect, test } from 'vitest';
import type { Limits } from '../../kernels/declaration.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { f16Bits, f16Value } from '../../kernels/f16.js';
import { packNibbles } from '../../kernels/matmul-q4/format.js';
import { matmulQ4 } from '../../kernels/matmul-q4/kernel.js';
import { ELEMENT_BOUND, FULL_MULTIPLICATIONS } from '../../kernels/matmul-q4/oracle.js';
import { type MatmulQ4Input, weightRow } from '../../kernels/matmul-q4/reference.js';
import { parseShape } from '../../kernels/shape.js';

const limits = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
  subgroupMaxSize: 32,
  subgroupMatrixConfigs: ['f16', 'f32'].map((resultComponentType) => ({
    ...{ M: 16, N: 16, K: 16, componentType: 'f16' },
    resultComponentType,
  })),
} as unknown as Limits;
const defaults = (space: Readonly<Record<string, readonly number[]>> = {}) =>
  Object.fromEntries(Object.entries(space).map(([name, values]) => [name, values[0] as number]));
const half = (x: number) => f16Value(f16Bits(x));

describe('the layout of MatMulNBits, a block worked by hand', () => {
  // -8 -7 … 7 7 … -8: byte 0 holds elements 0 (low nibble, 0) and 1 (high nibble, 1), and so on.
  const values = [...Array(16).keys(), ...[...Array(16).keys()].reverse()].map((x) => x - 8);
  const bytes = '10 32 54 76 98 ba dc fe ef cd ab 89 67 45 23 01'.split(' ').map((x) => Number.parseInt(x, 16));

  test('packs the even element low', () => {
    expect([...packNibbles(values)]).toEqual(bytes);
    expect([...packNibbles(new Array(32).fill(0))]).toEqual(new Array(16).fill(0x88));
    expect(() => packNibbles(values.slice(1))).toThrow('31 weights are no multiple of 32');
    expect(() => packNibbles([8, ...values.slice(1)])).toThrow('weight 0 must be a whole number from -8 to 7, got 8');
  });

  test('unpacks to (nibble - 8) · scale, block by block', () => {
    const weights = Uint8Array.of(...bytes, ...bytes.map(() => 0x9f));
    const input = { m: 1, n: 1, k: 64, a: new Float32Array(64), weights, scales: Float32Array.of(0.5, -2) };
    const row = weightRow(64, input, 0, new Float64Array(64));
    expect([...row.subarray(0, 32)]).toEqual(values.map((x) => x * 0.5));
    expect([...row.subarray(32, 36)]).toEqual([-14, -2, -14, -2]);
  });

  test('two rows of weights and two of a', () => {
    // Ones by the block above sum to -16; the numbers 0 … 31 weigh it to -8 · 31 = -248 by symmetry.
    const weights = Uint8Array.of(...bytes, ...new Array(16).fill(0x89));
    const a = Float32Array.from({ length: 64 }, (_, i) => (i < 32 ? 1 : i - 32));
    const input = { m: 2, n: 2, k: 32, a, weights, scales: Float32Array.of(0.5, 2) };
    // The second row: 1 at even places and 0 at odd ones, times 2.
    const right = Float32Array.of(-8, 32, -124, 480);
    expect(matmulQ4.reference({ m: 2, n: 2, k: 32 }, input).c).toEqual(right);
    expect(matmulQ4.oracle({ m: 2, n: 2, k: 32 }, input, 1).check({ c: right })).toEqual({
      correct: true,
      maxError: 0,
    });
    const transposed = Float32Array.of(-8, -124, 32, 480);
    expect(matmulQ4.oracle({ m: 2, n: 2, k: 32 }, input, 1).check({ c: transposed }).correct).toBe(false);
  });
});

/** Sums one after the other, every product and sum rounded to f16: the least accurate that a variant may be. */
function inF16({ m, n, k }: { m: number; n: number; k: number }, input: MatmulQ4Input): Float32Array {
  const weight = new Float64Array(k);
  const c = new Float32Array(m * n);
  for (let j = 0; j < n; j++) {
    weightRow(k, input, j, weight);
    const rounded = weight.map(half);
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum = half(sum + half((input.a[i * k + p] as number) * (rounded[p] as number)));
      c[i * n + j] = sum;
    }
  }
  return c;
}

describe('oracle', () => {
  test.each([
    [4, 64, 64],
    [2, 64, 4096],
    [1, 16, 14336],
  ])('sums in f16 pass: exact for odd seeds, within the bound for even ones; m%i n%i k%i', (m, n, k) => {
    const shape = { m, n, k };
    for (const seed of [1, 7]) {
      const input = matmulQ4.input(shape, seed);
      const oracle = matmulQ4.oracle(shape, input, seed);
      expect(oracle.tolerance).toEqual({ kind: 'exact' });
      expect(oracle.check({ c: inF16(shape, input) })).toEqual({ correct: true, maxError: 0 });
    }
    for (const seed of [2, 8]) {
      const input = matmulQ4.input(shape, seed);
      const verdict = matmulQ4.oracle(shape, input, seed).check({ c: inF16(shape, input) });
      expect(verdict.correct, verdict.detail).toBe(true);
      // The bound is not idle: what f16 loses is within an order of magnitude of it.
      expect(verdict.maxError).toBeGreaterThan(ELEMENT_BOUND / 20);
    }
  });

  test('a single dropped term is seen on odd seeds, and named', () => {
    const shape = { m: 3, n: 5, k: 4096 };
    const input = matmulQ4.input(shape, 5);
    const { c } = matmulQ4.reference(shape, input);
    const weight = weightRow(shape.k, input, 4, new Float64Array(shape.k));
    const term = input.a.subarray(shape.k).findIndex((x, p) => x !== 0 && weight[p] !== 0);
    const before = c[1 * 5 + 4] as number;
    c[1 * 5 + 4] = before - (input.a[shape.k + term] as number) * (weight[term] as number);
    const verdict = matmulQ4.oracle(shape, input, 5).check({ c });
    expect(verdict).toMatchObject({ correct: false, detail: `c[1, 4]: expected ${before}, got ${c[9]}` });
  });

  test('scales of the neighbouring block are seen on either kind of seed', () => {
    const shape = { m: 2, n: 8, k: 512 };
    for (const seed of [3, 4]) {
      const input = matmulQ4.input(shape, seed);
      const shifted = { ...input, scales: input.scales.map((_, i, all) => all[(i + 1) % all.length] as number) };
      const { c } = matmulQ4.reference(shape, shifted);
      expect(matmulQ4.oracle(shape, input, seed).check({ c }).correct).toBe(false);
    }
  });

  test('one just inside the bound passes, one just outside does not', () => {
    const shape = { m: 1, n: 1, k: 32 };
    const a = new Float32Array(32);
    a[0] = 1;
    const weights = packNibbles([1, ...new Array(31).fill(0)]);
    const oracle = matmulQ4.oracle(shape, { ...shape, a, weights, scales: Float32Array.of(1) }, 2);
    expect(oracle.tolerance).toMatchObject({ kind: 'bound', bound: ELEMENT_BOUND });
    expect(oracle.check({ c: Float32Array.of(1 + ELEMENT_BOUND) }).correct).toBe(true);
    expect(oracle.check({ c: Float32Array.of(1 + ELEMENT_BOUND + 2 ** -12) }).correct).toBe(false);
    expect(oracle.check({ c: Float32Array.of(Number.NaN) })).toMatchObject({ correct: false, maxError: null });
    expect(oracle.check({ c: new Float32Array(2) }).detail).toBe('c must hold 1 floats, got 2');
  });
});

describe('beyond the size that is checked in full', () => {
  const shape = { m: 96, n: 640, k: 4096 };
  for (const seed of [3, 4]) {
    const input = matmulQ4.input(shape, seed);
    const { c } = matmulQ4.reference(shape, input);
    const oracle = matmulQ4.oracle(shape, input, seed);
    const spoilt = (change: (c: Float32Array) => void) => {
      const other = c.slice();
      change(other);
      return oracle.check({ c: other }).correct;
    };

    test(`seed ${seed}: the right product passes`, () => {
      expect(shape.m * shape.n * shape.k).toBeGreaterThan(FULL_MULTIPLICATIONS);
      expect(oracle.method).toMatch(/^16 of 96 rows .* Freivalds/);
      expect(oracle.check({ c })).toMatchObject({ correct: true });
    });

    test(`seed ${seed}: any row that is zero, another row or NaN is caught`, () => {
      for (let row = 0; row < shape.m; row++) {
        const [begin, next] = [row * shape.n, ((row + 1) % shape.m) * shape.n];
        expect(
          spoilt((x) => x.fill(0, begin, begin + shape.n)),
          `row ${row}`,
        ).toBe(false);
        expect(spoilt((x) => x.copyWithin(begin, next, next + shape.n))).toBe(false);
        expect(spoilt((x) => x.fill(Number.NaN, begin + 639, begin + 640))).toBe(false);
      }
    });

    if (seed % 2 === 1)
      test('odd seeds: one wrong element in any row is caught', () => {
        for (let row = 0; row < shape.m; row++) {
          const at = row * shape.n + ((row * 37) % shape.n);
          expect(spoilt((x) => x.fill((c[at] as number) + 1 / 16, at, at + 1))).toBe(false);
        }
      });
  }
});

describe('shapeOf', () => {
  const good = {
    m: 2,
    n: 3,
    k: 64,
    a: new Float32Array(128),
    weights: new Uint8Array(96),
    scales: new Float32Array(6),
  };

  test('derives the shape and rounds to f16', () => {
    const { shape, input } = matmulQ4.shapeOf({
      ...good,
      a: good.a.map(() => 0.1),
      scales: good.scales.map(() => 1 / 3),
    });
    expect(shape).toEqual({ m: 2, n: 3, k: 64 });
    expect(input.a.every((x) => x === half(0.1))).toBe(true);
    expect(input.scales.every((x) => x === half(1 / 3))).toBe(true);
    expect(half(0.1)).not.toBe(0.1);
  });

  test.each([
    [{ ...good, k: 48 }, 'k must be a multiple of 32, the weights of a block, got 48'],
    [{ ...good, a: new Float32Array(127) }, 'a must hold m·k = 128 elements, got 127'],
    [{ ...good, a: good.a.map((_, i) => (i === 5 ? 70000 : 0)) }, 'a[5] is 70000, beyond the largest f16, 65504'],
    [{ ...good, weights: new Uint8Array(95) }, 'weights must be 96 bytes, got 95'],
    [{ ...good, weights: new Int8Array(96) }, 'weights must be a Uint8Array of 96 bytes, got Int8Array'],
    [{ ...good, scales: new Float32Array(5) }, 'scales must hold n·k/32 = 6 elements, got 5'],
    [{ ...good, transposeB: true }, 'unknown argument "transposeB"'],
  ])('refuses by the name of the argument: %#', (input, message) => {
    expect(() => matmulQ4.shapeOf(input)).toThrow(InputError);
    expect(() => matmulQ4.shapeOf(input)).toThrow(message);
  });

  test('an id with an unfinished block is refused', () => {
    expect(() => parseShape(matmulQ4 as never, 'm1-n1-k48')).toThrow(ShapeError);
    expect(parseShape(matmulQ4 as never, 'm1-n1-k64')).toEqual({ m: 1, n: 1, k: 64 });
  });
});

describe('variants', () => {
  test.each(matmulQ4.variants.map((v) => [v.id, v] as const))('%s encodes what it plans', (_id, v) => {
    for (const shape of [...matmulQ4.probes, matmulQ4.pilot]) {
      const plan = v.plan(shape, defaults(v.tuning), limits);
      const contents = v.encode(shape, defaults(v.tuning), matmulQ4.input(shape, 1));
      for (const { name, role, byteLength } of plan.buffers)
        if (role === 'input') expect(contents[name]?.byteLength, `${name} of ${v.id}`).toBe(byteLength);
    }
  });

  test('every default tuning fits the limits that every WebGPU adapter has, at the largest sizes too', () => {
    for (const v of matmulQ4.variants)
      for (const shape of [
        { m: 65536, n: 65536, k: 32 },
        { m: 1, n: 65536, k: 65536 },
      ])
        for (const dispatch of v.plan(shape, defaults(v.tuning), limits).dispatches)
          for (const count of dispatch.workgroups) expect(count).toBeLessThanOrEqual(65535);
  });
});

test('work counts weights with their scales once', () => {
  expect(matmulQ4.work({ m: 3, n: 5, k: 64 })).toEqual({
    ...{ operations: 2 * 3 * 5 * 64, unit: 'flop' },
    bytes: 2 * 3 * 64 + 5 * 2 * (16 + 2) + 2 * 15,
  });
});
