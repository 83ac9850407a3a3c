import { type Check, type CheckComparison, type CheckVerdict, check } from '../../reports/check.js';
import type { Reason } from '../../reports/schema.js';
import { hostileNames } from './hostile.js';
import { sampleResult } from './sample.js';

/** A check that has every verdict, and what hostile names make of it. */

const rate = (value: number) => ({ value, unit: 'hash/s', low: value * 0.99, high: value * 1.01 });
export const side = (over: Partial<CheckComparison['now']> = {}): CheckComparison['now'] => ({
  ...{ status: 'correct', reasons: [], tuning: {}, maxError: 0, compileMs: 1.5, rate: null, rounds: [] },
  ...over,
});
export const comparison = (verdict: CheckVerdict, over: Partial<CheckComparison> = {}): CheckComparison => ({
  ...{ workload: 'sha256d-scan/n131072', family: 'mining', variant: verdict, verdict, identical: false },
  ...{ ratio: null, clock: null, rounds: 0, processes: [], ended: null, before: side(), now: side(), changes: [] },
  ...over,
});
export const timed = (verdict: CheckVerdict, value: number, over: Partial<CheckComparison> = {}): CheckComparison =>
  comparison(verdict, {
    ...{ ratio: { value, low: value * 0.99, high: value * 1.01 }, clock: 'gpu', rounds: 10, ended: 'decided' },
    ...{ before: side({ rate: rate(4.61e6) }), now: side({ rate: rate(4.61e6 * value) }) },
    ...over,
  });
const refused = (code: Reason['code'], detail: string) =>
  side({ status: code === 'wrong-result' ? 'incorrect' : 'skipped', reasons: [{ code, detail }], maxError: null });

export function checkOf(comparisons: readonly CheckComparison[], over: Partial<Check> = {}): Check {
  const { tool, host, device, calibration } = sampleResult();
  return check.parse({
    ...{ schema: 'assay.check/1', id: '20260101T000000-check-ci', tool, host, device, calibration },
    ...{ startedAt: '2026-01-01T00:00:00.123Z', finishedAt: '2026-01-01T00:01:00.456Z' },
    against: { ref: 'origin/main', commit: 'a'.repeat(40), tree: 'b'.repeat(40), result: null },
    now: { commit: 'c'.repeat(40), uncommitted: ['kernels/copy/vec4.wgsl'], identical: false },
    settings: {
      ...{ suite: 'ci', workloads: [], families: null, variants: 'shortlist', seed: 1, mode: 'safe' },
      ...{ minEffect: 0.02, confidence: 0.95, looks: [10, 20, 40], processes: 1, budgetSeconds: 50, ambiguous: 'fail' },
    },
    ...{ vanished: [], comparisons, warnings: [], stopped: null, exitCode: 0 },
    ...over,
  });
}

const MOODY = [
  { rounds: 10, ratio: 0.6 },
  { rounds: 10, ratio: 1.001 },
];

/** Every verdict, each ambiguous one for another reason. */
export const everyVerdict = (over: Partial<Check> = {}): Check =>
  checkOf(
    [
      ...[timed('faster', 1.0812), timed('slower', 0.9402), timed('same', 1.0004)],
      timed('ambiguous', 1.0251, { ended: 'rounds-used-up', rounds: 40 }),
      comparison('same', { variant: 'two-nonces', identical: true }),
      comparison('ambiguous', { variant: 'late', ended: 'budget-used-up' }),
      timed('ambiguous', 0.8, { variant: 'moody', ended: 'not-confirmed', processes: MOODY, rounds: 20 }),
      comparison('ambiguous', { variant: 'lost', now: refused('worker-died', 'killed by SIGSEGV') }),
      comparison('incorrect', { now: refused('wrong-result', 'word 0: expected 1, got 2') }),
      comparison('fixed', { before: refused('wrong-result', 'word 0: expected 1, got 2') }),
      comparison('new', { workload: 'copy/n65536', family: 'memory', before: side({ status: 'not-tried' }) }),
      comparison('gone', { workload: 'copy/n65536', family: 'memory', now: refused('exceeds-limit', 'maxBufferSize') }),
      comparison('gone', { workload: 'copy/n65536', family: 'memory', variant: 'removed' }),
      comparison('changed', {
        ...{ workload: 'residual/f32/n258', family: 'ai' },
        changes: [{ what: 'work', detail: 'mandatory operations: 2064 before, 3096 now' }],
      }),
      comparison('skipped', {
        ...{ workload: 'matrix-f16/n64-i4', family: 'arithmetic' },
        ...{ before: refused('missing-feature', 'shader-f16'), now: refused('missing-feature', 'shader-f16') },
      }),
    ],
    { vanished: ['kernel lost'], exitCode: 1, ...over },
  );

/** Every free text is, in turn, one of the hostile names. */
export function hostileCheck(): Check {
  const all = hostileNames.join(' ');
  const { device, tool, settings } = everyVerdict();
  const comparisons = hostileNames.flatMap((name) =>
    everyVerdict().comparisons.map((one, i): CheckComparison => {
      const hostile = (side: CheckComparison['now']): CheckComparison['now'] => ({
        ...side,
        reasons: side.reasons.map(({ code }) => ({ code, detail: name })),
        rate: side.rate && { ...side.rate, unit: name },
      });
      const changes = one.changes.map(() => ({ what: name, detail: name }));
      const sides = { before: hostile(one.before), now: hostile(one.now), changes };
      return { ...one, workload: name, variant: `${name}${i}`, ...sides };
    }),
  );
  return checkOf(comparisons, {
    ...{
      id: all,
      against: { ref: all, commit: all, tree: all, result: null },
      vanished: [...hostileNames],
      exitCode: 1,
    },
    now: { commit: all, uncommitted: [all], identical: false },
    device: { ...device, name: all, driver: all, backend: all },
    ...{ tool: { ...tool, version: all }, settings: { ...settings, suite: all } },
    stopped: { code: 'interrupted', detail: all },
  });
}

/** A long check: a thousand variants, no two of the same name. */
export const longCheck = (count = 1000): Check =>
  checkOf(Array.from({ length: count }, (_, i) => timed('same', 1, { workload: `matmul/f32/m${i}-n1-k1` })));
