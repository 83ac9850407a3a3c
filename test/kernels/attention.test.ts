import { describe, expect, test } from 'vitest';
import { attention } from '../../kernels/attention/kernel.js';
import { FULL_MULTIPLICATIONS } from '../../kernels/attention/oracle.js';
import type { Limits, Shape } from '../../kernels/declaration.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { checkShape, parseShape, workloadId } from '../../kernels/shape.js';

const limits = { maxComputeWorkgroupsPerDimension: 65535 } as Limits;
const tiny = { batch: 1, heads: 1, kvHeads: 1, queryLength: 2, keyLength: 2, headSize: 1 };

describe('reference and oracle', () => {
  // Scores of query 0: 0 and ln 3, so weights 1/4 and 3/4. Query 1 is 0: weights 1/2 and 1/2.
  const input = {
    ...tiny,
    causal: false,
    q: Float32Array.of(1, 0),
    k: Float32Array.of(0, Math.log(3)),
    v: Float32Array.of(4, 8),
  };
  const shape = { ...tiny, causal: 0 };

  test('weights worked by hand', () => {
    const { out } = attention.reference(shape, input);
    expect(out[0]).toBeCloseTo(7, 5);
    expect(out[1]).toBe(6);
    expect(attention.oracle(shape, input, 1).check({ out }).correct).toBe(true);
  });

  test('causal hides later keys from the first query, and the last query sees all', () => {
    const { out } = attention.reference({ ...shape, causal: 1 }, { ...input, causal: true });
    expect(Array.from(out)).toEqual([4, 6]);
    expect(attention.oracle({ ...shape, causal: 1 }, input, 1).check({ out: Float32Array.of(7, 6) }).correct).toBe(
      false,
    );
  });

  test('causal with more keys than queries is aligned at the end', () => {
    const one = { ...shape, queryLength: 1, causal: 1 };
    const { out } = attention.reference(one, { ...input, queryLength: 1, causal: true, q: Float32Array.of(0) });
    expect(Array.from(out)).toEqual([6]);
  });

  test('scores are divided by the root of the head size', () => {
    const four = { ...shape, queryLength: 1, headSize: 4 };
    const q = Float32Array.of(2, 0, 0, 0);
    const k = Float32Array.of(0, 0, 0, 0, Math.log(3), 0, 0, 0);
    const v = Float32Array.of(4, 0, 0, 0, 8, 0, 0, 0);
    const { out } = attention.reference(four, { ...input, queryLength: 1, headSize: 4, q, k, v });
    expect(out[0]).toBeCloseTo(7, 5);
  });

  test('consecutive query heads share a head of k and v, in every batch', () => {
    const grouped = { batch: 2, heads: 4, kvHeads: 2, queryLength: 1, keyLength: 1, headSize: 1 };
    const v = Float32Array.of(1, 2, 3, 4);
    const { out } = attention.reference(
      { ...grouped, causal: 0 },
      { ...grouped, causal: false, q: new Float32Array(8), k: new Float32Array(4), v },
    );
    expect(Array.from(out)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });

  test.each([
    ['one wrong element', Float32Array.of(7, 6.01)],
    ['NaN', Float32Array.of(7, NaN)],
    ['infinity', Float32Array.of(Infinity, 6)],
    ['swapped rows', Float32Array.of(6, 7)],
    ['too few elements', Float32Array.of(7)],
  ])('%s is refused', (_what, out) => {
    const verdict = attention.oracle(shape, input, 1).check({ out });
    expect(verdict.correct).toBe(false);
    expect(verdict.detail).toBeDefined();
  });

  test('NaN of the input must arrive in the rows that see it', () => {
    const nan = { ...input, causal: true, k: Float32Array.of(0, NaN) };
    const oracle = attention.oracle({ ...shape, causal: 1 }, nan, 1);
    expect(oracle.check({ out: Float32Array.of(4, NaN) }).correct).toBe(true);
    expect(oracle.check({ out: Float32Array.of(4, 6) }).correct).toBe(false);
  });

  test('the output of another seed and head-transposed output are refused', () => {
    const [, , , probe] = attention.probes as [Shape, Shape, Shape, Shape];
    const oracle = attention.oracle(probe, attention.input(probe, 1), 1);
    const { out } = attention.reference(probe, attention.input(probe, 1));
    expect(oracle.check({ out }).correct).toBe(true);
    expect(oracle.check(attention.reference(probe, attention.input(probe, 2))).correct).toBe(false);
    const { heads, queryLength, headSize } = probe as { heads: number; queryLength: number; headSize: number };
    const transposed = out.slice();
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < queryLength; i++)
        for (let d = 0; d < headSize; d++)
          transposed[(i * heads + h) * headSize + d] = out[(h * queryLength + i) * headSize + d] as number;
    expect(oracle.check({ out: transposed }).correct).toBe(false);
  });

  test('the bound is tight enough to tell f16 from f32', () => {
    const shape512 = { ...tiny, queryLength: 4, keyLength: 512, headSize: 64, causal: 0 };
    const { tolerance } = attention.oracle(shape512, attention.input(shape512, 1), 1);
    expect(tolerance.kind === 'bound' && tolerance.bound).toBeLessThan(2 ** -11);
  });
});

