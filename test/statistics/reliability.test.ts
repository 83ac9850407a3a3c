import { describe, expect, test } from 'vitest';
import { isNote, type Round, statusOf } from '../../reports/schema.js';
import { clockGap, judgeReliability, type ReliabilityInput, summarise } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

const OVERHEAD = 40_000;
const BATCH = 10;

/** Rounds around the given levels, in nanoseconds per execution, the host agreeing with the GPU. */
function roundsAt(levels: readonly number[], hostFactor = 1): Round[] {
  const random = seeded(9);
  return levels.map((level, index) => {
    const samplesNs = Array.from({ length: 5 }, () => level * (1 + 0.001 * normal(random)));
    const hostSamplesNs = samplesNs.map((ns) => (ns * BATCH * hostFactor + OVERHEAD) / BATCH);
    return { order: index, index, tMs: index, samplesNs, hostSamplesNs, discarded: 0 };
  });
}

function judge(rounds: Round[], changes: Partial<ReliabilityInput> = {}): string[] {
  const calibration = { resolutionNs: 1, hostOverheadNs: OVERHEAD };
  const summary = summarise(rounds);
  const common = { clock: 'gpu', batch: BATCH, ceilingFraction: 0.8 } as const;
  return judgeReliability({ rounds, summary, calibration, ...common, ...changes }).map((r) => r.code);
}

const steady = [1e6, 1.001e6, 0.999e6, 1.002e6, 1e6];

describe('judgeReliability', () => {
  test('has nothing against a steady measurement', () => {
    expect(judge(roundsAt(steady))).toEqual([]);
  });

  test('a clock too coarse for whole samples', () => {
    const coarse = roundsAt(steady).map((r) => ({ ...r, samplesNs: [6553.6, 6553.6, 13107.2], hostSamplesNs: [] }));
    expect(judge(coarse, { calibration: { resolutionNs: 65536, hostOverheadNs: 0 } })).toContain('clock-saturated');
  });

  test('four clean rounds are too few and five are enough', () => {
    expect(judge(roundsAt(steady.slice(0, 4)))).toContain('too-few-rounds');
    const six = roundsAt([...steady, 1e6]);
    (six[0] as Round).excluded = 'throttled';
    expect(judge(six)).toEqual(['throttled']);
    (six[1] as Round).excluded = 'throttled';
    expect(judge(six)).toEqual(['too-few-rounds', 'throttled']);
  });

  test('two clocks, where a clock five percent lower is seen and four are not', () => {
    const clocks = (slow: number) => Array.from({ length: 20 }, (_, i) => 1e6 * (i % 3 === 0 ? slow : 1));
    expect(judge(roundsAt(clocks(1.06)))).toContain('two-modes');
    expect(judge(roundsAt(clocks(1.04)))).not.toContain('two-modes');
  });

  test('half an interval of 2 % is not wide and a little more is', () => {
    const rounds = roundsAt(steady);
    const summary = { ...summarise(rounds), medianNs: 100, lowNs: 98 };
    expect(judge(rounds, { summary: { ...summary, highNs: 102 } })).toEqual([]);
    expect(judge(rounds, { summary: { ...summary, highNs: 102.01 } })).toEqual(['wide-interval']);
  });

  test('drift needs both a trend and more than 1 %', () => {
    const ramp = (percent: number) => Array.from({ length: 10 }, (_, i) => 1e6 * (1 + (percent / 100) * (i / 9)));
    expect(judge(roundsAt(ramp(1.5)))).toEqual(['drift']);
    expect(judge(roundsAt(ramp(-1.5)))).toEqual(['drift']);
    expect(judge(roundsAt(ramp(0.7)))).toEqual([]);
    expect(judge(roundsAt([1, 1.02, 1, 1.02, 1, 1.02, 1, 1.02, 1, 1.02].map((x) => x * 1e6)))).toEqual([]);
  });

  test('a steady drift over five rounds shows as a wide interval', () => {
    expect(judge(roundsAt([1, 1.015, 1.03, 1.045, 1.06].map((x) => x * 1e6)))).toEqual(['wide-interval']);
  });

  test.each([
    [1.04, []],
    [0.96, []],
    [1.07, ['clocks-disagree']],
    [0.94, ['clocks-disagree']],
  ])('host time of %d times the GPU time', (factor, expected) => {
    expect(judge(roundsAt(steady, factor))).toEqual(expected);
  });

  test('a host-clock measurement carries a note, has no second clock, and is valid', () => {
    const reasons = judge(roundsAt(steady, 2), { clock: 'host' });
    expect(reasons).toEqual(['host-clock']);
    expect(isNote('host-clock')).toBe(true);
    expect(statusOf([{ code: 'host-clock' }])).toBe('valid');
    expect(statusOf([{ code: 'host-clock' }, { code: 'drift' }])).toBe('unreliable');
    expect(statusOf([])).toBe('valid');
  });

  test('105 % of a ceiling is allowed and more is not; no ceiling says nothing', () => {
    const rounds = roundsAt(steady);
    expect(judge(rounds, { ceilingFraction: 1.05 })).toEqual([]);
    expect(judge(rounds, { ceilingFraction: 1.051 })).toEqual(['above-ceiling']);
    expect(judge(rounds, { ceilingFraction: null })).toEqual([]);
  });

  test('a clock that reads zero is saturated and nothing throws', () => {
    const zero = roundsAt(steady).map((r) => ({ ...r, samplesNs: [0, 0, 0] }));
    expect(judge(zero)).toEqual(expect.arrayContaining(['clock-saturated', 'clocks-disagree']));
  });
});

describe('clockGap', () => {
  test('compares whole samples and takes the overhead off the host', () => {
    expect(clockGap([{ samplesNs: [110], hostSamplesNs: [101] }], 10, 10)).toBeCloseTo(0.1, 12);
  });

  test('is null without pairs and where the overhead is all there is', () => {
    expect(clockGap([], 10, 10)).toBeNull();
    expect(clockGap([{ samplesNs: [5], hostSamplesNs: [] }], 1, 0)).toBeNull();
    expect(clockGap([{ samplesNs: [5], hostSamplesNs: [9] }], 1, 10)).toBeNull();
  });
});
