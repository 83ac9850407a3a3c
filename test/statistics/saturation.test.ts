import { describe, expect, test } from 'vitest';
import { clockSaturation } from '../../reports/statistics/index.js';

const times = <T>(n: number, value: T) => Array.from({ length: n }, () => value);

describe('clockSaturation', () => {
  test('more than half zeros, from the first sample on', () => {
    expect(clockSaturation([0, 0, 1], 1)).toBe('zero-dominated');
    expect(clockSaturation([0, 1e6, 0, 1e6], 1)).toBeNull();
  });

  test('two values within a few steps', () => {
    expect(clockSaturation([...times(10, 65536), ...times(10, 131072)], 65536)).toBe('low-distinct');
  });

  test('at least half of the samples the same', () => {
    expect(clockSaturation([...times(10, 5), 6, 7, 8, 9], 1)).toBe('zero-mad');
  });

  test('few values over many steps are a steady GPU', () => {
    expect(clockSaturation(times(50, 200), 1)).toBeNull();
    expect(clockSaturation(times(50, 199), 1)).toBe('low-distinct');
  });

  test('an unknown step condemns few values alone', () => {
    expect(clockSaturation(times(50, 1e6), 0)).toBe('low-distinct');
  });

  test('does not take rounding in the last bit for different readings', () => {
    const samples = times(30, 100).map((ns, i) => (i % 2 ? ns : (ns / 3) * 3 + 1e-12));
    expect(clockSaturation(samples, 1)).toBe('low-distinct');
  });

  test('few samples say nothing', () => {
    expect(clockSaturation([], 1)).toBeNull();
    expect(clockSaturation(times(9, 5), 1)).toBeNull();
    expect(clockSaturation(times(10, 5), 1)).toBe('low-distinct');
  });

  test('refuses what is not finite', () => {
    expect(() => clockSaturation([1, Number.NaN], 1)).toThrow('got NaN at position 1');
  });

  test('more samples must take more values', () => {
    const samples = Array.from({ length: 10000 }, (_, i) => 50 + (i % 9));
    expect(clockSaturation(samples, 1)).toBe('low-distinct');
    expect(clockSaturation(samples.slice(0, 8000).concat(70, 80), 1)).toBeNull();
  });
});
