import { describe, expect, test } from 'vitest';
import { studentTQuantile, tInterval } from '../../reports/statistics/index.js';

describe('studentTQuantile', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2
  test.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 4, 2.776],
    [0.975, 9, 2.262],
    [0.975, 19, 2.093],
    [0.95, 10, 1.812],
    [0.995, 9, 3.25],
    [0.975, 100, 1.984],
  ])('t(%d, %d) = %d', (p, df, expected) => {
    expect(studentTQuantile(p, df)).toBeCloseTo(expected, 3);
    expect(studentTQuantile(1 - p, df)).toBeCloseTo(-expected, 3);
  });

  test('is 0 at the centre and the normal quantile for many degrees of freedom', () => {
    expect(studentTQuantile(0.5, 4)).toBe(0);
    expect(studentTQuantile(0.975, 1e5)).toBeCloseTo(1.96, 2);
  });

  test.each([
    [0, 4],
    [1, 4],
    [Number.NaN, 4],
    [0.9, 0],
    [0.9, Number.NaN],
  ])('refuses p = %d with %d degrees of freedom', (p, df) => {
    expect(() => studentTQuantile(p, df)).toThrow(RangeError);
  });
});

describe('tInterval', () => {
  test('is mean ± t · s/√n', () => {
    const { mean, low, high } = tInterval([1, 2, 3, 4, 5], 0.95);
    expect(mean).toBe(3);
    expect(high - mean).toBeCloseTo((2.776445 * Math.sqrt(2.5)) / Math.sqrt(5), 5);
    expect(mean - low).toBeCloseTo(high - mean, 12);
  });

  test('has no width when all values agree', () => {
    expect(tInterval([2, 2, 2], 0.95)).toEqual({ mean: 2, low: 2, high: 2 });
  });

  test('refuses one value', () => {
    expect(() => tInterval([1], 0.95)).toThrow(/at least two/);
  });

  test('refuses NaN and a confidence outside 0 … 1', () => {
    expect(() => tInterval([1, Number.NaN], 0.95)).toThrow('got NaN at position 1');
    for (const confidence of [0, 1, -1, Number.NaN]) expect(() => tInterval([1, 2], confidence)).toThrow(/confidence/);
  });
});
