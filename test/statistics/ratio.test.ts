import { describe, expect, test } from 'vitest';
import { compareRounds, type PairedRound, pairedLogRatios, ratioVerdict } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

const rounds = (...ns: number[]): PairedRound[] =>
  ns.map((n, index) => ({ index, samplesNs: [n / 2], hostSamplesNs: [n] }));

describe('compareRounds', () => {
  test('is the ratio of rates: half the time is twice the rate', () => {
    const ratio = compareRounds(rounds(50, 51, 50), rounds(100, 102, 100));
    expect(ratio).toMatchObject({ ratio: expect.closeTo(2, 12), verdict: 'faster', pairs: 3 });
  });

  test('swapping the arms gives the reciprocal and the other verdict', () => {
    const [a, b] = [rounds(90, 92, 91, 93), rounds(100, 103, 101, 102)];
    const there = compareRounds(a, b);
    const back = compareRounds(b, a);
    expect([there?.verdict, back?.verdict]).toEqual(['faster', 'slower']);
    expect((there?.ratio ?? 0) * (back?.ratio ?? 0)).toBeCloseTo(1, 12);
    expect((there?.low ?? 0) * (back?.high ?? 0)).toBeCloseTo(1, 12);
  });

  test('pairs by index and not by position', () => {
    const a = rounds(50, 500, 5000);
    const b = [...rounds(100, 1000, 10000)].reverse();
    expect(compareRounds(a, b)).toMatchObject({ ratio: expect.closeTo(2, 12), low: expect.closeTo(2, 9) });
  });

  test('leaves out rounds that one arm lacks or excludes', () => {
    const b = rounds(100, 100, 100, 1);
    b[3] = { ...(b[3] as PairedRound), excluded: 'throttled' };
    expect(compareRounds(rounds(100, 100, 100, 100, 100), b)).toMatchObject({ pairs: 3, verdict: 'same' });
  });

  test("compares the host's clock unless asked for the arms' own", () => {
    const a = rounds(100, 100, 100).map((r) => ({ ...r, samplesNs: [10] }));
    const b = rounds(100, 100, 100).map((r) => ({ ...r, samplesNs: [20] }));
    expect(compareRounds(a, b)?.ratio).toBeCloseTo(1, 12);
    expect(compareRounds(a, b, { clock: 'own' })?.ratio).toBeCloseTo(2, 12);
  });

  test.each([
    ['one shared round', rounds(1), rounds(1, 2)],
    ['no round', [], rounds(1, 2)],
    ['a clock that read zero', rounds(0, 0), rounds(1, 1)],
  ])('says nothing on %s', (_, a, b) => {
    expect(compareRounds(a, b)).toBeNull();
  });
});

describe('ratioVerdict', () => {
  test.each([
    [1.02, 1.03, 'faster'],
    [1.01, 1.03, 'ambiguous'],
    [0.95, 0.98, 'slower'],
    [0.95, 1 / 1.01, 'ambiguous'],
    [0.995, 1.005, 'same'],
    [1 / 1.01, 1.01, 'same'],
    [1, 1.0101, 'ambiguous'],
    [0.99, 1, 'ambiguous'],
    [0.5, 2, 'ambiguous'],
  ] as const)('%d … %d is %s at ±1 %%', (low, high, verdict) => {
    expect(ratioVerdict({ low, high }, 0.01)).toBe(verdict);
  });
});

test('ratioVerdict refuses NaN', () => {
  expect(() => ratioVerdict({ low: Number.NaN, high: 1 }, 0.01)).toThrow('got NaN … 1');
  expect(() => ratioVerdict({ low: 1, high: 1 }, Number.NaN)).toThrow(/minEffect/);
});

test('pairedLogRatios are in the order of the index, whatever that of the rounds', () => {
  const a = rounds(50, 60, 70).reverse();
  expect(pairedLogRatios(a, rounds(100, 100, 100))).toEqual([100 / 50, 100 / 60, 100 / 70].map(Math.log));
  expect(pairedLogRatios(a, rounds(1).slice(1))).toEqual([]);
  expect(pairedLogRatios(rounds(0), rounds(1))).toEqual([Number.POSITIVE_INFINITY]);
});

/** Two arms interleaved in alternating order while the device warms up by 2 %, each round disturbed on its own. */
function interleaved(random: () => number, { speedup = 1, count = 10, noise = 0.005, drift = 0.02 }) {
  const a: PairedRound[] = [];
  const b: PairedRound[] = [];
  let slot = 0;
  for (let index = 0; index < count; index++) {
    for (const arm of index % 2 === 0 ? [a, b] : [b, a]) {
      const warm = 1 + drift * (1 - Math.exp((-4 * slot++) / (2 * count)));
      const level = 100 * warm * (1 + noise * normal(random)) * (arm === a ? 1 / speedup : 1);
      const samples = Array.from({ length: 5 }, () => level * (1 + 0.002 * normal(random)));
      arm.push({ index, samplesNs: samples, hostSamplesNs: samples });
    }
  }
  return compareRounds(a, b, { minEffect: 0 });
}

describe('on simulated arms with 0.5 % noise and 2 % drift', () => {
  const trials = 3000;

  test('equal arms are told apart in no more than 5 % of runs at the nominal level', () => {
    const random = seeded(2026);
    const alarms = Array.from({ length: trials }, () => interleaved(random, {})).filter(
      (r) => r?.verdict !== 'ambiguous',
    );
    expect(alarms.length / trials).toBeLessThanOrEqual(0.05);
    expect(alarms.length / trials).toBeGreaterThan(0.02);
  });

  test('equal arms are never told apart once the interval must clear ±1 %', () => {
    const random = seeded(2027);
    const verdicts = Array.from({ length: trials }, () =>
      ratioVerdict(interleaved(random, {}) ?? { low: 0, high: 9 }, 0.01),
    );
    expect(verdicts.filter((v) => v === 'faster' || v === 'slower').length / trials).toBeLessThan(0.001);
  });

  test('a true change of 3 % is caught', () => {
    const random = seeded(2028);
    const verdicts = Array.from({ length: trials }, () =>
      ratioVerdict(interleaved(random, { speedup: 1.03 }) ?? { low: 0, high: 9 }, 0.01),
    );
    expect(verdicts.filter((v) => v === 'faster').length / trials).toBeGreaterThan(0.99);
    expect(verdicts).not.toContain('slower');
  });
});
