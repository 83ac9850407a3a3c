import { describe, expect, test } from 'vitest';
import { meanOf, trimmedMean } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

describe('trimmedMean', () => {
  test('by hand: a fifth of twenty at either end', () => {
    const values = [1000, ...Array.from({ length: 18 }, (_, i) => i + 1), -1000];
    const { mean, standardError, degreesOfFreedom, winsorised } = trimmedMean(values);
    // 4 … 15 are left; of the winsorised, each of four values at either end is 4 and 15.
    expect(mean).toBe(9.5);
    expect(degreesOfFreedom).toBe(11);
    expect(winsorised).toEqual([15, 4, 4, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 15, 15, 4]);
    const squares = winsorised.reduce((sum, value) => sum + (value - 9.5) ** 2, 0);
    expect(standardError).toBeCloseTo(Math.sqrt(squares / (12 * 11)), 12);
  });

  test('a tenth under twenty, nothing under ten', () => {
    expect(trimmedMean([9e9, 1, 2, 3, 4, 5, 6, 7, 8, -9e9])).toMatchObject({ mean: 4.5, degreesOfFreedom: 7 });
    const few = [3, 1, 4, 1, 5];
    const { mean, standardError, degreesOfFreedom } = trimmedMean(few);
    expect(mean).toBeCloseTo(meanOf(few).mean, 12);
    expect(standardError).toBeCloseTo(meanOf(few).standardError, 12);
    expect(degreesOfFreedom).toBe(4);
  });

  test('its error is right: z over many samples of normal values is Student’s', () => {
    const random = seeded(5);
    const squares = Array.from({ length: 4000 }, () => {
      const { mean, standardError } = trimmedMean(Array.from({ length: 20 }, () => normal(random)));
      return (mean / standardError) ** 2;
    });
    // The variance of Student's t with 11 degrees of freedom is 11/9.
    expect(squares.reduce((a, b) => a + b) / squares.length / (11 / 9)).toBeGreaterThan(0.9);
    expect(squares.reduce((a, b) => a + b) / squares.length / (11 / 9)).toBeLessThan(1.1);
  });

  test('refuses one value and NaN', () => {
    expect(() => trimmedMean([1])).toThrow('at least two values, got 1');
    expect(() => trimmedMean([1, Number.NaN])).toThrow('got NaN at position 1');
  });
});
