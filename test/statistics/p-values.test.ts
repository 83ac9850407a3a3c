import { describe, expect, test } from 'vitest';
import { meanOf, ratioPValues, studentTTail, tInterval } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

describe('studentTTail', () => {
  // SciPy 1.17: stats.t.sf(t, df)
  test.each([
    [2.5, 3, 0.04385332350403278],
    [40, 9, 9.491499224669911e-12],
    [1, 1, 0.25],
    [-2, 7, 0.957190335718512],
    [30, 199, 4.4714643802872145e-76],
    [3, 2.3, 0.04024775202305029],
  ])('P(T > %d) with %d degrees of freedom', (t, df, expected) => {
    expect(studentTTail(t, df) / expected).toBeCloseTo(1, 7);
  });

  test('goes from 1 over ½ to 0', () => {
    expect([Number.NEGATIVE_INFINITY, 0, -0, Number.POSITIVE_INFINITY].map((t) => studentTTail(t, 4))).toEqual([
      1, 0.5, 0.5, 0,
    ]);
  });

  test('refuses NaN and less than one degree of freedom', () => {
    expect(() => studentTTail(Number.NaN, 4)).toThrow('got NaN');
    expect(() => studentTTail(1, 0.9)).toThrow('at least 1, got 0.9');
  });
});

describe('ratioPValues', () => {
  // SciPy 1.17, L = log1p(0.02): ttest_1samp(x, -L, alternative="less"), ttest_1samp(x, L, alternative="greater"),
  // and the larger of ttest_1samp(x, L, alternative="less") and ttest_1samp(x, -L, alternative="greater").
  test.each([
    [
      'slower',
      [-0.031, -0.042, -0.028, -0.055, -0.039, -0.047],
      0.0020308816584276215,
      0.9999867538567011,
      0.9979691183415724,
    ],
    [
      'the same',
      [0.004, -0.006, 0.002, 0.007, -0.003, 0.001, -0.002],
      0.999990251028036,
      0.9999874772631333,
      1.2522736866641238e-5,
    ],
  ] as const)('of a kernel that is %s', (_, logRatios, slower, faster, same) => {
    const p = ratioPValues(meanOf(logRatios), 0.02);
    expect(p.slower / slower).toBeCloseTo(1, 8);
    expect(p.faster / faster).toBeCloseTo(1, 8);
    expect(p.same / same).toBeCloseTo(1, 8);
    expect(p.changed).toBeCloseTo(Math.min(1, 2 * Math.min(slower, faster)), 10);
  });

  test('are those of the interval: p < α/2 exactly when an end clears the bound', () => {
    const random = seeded(71);
    for (let trial = 0; trial < 2000; trial++) {
      const shift = 0.05 * normal(random);
      const values = Array.from({ length: 3 + (trial % 10) }, () => shift + 0.02 * normal(random));
      const { low, high } = tInterval(values, 0.9);
      const { slower, faster, same } = ratioPValues(meanOf(values), 0.02);
      const bound = Math.log(1.02);
      expect([slower < 0.05, faster < 0.05, same <= 0.05]).toEqual([
        high < -bound,
        low > bound,
        low >= -bound && high <= bound,
      ]);
    }
  });

  test('swapping the arms swaps slower and faster', () => {
    const values = [0.01, 0.03, -0.01, 0.02];
    const there = ratioPValues(meanOf(values), 0.01);
    const back = ratioPValues(meanOf(values.map((v) => -v)), 0.01);
    expect(back).toEqual({ ...there, slower: there.faster, faster: there.slower });
  });

  const exactly = (mean: number) => ({ mean, standardError: 0, degreesOfFreedom: 4 });
  const bound = Math.log1p(0.01);

  test('without spread are 0 or 1, and a mean on a bound is within it', () => {
    expect(ratioPValues(exactly(0), 0.01)).toEqual({ slower: 1, faster: 1, changed: 1, same: 0 });
    expect(ratioPValues(exactly(bound), 0.01)).toEqual({ slower: 1, faster: 1, changed: 1, same: 0 });
    expect(ratioPValues(exactly(-bound), 0.01)).toEqual({ slower: 1, faster: 1, changed: 1, same: 0 });
    expect(ratioPValues(exactly(bound + 1e-12), 0.01)).toEqual({ slower: 1, faster: 0, changed: 0, same: 1 });
    expect(ratioPValues(exactly(-bound - 1e-12), 0.01)).toEqual({ slower: 0, faster: 1, changed: 0, same: 1 });
    expect(ratioPValues(exactly(0), 0)).toEqual({ slower: 1, faster: 1, changed: 1, same: 0 });
  });

  test('a mean on a bound with spread is ½', () => {
    expect(ratioPValues({ ...exactly(bound), standardError: 0.001 }, 0.01).faster).toBe(0.5);
  });

  test.each([-0.01, Number.NaN, Number.POSITIVE_INFINITY])('refuse a minEffect of %d', (minEffect) => {
    expect(() => ratioPValues(exactly(0), minEffect)).toThrow(/minEffect must be a fraction/);
  });
});