describe('beyond the size that is checked in full', () => {
  const shape = { batch: 1, heads: 4, kvHeads: 1, queryLength: 160, keyLength: 2048, headSize: 64, causal: 1 };
  const input = attention.input(shape, 3);
  const right = attention.reference(shape, input).out;
  const oracle = attention.oracle(shape, input, 3);

  test('the method says so, and the right output passes', () => {
    expect(4 * 160 * 2048 * 64).toBeGreaterThan(FULL_MULTIPLICATIONS);
    expect(oracle.method).toMatch(/^64 of 640 rows against f64 .* the rest finite and within the range of v$/);
    expect(oracle.check({ out: right }).correct).toBe(true);
  });

  test.each([0, 639])('a wrong element in sampled row %i is caught', (row) => {
    const out = right.slice();
    out[row * 64 + 5] = (out[row * 64 + 5] as number) + 0.001;
    expect(oracle.check({ out }).correct).toBe(false);
  });

  test.each([NaN, Infinity, 1.5])('%s in any row is caught', (value) => {
    for (let row = 0; row < 640; row += 9) {
      const out = right.slice();
      out[row * 64 + 63] = value;
      expect(oracle.check({ out }).correct).toBe(false);
    }
  });
});

describe('shapeOf', () => {
  const good = attention.input(attention.probes[1] as Shape, 1);

  test('derives the shape', () => {
    expect(attention.shapeOf(good)).toEqual({ shape: attention.probes[1], input: good });
  });

  test.each([
    [{ ...good, kvHeads: 4 }, 'heads must be a multiple of kvHeads, got heads 6 and kvHeads 4'],
    [{ ...good, kvHeads: 0 }, 'kvHeads must be a whole number from 1 to 1024, got 0'],
    [{ ...good, headSize: 7.5 }, 'headSize must be a whole number from 1 to 1024, got 7.5'],
    [{ ...good, batch: undefined }, 'batch must be a whole number from 1 to 4096, got undefined'],
    [{ ...good, causal: 1 }, 'causal must be true or false, got 1'],
    [{ ...good, q: new Float32Array(3) }, 'q must hold batch·heads·queryLength·headSize = 420 elements, got 3'],
    [{ ...good, v: [1, 2] }, 'v must be a Float32Array of batch·kvHeads·keyLength·headSize = 378 elements, got Array'],
    [{ ...good, mask: 1 }, 'unknown argument "mask"'],
    [
      { ...tiny, keyLength: 1, causal: true, q: new Float32Array(2), k: new Float32Array(1), v: new Float32Array(1) },
      'causal needs queryLength at most keyLength, got queryLength 2 and keyLength 1',
    ],
  ])('refuses by the name of the argument: %#', (input, message) => {
    expect(() => attention.shapeOf(input)).toThrow(InputError);
    expect(() => attention.shapeOf(input)).toThrow(message);
  });
});

describe('shape', () => {
  test('the workload id names every axis and reads back', () => {
    const shape = attention.workloads[2] as Shape;
    const id = workloadId(attention as never, shape);
    expect(id).toBe('attention/f32/b1-h32-kv8-q512-k512-d128-causal');
    expect(parseShape(attention as never, 'b1-h32-kv8-q512-k512-d128-causal')).toEqual(shape);
  });

  test('rules that join axes are checked', () => {
    const shape = { ...tiny, queryLength: 3, causal: 1 };
    expect(() => checkShape(attention as never, shape)).toThrow(ShapeError);
    expect(checkShape(attention as never, { ...shape, causal: 0 })).toMatchObject({ queryLength: 3 });
  });

  test('work counts visible pairs only', () => {
    const shape = { batch: 2, heads: 4, kvHeads: 2, queryLength: 3, keyLength: 5, headSize: 8 };
    expect(attention.work({ ...shape, causal: 0 }).operations).toBe(4 * 8 * 2 * 4 * 15);
    expect(attention.work({ ...shape, causal: 1 }).operations).toBe(4 * 8 * 2 * 4 * (3 + 4 + 5));
    expect(attention.work({ ...shape, causal: 1 }).bytes).toBe(4 * (2 * 2 * 4 * 3 * 8 + 2 * 2 * 2 * 5 * 8));
  });

  test('a plan stays within the grid however many rows there are', () => {
    const shape = { ...tiny, batch: 4096, heads: 1024, keyLength: 1, causal: 0 };
    for (const { workgroups } of attention.variants[0]?.plan(shape, {}, limits).dispatches ?? [])
      for (const count of workgroups) expect(count).toBeLessThanOrEqual(65535);
  });
});
