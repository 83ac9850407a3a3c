import { describe, expect, test } from 'vitest';
import { twoModes } from '../../reports/statistics/index.js';
import { autoregressive, normal, seeded, studentT3 } from './random.js';

type Random = () => number;
const each = (n: number, value: () => number) => Array.from({ length: n }, value);
const exponential = (random: Random) => -Math.log(1 - random());

/** One state, in units that are scaled to 3 % of a time. */
const oneState: Record<string, (random: Random, n: number) => number[]> = {
  normal: (random, n) => each(n, () => normal(random)),
  uniform: (random, n) => each(n, random),
  exponential: (random, n) => each(n, () => exponential(random)),
  'log-normal': (random, n) => each(n, () => Math.exp(0.5 * normal(random))),
  'χ² of three': (random, n) => each(n, () => normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2),
  'Student t₃': (random, n) => each(n, () => studentT3(random)),
  'AR(1), ρ = 0.5': (random, n) => autoregressive(random, n, 0.5),
  'AR(1), ρ = 0.8': (random, n) => autoregressive(random, n, 0.8),
};

function twoClocks(random: Random, n: number, { gap, share, noise }: { gap: number; share: number; noise: number }) {
  return each(n, () => 1000 * Math.exp(Math.log1p(gap) * ((random() < share ? 1 : 0) + noise * normal(random))));
}

describe('twoModes', () => {
  test.each(Object.keys(oneState))('one state (%s) is taken for two in no more than 2 in 100 cases', (name) => {
    const draw = oneState[name] as (random: Random, n: number) => number[];
    const random = seeded(61);
    for (const [n, trials] of [
      [10, 1500],
      [15, 1000],
      [20, 1000],
      [30, 1000],
      [50, 800],
      [100, 500],
      [1000, 60],
    ] as const) {
      const alarms = each(trials, () => (twoModes(draw(random, n).map((v) => 1000 * Math.exp(0.03 * v))) ? 1 : 0));
      const rate = alarms.reduce((sum, alarm) => sum + alarm, 0) / trials;
      // Two standard errors of a rate of 2 % are allowed to the simulation itself.
      expect(rate, `n = ${n}`).toBeLessThanOrEqual(0.02 + 2 * Math.sqrt((0.02 * 0.98) / trials));
    }
  });

  test.each([
    [0.03, 0.2],
    [0.03, 0.5],
    [0.1, 0.8],
    [0.4, 0.2],
    [0.4, 0.5],
  ])('two clocks %d apart with a share of %d are found', (gap, share) => {
    const random = seeded(62);
    const found = (n: number, noise: number) =>
      each(200, () => (twoModes(twoClocks(random, n, { gap, share, noise })) ? 1 : 0)).reduce((a, b) => a + b, 0) / 200;
    expect(found(100, 0.2)).toBeGreaterThan(0.85);
    expect(found(300, 0.2)).toBeGreaterThan(0.97);
    expect(found(50, 0.1)).toBeGreaterThan(0.85);
    expect(found(100, 0.1)).toBeGreaterThan(0.95);
  });

  test('tells centres, shares and ratio', () => {
    const modes = twoModes(twoClocks(seeded(63), 1000, { gap: 0.25, share: 0.3, noise: 0.1 }));
    expect(modes?.low.centre).toBeCloseTo(1000, -1);
    expect(modes?.high.centre).toBeCloseTo(1250, -1);
    expect(modes?.high.share).toBeCloseTo(0.3, 1);
    expect((modes?.low.share ?? 0) + (modes?.high.share ?? 0)).toBeCloseTo(1, 12);
    expect(modes?.ratio).toBeCloseTo(1.25, 2);
  });

  test('the split is the best of all: brute force agrees', () => {
    const random = seeded(64);
    const spread = (values: number[]) => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    };
    for (let trial = 0; trial < 50; trial++) {
      const samples = twoClocks(random, 20, { gap: 0.3, share: 0.4, noise: 0.05 });
      const logs = samples.map(Math.log).sort((a, b) => a - b);
      const cuts = each(21, () => 0)
        .map((_, k) => k)
        .filter((k) => k >= 3 && k <= 17);
      const best = cuts.sort(
        (i, j) => spread(logs.slice(0, i)) + spread(logs.slice(i)) - spread(logs.slice(0, j)) - spread(logs.slice(j)),
      )[0] as number;
      const modes = twoModes(samples);
      if (modes) expect(modes.low.share).toBeCloseTo(best / 20, 12);
    }
  });

  test('neither order nor unit matters', () => {
    const samples = twoClocks(seeded(65), 60, { gap: 0.2, share: 0.5, noise: 0.1 });
    const modes = twoModes(samples);
    const turned = twoModes([...samples].reverse().map((v) => v * 1e6));
    expect(turned?.ratio).toBeCloseTo(modes?.ratio as number, 9);
    expect(turned?.low.share).toBe(modes?.low.share);
  });

  test('two values and nothing else are two modes without spread', () => {
    const samples = [...each(8, () => 100), ...each(4, () => 110)];
    expect(twoModes(samples)).toMatchObject({
      separation: Number.POSITIVE_INFINITY,
      high: { share: expect.closeTo(1 / 3) },
    });
  });

  test('modes closer than the least gap do not matter', () => {
    const samples = [...each(8, () => 100), ...each(8, () => 101.9)];
    expect(twoModes(samples)).toBeNull();
    expect(twoModes(samples, { leastGap: 0.01 })).not.toBeNull();
    expect(twoModes([...each(8, () => 100), ...each(8, () => 102.1)])).not.toBeNull();
  });

  test('a heap too small is outliers, and equal values are one mode', () => {
    expect(twoModes([...each(95, () => 100), ...each(9, () => 150)])).toBeNull();
    expect(twoModes([...each(95, () => 100), ...each(11, () => 150)])).not.toBeNull();
    expect(twoModes([...each(18, () => 100), ...each(2, () => 150)])).toBeNull();
    expect(twoModes([...each(17, () => 100), ...each(3, () => 150)])).not.toBeNull();
    expect(twoModes(each(50, () => 7))).toBeNull();
  });

  test('fewer than ten samples say nothing', () => {
    for (const n of [0, 1, 2, 9]) expect(twoModes(each(n, () => 1).map((v, i) => v + (i % 2)))).toBeNull();
    expect(twoModes(each(10, () => 1).map((v, i) => v + (i % 2)))).not.toBeNull();
  });

  test('refuses what has no logarithm, wherever it stands', () => {
    expect(() => twoModes([1, 0])).toThrow('positive values, got 0 at position 1');
    expect(() => twoModes([1, -3])).toThrow('positive values, got -3 at position 1');
    expect(() => twoModes([Number.NaN])).toThrow('finite values, got NaN at position 0');
  });
});
