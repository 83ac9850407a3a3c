import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../bench/check/conclude.js';
import { minEffectOf } from '../../bench/check/settings.js';
import { renderCheck } from '../../bench/check/table.js';
import { type Check, type CheckComparison, type CheckVerdict, check } from '../../reports/check.js';
import { sampleResult } from '../reports/sample.js';

const rate = (value: number) => ({ value, unit: 'hash/s', low: value, high: value });
const side = (over: Partial<CheckComparison['now']> = {}): CheckComparison['now'] => ({
  ...{ status: 'correct', reasons: [], tuning: {}, maxError: 0, compileMs: 1, rate: null, rounds: [] },
  ...over,
});
const comparison = (verdict: CheckVerdict, over: Partial<CheckComparison> = {}): CheckComparison => ({
  ...{ workload: 'sha256d-scan/n131072', family: 'mining', variant: verdict, verdict, identical: false },
  ...{ ratio: null, clock: null, rounds: 0, processes: [], ended: null, before: side(), now: side(), changes: [] },
  ...over,
});
const timed = (verdict: CheckVerdict, value: number): CheckComparison =>
  comparison(verdict, {
    ...{ ratio: { value, low: value * 0.99, high: value * 1.01 }, clock: 'gpu', rounds: 10, ended: 'decided' },
    ...{ before: side({ rate: rate(4.61e6) }), now: side({ rate: rate(4.61e6 * value) }) },
  });
const wrong = { code: 'wrong-result', detail: 'word 0: expected 1, got 2' } as const;

function checkOf(comparisons: readonly CheckComparison[], over: Partial<Check> = {}): Check {
  const { tool, host, device, calibration } = sampleResult();
  return check.parse({
    ...{ schema: 'assay.check/1', id: 'x', tool, host, device, calibration },
    ...{ startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:01:00Z' },
    against: { ref: 'main', commit: 'a'.repeat(40), tree: 'b'.repeat(40), result: null },
    now: { commit: 'c'.repeat(40), uncommitted: [], identical: false },
    settings: {
      ...{ suite: 'ci', workloads: [], families: null, variants: 'shortlist', seed: 1, mode: 'safe' },
      ...{ minEffect: 0.01, confidence: 0.95, looks: [10, 20, 40], processes: 1, budgetSeconds: 50, ambiguous: 'fail' },
    },
    ...{ vanished: [], comparisons, warnings: [], stopped: null, exitCode: 0 },
    ...over,
  });
}

describe('the exit code', () => {
  test.each([
    [['faster', 'same', 'new', 'fixed', 'skipped'], 0, 0],
    [['faster', 'slower', 'ambiguous'], 1, 1],
    [['same', 'incorrect', 'gone'], 1, 1],
    [['same', 'ambiguous'], 4, 0],
    [['same', 'changed'], 4, 0],
    [['same', 'gone'], 4, 0],
    [['skipped', 'skipped'], 4, 4],
    [[], 4, 4],
  ] as [CheckVerdict[], number, number][])('%j is %d, and %d where ambiguity passes', (verdicts, fail, pass) => {
    const all = verdicts.map((verdict) => comparison(verdict));
    expect([exitCodeOf(all, [], 'fail'), exitCodeOf(all, [], 'pass')]).toEqual([fail, pass]);
  });

  test('what has vanished is no answer', () => {
    const all = [comparison('same')];
    expect([exitCodeOf(all, ['kernel x'], 'fail'), exitCodeOf(all, ['kernel x'], 'pass')]).toEqual([4, 0]);
  });
});

test('the effect that matters is larger in CI', () => {
  expect([undefined, '', 'false', '0', 'true', '1'].map(minEffectOf)).toEqual([0.01, 0.01, 0.01, 0.01, 0.02, 0.02]);
});

test('the table, within 80 columns', () => {
  const gone = {
    code: 'exceeds-limit',
    detail: 'buffer c needs bytes 9, but this adapter’s maxBufferSize is 8',
  } as const;
  const changes = [{ what: 'work', detail: 'mandatory operations: 2064 before, 3096 now' }];
  const text = renderCheck(
    checkOf(
      [
        ...[timed('faster', 1.0812), timed('slower', 0.9402), timed('same', 1.0004), timed('ambiguous', 1.0151)],
        comparison('same', { variant: 'two-nonces', identical: true }),
        comparison('ambiguous', { variant: 'late', ended: 'budget-used-up' }),
        comparison('incorrect', { now: side({ status: 'incorrect', reasons: [wrong] }) }),
        comparison('fixed', { before: side({ status: 'incorrect', reasons: [wrong] }) }),
        comparison('new', { workload: 'copy/n65536' }),
        comparison('gone', { workload: 'copy/n65536', now: side({ status: 'skipped', reasons: [gone] }) }),
        comparison('changed', { workload: 'residual/f32/n258', changes }),
        comparison('skipped', { workload: 'matrix-f16/n64-i4', now: side({ status: 'skipped', reasons: [gone] }) }),
      ],
      { vanished: ['kernel lost'], exitCode: 1 },
    ),
    80,
    false,
  );
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(text).toMatchSnapshot();
});

test('a check that came to nothing, and one that was cut off', () => {
  expect(renderCheck(checkOf([]), 80, false)).toMatch(/^Nothing was compared\.\n\nnothing compared\./);
  const stopped = { code: 'interrupted', detail: 'copy/n16 assay/vec4: interrupted' } as const;
  expect(renderCheck(checkOf([timed('same', 1)], { stopped, exitCode: 130 }), 80, false)).toMatch(
    /Interrupted: what was found so far is above\. 1 same\./,
  );
});

test('a document with a field too many or too few is none', () => {
  const good = checkOf([timed('same', 1)]);
  expect(check.safeParse(good).success).toBe(true);
  expect(check.safeParse({ ...good, more: 1 }).success).toBe(false);
  const { seed: _, ...settings } = good.settings;
  expect(check.safeParse({ ...good, settings }).success).toBe(false);
});

test('a change that a fresh process did not show is told with what either showed', () => {
  const processes = [
    { rounds: 10, ratio: 0.5 },
    { rounds: 10, ratio: 1.0012 },
  ];
  const text = renderCheck(
    checkOf([
      comparison('ambiguous', { variant: 'moody', ended: 'not-confirmed', rounds: 20, processes }),
      comparison('ambiguous', { variant: 'late', ended: 'no-time-to-confirm', rounds: 10 }),
    ]),
    80,
    false,
  );
  expect(text).toContain('moody: 0.500, then 1.001 in a fresh');
  expect(text.replace(/\s+/g, ' ')).toContain(
    'late: a change was seen, and no time was left for a fresh process to confirm',
  );
});
