import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { computeStep, judgeCompute } from '../../bench/qualify/checks/compute.js';
import { DEFAULT_POLICY } from '../../bench/qualify/policy.js';
import type { Card } from '../../harness/card.js';
import { cardOrSkip } from '../harness/adapter.js';
import { contextFor } from './compute-context.js';

describe('on a software adapter', () => {
  let card: Card | undefined;
  beforeEach(async (context) => {
    card ??= await cardOrSkip(context);
  });
  afterAll(() => card?.close());

  test.each([1, 2, 3])('healthy, seed %i: every word that was asked for was compared, none is wrong', async (seed) => {
    const policy = { ...DEFAULT_POLICY, compute: { ...DEFAULT_POLICY.compute, leastBursts: 1 } };
    const outcome = await computeStep.run(contextFor(card as Card, { seed, policy, budgetMs: 1500 }));
    expect(outcome.reasons).toEqual([{ code: 'rehearsal', detail: '' }]);
    expect(outcome.status).toBe('pass');
    expect(outcome.figures).toMatchObject({ errors: 0, nans: 0, wrongSubmissions: 0, firstErrorS: null });
    expect(outcome.figures.words).toBeGreaterThan(12 * 4096);
    expect(outcome.figures.upperBoundPerPeta).toBeGreaterThan(0);
  });

  test.each([
    ['wrong-lane', 'compute-lane', 4],
    ['wrong-lane', 'compute-lane', 5],
    ['nan-lane', 'compute-nan', 4],
    ['nan-lane', 'compute-nan', 5],
    ['hot-compute-error', 'compute-hot', 4],
    ['hot-compute-error', 'compute-hot', 5],
  ] as const)('%s is %s, seed %i', async (fault, code, seed) => {
    const outcome = await computeStep.run(contextFor(card as Card, { seed, fault, budgetMs: 5000 }));
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]?.code).toBe(code);
    expect(outcome.figures.errors).toBeGreaterThan(0);
    expect(outcome.evidence).toMatchObject({ rehearsal: { fault } });
    if (fault === 'nan-lane') expect(outcome.figures.nans).toBe(outcome.figures.errors);
    if (fault === 'hot-compute-error') expect(outcome.figures.firstErrorS).toBeGreaterThan(2);
  });

  test('an interrupted check keeps what it knows and is no pass', async () => {
    const stop = new AbortController();
    stop.abort();
    const outcome = await computeStep.run(contextFor(card as Card, { signal: stop.signal }));
    expect(outcome.status).toBe('inconclusive');
    expect(outcome.reasons[0]?.code).toBe('interrupted');
  });

  test('a bad option is named before anything is allocated', async () => {
    const test = (card as Card).computeTest({ seed: -1, size: 'small', budgetMs: 1 });
    await expect(test.next()).rejects.toThrow(/computeTest: seed/);
  });
});

describe('judging', () => {
  const job = { about: '', skipped: null, executions: 10, words: 1000, operations: 1e15, wrong: 0, nans: 0 };
  const bursts = Array.from({ length: 8 }, (_, i) => ({ job: 'a', atMs: i, executions: 1, wrong: 0, nans: 0 }));
  const observed = {
    report: { elapsedMs: 8, jobs: [{ ...job, id: 'a' }], rehearsal: null },
    bursts,
    errors: [],
    slices: [],
  };

  test('no error bounds the rate by the rule of three', () => {
    const { status, reasons, figures } = judgeCompute(observed, DEFAULT_POLICY, false);
    expect({ status, reasons }).toEqual({ status: 'pass', reasons: [] });
    expect(figures.upperBoundPerPeta).toBeCloseTo(2.996, 3);
  });
  test('a kernel that hardly ran is no pass', () => {
    const { status, reasons } = judgeCompute({ ...observed, bursts: bursts.slice(0, 3) }, DEFAULT_POLICY, false);
    expect(status).toBe('inconclusive');
    expect(reasons[0]?.detail).toContain('a');
  });
  test('one wrong word fails, with where and when and how warm', () => {
    const wrong = bursts.map((burst, i) => ({ ...burst, wrong: i === 7 ? 1 : 0 }));
    const errors = [{ job: 'a', atMs: 7, index: 5, expected: 1, got: 3, nan: false, celsius: 81 }];
    const jobs = [{ ...job, id: 'a', wrong: 1 }];
    const outcome = judgeCompute(
      { ...observed, report: { ...observed.report, jobs }, bursts: wrong, errors },
      DEFAULT_POLICY,
      false,
    );
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toEqual({
      code: 'compute-wrong',
      detail:
        '1 wrong words in a; first after 0.0 s at 81 °C and 7 right submissions; a[5]: expected 00000001, got 00000003',
    });
    expect(outcome.figures).toMatchObject({ firstErrorC: 81, errors: 1 });
  });
});
