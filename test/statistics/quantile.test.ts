import { describe, expect, test } from 'vitest';
import { median, medianAbsoluteDeviation, quantile } from '../../reports/statistics/index.js';

describe('quantile', () => {
  // R: quantile(c(1, 2, 3, 4, 10), p, type = 7)
  test.each([
    [0, 1],
    [0.1, 1.4],
    [0.25, 2],
    [0.5, 3],
    [0.9, 7.6],
    [0.95, 8.8],
    [1, 10],
  ])('type 7 at %d is %d, in any order of the values', (p, expected) => {
    expect(quantile([10, 2, 4, 1, 3], p)).toBeCloseTo(expected, 12);
  });

  test('of one value is that value', () => {
    expect(quantile([7], 0.3)).toBe(7);
  });

  test('leaves its argument in time order', () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  test.each([
    [[], 0.5, /at least one/],
    [[1, Number.NaN], 0.5, /finite/],
    [[1, Number.POSITIVE_INFINITY], 0.5, /finite/],
    [[1], 1.01, /between 0 and 1/],
    [[1], Number.NaN, /between 0 and 1/],
  ])('refuses %j at %d', (values, p, message) => {
    expect(() => quantile(values, p)).toThrow(message);
  });
});

test('the median of an even count is the mean of the middle two', () => {
  expect(median([1, 100, 2, 3])).toBe(2.5);
});

test('the MAD is unscaled and unmoved by one wild value', () => {
  expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1);
  expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9e9])).toBe(1);
});
