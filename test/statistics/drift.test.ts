import { describe, expect, test } from 'vitest';
import { driftPercent, mannKendall, theilSenSlope } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

const rising = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('mannKendall', () => {
  test('is exact for few values: 2/n! for a strict rise', () => {
    expect(mannKendall(rising(5))).toEqual({ s: 10, p: expect.closeTo(2 / 120, 12) });
    expect(mannKendall(rising(6)).p).toBeCloseTo(2 / 720, 12);
  });

  test('five rounds cannot reach p < .01 and six can', () => {
    expect(mannKendall(rising(5)).p).toBeGreaterThan(0.01);
    expect(mannKendall(rising(6)).p).toBeLessThan(0.01);
  });

  test('agrees with the published table: P(S ≥ 23) = .023 for ten values', () => {
    // Kendall (1975), table A.21; ours is two-sided.
    const { s, p } = mannKendall([2, 1, 3, 4, 5, 10, 9, 8, 7, 6]);
    expect(s).toBe(23);
    expect(p / 2).toBeCloseTo(0.023, 3);
  });

  test('falls as it rises', () => {
    const values = [5, 1, 4, 8, 9, 7, 11];
    expect(mannKendall([...values].reverse())).toEqual({ s: -mannKendall(values).s, p: mannKendall(values).p });
  });

  test('corrects the variance for ties', () => {
    // n = 8 in two groups of 4: S = 16, Var = (8·7·21 − 2·4·3·13)/18 = 48, z = 15/√48, p = .0304
    expect(mannKendall([1, 1, 1, 1, 2, 2, 2, 2])).toEqual({ s: 16, p: expect.closeTo(0.0304, 4) });
  });

  test.each([[[]], [[1]], [[2, 2, 2, 2]], [[1, 3, 1]]])('sees no trend in %j', (values) => {
    expect(mannKendall(values)).toEqual({ s: 0, p: 1 });
  });

  test('ties barely move p: the exact count and the approximation meet', () => {
    const values = [3, 1, 2, 5, 4, 8, 7, 6, 12, 11, 9, 10, 20, 13, 14];
    const nearlyTied = mannKendall(values);
    const tied = mannKendall(values.map((v) => (v === 14 ? 13 : v)));
    expect(tied.s).toBe(nearlyTied.s - 1);
    expect(Math.abs(tied.p - nearlyTied.p)).toBeLessThan(0.001);
  });

  test('counts pairs as one by one, ties included', () => {
    const random = seeded(12);
    for (let trial = 0; trial < 100; trial++) {
      const values = Array.from({ length: trial }, () => Math.floor(random() * (trial % 2 ? 8 : 1e6)));
      let s = 0;
      for (const [j, later] of values.entries())
        for (const earlier of values.slice(0, j)) s += Math.sign(later - earlier);
      expect(mannKendall(values).s).toBe(s);
    }
  });

  test('refuses what is not finite', () => {
    expect(() => mannKendall([1, Number.NaN])).toThrow('got NaN at position 1');
    expect(() => mannKendall([Number.POSITIVE_INFINITY])).toThrow('got Infinity at position 0');
  });

  test('raises a false alarm about as often as its level says', () => {
    const random = seeded(11);
    const alarms = Array.from({ length: 4000 }, () => mannKendall(Array.from({ length: 10 }, () => normal(random))).p);
    expect(alarms.filter((p) => p < 0.05).length / 4000).toBeLessThan(0.055);
    expect(alarms.filter((p) => p < 0.01).length / 4000).toBeLessThan(0.015);
  });
});

describe('theilSenSlope', () => {
  test('is the slope of a line, whatever one wild value does', () => {
    expect(theilSenSlope([10, 12, 14, 16, 18, 20])).toBe(2);
    expect(theilSenSlope([10, 12, 14, 16, 18, 999])).toBe(2);
  });

  test.each([300, 301, 1000])('of %d values is that line too, a quarter of wild values or not', (n) => {
    const line = Array.from({ length: n }, (_, i) => 5 + 3 * i);
    expect(theilSenSlope(line)).toBeCloseTo(3, 12);
    expect(theilSenSlope(line.map((v, i) => (i % 5 === 0 ? 1e9 : v)))).toBeCloseTo(3, 12);
    const random = seeded(13);
    expect(theilSenSlope(line.map((v) => v + normal(random)))).toBeCloseTo(3, 1);
  });

  test('refuses what is not finite', () => {
    expect(() => theilSenSlope([1, 2, Number.NaN])).toThrow('got NaN at position 2');
  });

  test('is 0 without a pair', () => {
    expect(theilSenSlope([])).toBe(0);
    expect(theilSenSlope([5])).toBe(0);
  });
});

describe('driftPercent', () => {
  test('is the change from first to last in percent of the median', () => {
    expect(driftPercent([100, 101, 102, 103, 104])).toBeCloseTo((4 / 102) * 100, 12);
    expect(driftPercent([104, 103, 102, 101, 100])).toBeCloseTo((-4 / 102) * 100, 12);
  });

  test('is 0 for nothing, for one value and for a clock that read zero', () => {
    expect([driftPercent([]), driftPercent([3]), driftPercent([0, 0, 0])]).toEqual([0, 0, 0]);
  });
});
