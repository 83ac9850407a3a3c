import { describe, expect, test } from 'vitest';
import { roundsIn, rungMs, sampleSize, searchMs } from '../../bench/tune/rungs.js';
import { challengers, configuration, defaultOf, spaceSize, tuningKey } from '../../bench/tune/space.js';

const space = { tile: [16, 8, 32], rows: [8, 4] };

describe('a tuning space', () => {
  test('is the product of its values, the first of each the default', () => {
    expect(spaceSize(space)).toBe(6);
    expect(defaultOf(space)).toEqual({ tile: 16, rows: 8 });
    const every = Array.from({ length: 6 }, (_, i) => tuningKey(configuration(space, i)));
    expect(new Set(every).size).toBe(6);
    expect(spaceSize({})).toBe(1);
    expect(defaultOf({})).toEqual({});
  });

  test('every configuration but the default is a challenger once, in an order that the seed decides', () => {
    const keys = (seed: number) => [...challengers(space, seed)].map(tuningKey);
    for (let seed = 0; seed < 50; seed++) {
      expect(new Set([...keys(seed), tuningKey(defaultOf(space))]).size).toBe(6);
      expect(keys(seed)).toHaveLength(5);
    }
    expect(keys(1)).toEqual(keys(1));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => keys(seed).join())).size).toBeGreaterThan(20);
  });

  test('each challenger comes first equally often: 5 of them in 5000 seeds, within five deviations', () => {
    const first = new Map<string, number>();
    for (let seed = 0; seed < 5000; seed++) {
      const [tuning] = challengers(space, seed);
      const key = tuningKey(tuning as never);
      first.set(key, (first.get(key) ?? 0) + 1);
    }
    expect(first.size).toBe(5);
    for (const count of first.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(800));
  });

  test('a space of billions is sampled without being built', () => {
    const values = Array.from({ length: 10 }, (_, i) => i);
    const huge = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`p${i}`, values]));
    const some = challengers(huge, 1);
    const keys = new Set(Array.from({ length: 1000 }, () => tuningKey(some.next().value as never)));
    expect(keys.size).toBe(1000);
  });
});

describe('what fits in the time', () => {
  const costs = { prepareMs: 500, roundMs: 100 };
  test('one alone is verified and no more; two are a rung of three rounds with the reference', () => {
    expect(searchMs(1, 7, costs)).toBe(500);
    expect(searchMs(2, 7, costs)).toBe(2 * 500 + 3 * 3 * 100);
  });
  test('the largest sample that fits, at least one, never more than there are', () => {
    expect(sampleSize(47, searchMs(10, 7, costs), 7, costs)).toBe(10);
    expect(sampleSize(47, searchMs(10, 7, costs) - 1, 7, costs)).toBe(9);
    expect(sampleSize(47, 0, 7, costs)).toBe(1);
    expect(sampleSize(3, 1e9, 7, costs)).toBe(3);
    expect(sampleSize(0, 1e9, 7, costs)).toBe(0);
  });
  test('time that is left over goes into more rounds, from three to twelve', () => {
    expect(roundsIn(4, 0, 7, costs)).toBe(3);
    expect(roundsIn(4, 5 * 8 * 100, 7, costs)).toBe(8);
    expect(roundsIn(4, 1e9, 7, costs)).toBe(12);
    // Nine in two heats: the reference runs in both.
    expect(roundsIn(9, 11 * 6 * 100, 7, costs)).toBe(6);
    expect([1, 2, 3, 47].map((size) => rungMs(size, 600))).toEqual([600, 600, 300, 100]);
  });
});
