import { describe, expect, test } from 'vitest';
import { lagOneCorrelation, meanOf, meanOfSeries, trimmedMean } from '../../reports/statistics/index.js';
import { autoregressive, normal, seeded } from './random.js';

describe('lagOneCorrelation', () => {
  test('takes the bias off: r of 1 … 10 is 0.7, so ρ is (10 · 0.7 + 1) / 6', () => {
    // R: acf(1:10, lag.max = 1, plot = FALSE) gives 0.7.
    expect(lagOneCorrelation([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeCloseTo(8 / 6, 12);
  });

  test.each([0, 0.5])('is ρ = %d on average', (rho) => {
    const random = seeded(41);
    const all = Array.from({ length: 4000 }, () => lagOneCorrelation(autoregressive(random, 40, rho)));
    expect(all.reduce((sum, r) => sum + r, 0) / 4000).toBeCloseTo(rho, 1);
  });

  test('is 0 when all values agree', () => {
    expect(lagOneCorrelation([3, 3, 3, 3, 3])).toBe(0);
  });

  test('refuses four values and NaN', () => {
    expect(() => lagOneCorrelation([1, 2, 3, 4])).toThrow('at least five values, got 4');
    expect(() => lagOneCorrelation([1, 2, 3, 4, Number.NaN])).toThrow('got NaN at position 4');
  });
});

describe('meanOfSeries', () => {
  const rising = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

  const trimmed = (values: readonly number[]) => {
    const { mean, standardError, degreesOfFreedom } = trimmedMean(values);
    return { mean, standardError, degreesOfFreedom };
  };

  test('is the plain mean under ten values, and the trimmed one where neighbours differ', () => {
    expect(meanOfSeries(rising.slice(1))).toEqual(meanOf(rising.slice(1)));
    const alternating = rising.map((_, i) => i % 2);
    expect(meanOfSeries(alternating)).toEqual(trimmed(alternating));
  });

  test('counts ten values that rise steadily as 3⅓', () => {
    const { mean, standardError, degreesOfFreedom } = meanOfSeries(rising);
    const inflation = 10 / 3;
    expect(mean).toBe(5.5);
    expect(degreesOfFreedom).toBe(7);
    expect(standardError / trimmed(rising).standardError).toBeCloseTo(
      Math.sqrt((inflation * 9) / (10 - inflation)),
      12,
    );
  });

  test('never narrows', () => {
    const random = seeded(42);
    for (let trial = 0; trial < 500; trial++) {
      const values = Array.from({ length: 12 }, () => normal(random));
      expect(meanOfSeries(values).standardError).toBeGreaterThanOrEqual(trimmed(values).standardError);
    }
  });

  test('has no error when all values agree', () => {
    expect(meanOfSeries(rising.map(() => 2))).toEqual({ mean: 2, standardError: 0, degreesOfFreedom: 7 });
  });

  test('refuses one value and NaN', () => {
    expect(() => meanOfSeries([1])).toThrow('at least two values, got 1');
    expect(() => meanOfSeries([1, Number.NaN])).toThrow('got NaN at position 1');
  });
});
