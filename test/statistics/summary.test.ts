import { describe, expect, test } from 'vitest';
import { rateOf, summarise } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

const round = (...samplesNs: number[]) => ({ samplesNs });

describe('summarise', () => {
  test('takes the median of the rounds and not of the samples', () => {
    const rounds = [round(1, 1, 1, 1, 1, 1), round(10), round(11)];
    expect(summarise(rounds).medianNs).toBe(10);
  });

  test('gives a t-interval on logarithms: multiplying all times multiplies the interval', () => {
    const rounds = [98, 101, 100, 102, 99].map((ns) => round(ns));
    const a = summarise(rounds);
    const b = summarise(rounds.map((r) => round(...r.samplesNs.map((ns) => ns * 1000))));
    expect(b.lowNs / a.lowNs).toBeCloseTo(1000, 9);
    expect(b.highNs / a.highNs).toBeCloseTo(1000, 9);
    expect(a.lowNs).toBeCloseTo(98.03, 1);
    expect(a.highNs).toBeCloseTo(101.98, 1);
  });

  test('widens the interval to contain the median', () => {
    // The geometric mean of these lies far below their median.
    const { lowNs, medianNs, highNs } = summarise([1e-6, 100, 100, 100, 100, 100, 100].map((ns) => round(ns)));
    expect(lowNs).toBeLessThanOrEqual(medianNs);
    expect(highNs).toBeGreaterThanOrEqual(medianNs);
  });

  test('one round carries no interval', () => {
    expect(summarise([round(3, 4, 5)])).toMatchObject({ medianNs: 4, lowNs: 4, highNs: 4, driftPercent: 0 });
  });

  test('a clock that read zero gets the range in place of an interval', () => {
    expect(summarise([round(0), round(5), round(9)])).toMatchObject({ medianNs: 5, lowNs: 0, highNs: 9 });
  });

  test('counts outliers beyond 1.5 interquartile ranges and keeps them', () => {
    // Quartiles 10 and 20: the fences are −5 and 35, and a value on the fence is inside.
    const base = [10, 10, 10, 15, 20, 20, 20];
    expect(summarise([round(...base, 35, -5)]).outliers).toBe(0);
    expect(summarise([round(...base, 35.1, -5.1)]).outliers).toBe(2);
    expect(summarise([round(...base, 1e9)]).p95Ns).toBeGreaterThan(1e8);
  });

  test('leaves excluded and empty rounds out', () => {
    const rounds = [round(10), { samplesNs: [999], excluded: 'throttled' as const }, round(), round(12)];
    expect(summarise(rounds)).toMatchObject({ medianNs: 11, outliers: 0 });
  });

  test('uses excluded rounds when there is no other', () => {
    expect(summarise([{ samplesNs: [7], excluded: 'throttled' as const }]).medianNs).toBe(7);
  });

  test('refuses to summarise nothing', () => {
    expect(() => summarise([])).toThrow(/at least one sample/);
    expect(() => summarise([round()])).toThrow(/at least one sample/);
  });

  test('its interval covers the truth about as often as it says', () => {
    const random = seeded(5);
    let covered = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const rounds = Array.from({ length: 10 }, () => round(Math.exp(0.01 * normal(random))));
      const { lowNs, highNs } = summarise(rounds);
      if (lowNs <= 1 && 1 <= highNs) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.93);
    expect(covered / 2000).toBeLessThan(0.97);
  });
});

describe('rateOf', () => {
  test('turns time into work per second and swaps the ends', () => {
    const rate = rateOf({ operations: 1000, unit: 'hash' }, { medianNs: 10, lowNs: 8, highNs: 20 });
    expect(rate).toEqual({ value: 1e11, unit: 'hash/s', low: 5e10, high: 1.25e11 });
  });

  test.each([0, -0])('is null when the clock read %d', (ns) => {
    expect(rateOf({ operations: 1, unit: 'flop' }, { medianNs: ns, lowNs: ns, highNs: ns })).toBeNull();
    expect(rateOf({ operations: 1, unit: 'flop' }, { medianNs: 1, lowNs: ns, highNs: 1 })).toBeNull();
  });
});
