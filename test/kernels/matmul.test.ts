import { describe, expect, test } from 'vitest';
import type { Limits } from '../../kernels/declaration.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { matmul } from '../../kernels/matmul/kernel.js';
import { FULL_MULTIPLICATIONS } from '../../kernels/matmul/oracle.js';
import { elementBound, gamma } from '../../kernels/rounding.js';

const limits = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
} as Limits;
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
    const one = { ...size, a: Float32Array.of(1), b: Float32Array.of(1) };
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

describe('beyond the size that is checked in full', () => {
  // Long in k, so that few rows are sampled and the arrays stay small.
  const shape = { m: 96, n: 160, k: 16384 };
  const input = matmul.input(shape, 3);
  const right = matmul.reference(shape, input).c;
  const oracle = matmul.oracle(shape, input, 3);
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
    const other = matmul.reference({ ...shape, m: 1 }, { ...matmul.input({ ...shape, m: 1 }, 9), b: input.b }).c;
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

describe('shapeOf', () => {
  const good = { m: 5, n: 3, k: 7, a: new Float32Array(35), b: new Float32Array(21) };

  test('derives the shape', () => {
    expect(matmul.shapeOf(good)).toEqual({ shape: { m: 5, n: 3, k: 7 }, input: good });
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
    [null, 'expected an object with m, n, k, a, b'],
  ])('refuses by the name of the argument: %#', (input, message) => {
    expect(() => matmul.shapeOf(input)).toThrow(InputError);
    expect(() => matmul.shapeOf(input)).toThrow(message);
  });
});

describe('variants', () => {
  test.each(matmul.variants.map((v) => [v.id, v] as const))('%s pads what it encodes to what it plans', (_id, v) => {
    const tuning = defaults(v.tuning);
    for (const shape of matmul.probes) {
      const input = matmul.input(shape, 1);
      const plan = v.plan(shape, tuning, limits);
      const contents = v.encode(shape, tuning, input);
      for (const name of ['a', 'b'])
        expect(contents[name]?.byteLength).toBe(plan.buffers.find((b) => b.name === name)?.byteLength);
      // Each element of the padded output tells its own place; decoding must find the right ones.
      const padded = new Float32Array((plan.buffers.find((b) => b.name === 'c')?.byteLength as number) / 4);
      // The generated constant N is the width of c, padded or not.
      const width = plan.dispatches[0]?.constants?.N as number;
      const { m, n } = shape as { m: number; n: number };
      padded.forEach((_, i) => {
        padded[i] = Math.floor(i / width) * 1000 + (i % width);
      });
      const { c } = v.decode(shape, tuning, { c: new Uint8Array(padded.buffer) });
      const want = Array.from({ length: m * n }, (_, i) => Math.floor(i / n) * 1000 + (i % n));
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

  test('every default tuning fits the limits that every WebGPU adapter has, at the largest sizes too', () => {
    for (const v of matmul.variants)
      for (const dispatch of v.plan({ m: 65536, n: 65536, k: 1 }, defaults(v.tuning), limits).dispatches)
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
