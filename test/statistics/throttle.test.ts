import { describe, expect, test } from 'vitest';
import { MOST_REPEATS, readingOf, ThrottleWatch } from '../../bench/run/throttle.js';
import type { Round } from '../../reports/schema.js';
import { isThrottled, type SentinelReading, throttleBound } from '../../reports/statistics/index.js';
import { normal, seeded, studentT3 } from './random.js';

const reading = (before: number, after = before): SentinelReading => ({ before, after });
const steady = Array.from({ length: 8 }, () => reading(1e6));

describe('throttleBound', () => {
  test('by hand: 5 % above the lower quartile where all agree', () => {
    expect(throttleBound(steady)).toBeCloseTo(1.05e6, 3);
  });

  test('six deviations of neighbours where they do not', () => {
    const jumpy = [1, -1, 1, -1, 1, -1, 1, -1].map((sign) => reading(1e6, 1e6 * Math.exp(0.1 * sign)));
    // The median of ±0.1 is 0, so its MAD 0.1; the lower quartile of the sixteen lies at e⁻⁰·¹ … 1.
    const usual = 1e6 * Math.exp(-0.1) * 0.25 + 1e6 * 0.75;
    expect(throttleBound(jumpy)).toBeCloseTo(usual * Math.exp((6 * 1.4826 * 0.1) / Math.SQRT2), -3);
  });

  test('nothing is known of fewer than four rounds', () => {
    expect(throttleBound(steady.slice(0, 3))).toBeNull();
    expect(isThrottled(reading(9e6), steady.slice(0, 3))).toBe(false);
    expect(isThrottled(reading(9e6), steady)).toBe(true);
  });

  test('a clock that falls in the middle of a round shows after it', () => {
    expect(isThrottled(reading(1e6, 1.2e6), steady)).toBe(true);
    expect(isThrottled(reading(1.2e6, 1e6), steady)).toBe(true);
    expect(isThrottled(reading(1.04e6, 1.04e6), steady)).toBe(false);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a reading of %d', (bad) => {
    expect(() => throttleBound([reading(1e6), reading(1e6, bad)])).toThrow(/sentinel reading 1 /);
  });
});

describe('in simulation, sixty rounds', () => {
  const share = (
    noise: (random: () => number) => number,
    slow: (round: number) => number,
    of: (round: number) => boolean,
  ) => {
    const random = seeded(77);
    let found = 0;
    let all = 0;
    for (let run = 0; run < 100; run++) {
      const watch = new ThrottleWatch();
      for (let round = 0; round < 60; round++) {
        const time = () => 1e6 * slow(round) * Math.exp(noise(random));
        const throttled = watch.judge(reading(time(), time()));
        if (!of(round)) continue;
        all++;
        if (throttled) found++;
      }
    }
    return found / all;
  };
  const never = () => 1;
  const every = () => true;

  test('of a steady clock at most one in a hundred rounds is called throttled', () => {
    expect(share((random) => 0.005 * normal(random), never, every)).toBe(0);
    expect(share((random) => 0.05 * normal(random), never, every)).toBeLessThanOrEqual(0.01);
    expect(share((random) => 0.02 * studentT3(random), never, every)).toBeLessThanOrEqual(0.02);
  });

  test('a clock that falls by a tenth for half of the run is seen in every round, and the others are not', () => {
    const slow = (round: number) => (round >= 20 && round < 50 ? 1 / 0.9 : 1);
    const noise = (random: () => number) => 0.005 * normal(random);
    expect(share(noise, slow, (round) => round >= 20 && round < 50)).toBeGreaterThanOrEqual(0.99);
    expect(share(noise, slow, (round) => round < 20 || round >= 50)).toBe(0);
  });

  test('a clock that falls slowly does not widen what is allowed', () => {
    const slow = (round: number) => 1 + Math.max(0, round - 30) / 100;
    expect(
      share(
        (random) => 0.005 * normal(random),
        slow,
        (round) => round >= 45,
      ),
    ).toBeGreaterThanOrEqual(0.99);
  });
});

test('a run that goes on knows what was usual before', () => {
  const round = (before: number): Round => ({
    ...{ order: 0, index: 0, tMs: 0, samplesNs: [1], hostSamplesNs: [1], discarded: 0 },
    sentinelNs: reading(before),
  });
  const { sentinelNs: _, ...without } = round(1e6);
  const watch = new ThrottleWatch([without, ...Array.from({ length: 5 }, () => round(1e6))]);
  expect(watch.judge(reading(1.3e6))).toBe(true);
  expect(MOST_REPEATS).toBe(3);
});

test('stamps that could not be used are no reading', () => {
  expect(readingOf({ before: null, after: 1 })).toBeNull();
  expect(readingOf({ before: 1, after: 0 })).toBeNull();
  expect(readingOf({ before: 1, after: 2 })).toEqual({ before: 1, after: 2 });
});
