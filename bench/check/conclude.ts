import type { CheckComparison, CheckSide } from '../../reports/check.js';
import { type Judged, judgeWorkloads, rateOf, type Step, summarise } from '../../reports/statistics/index.js';
import { type CheckRules, stepsOf } from './measure.js';
import { clockOf, DEATHS, logRatiosOf, reasonsOf, SIDES, type Side, type Standing } from './standing.js';

const WRONG = ['wrong-result', 'wrong-after-timing', 'writes-out-of-bounds', 'mutates-input'];

/**
 * What is to be said of every pair. The verdicts are those of the stopping rule, which counts its looks; the interval
 * is the pair's own, so a verdict may be more careful than it looks.
 * @param over whether the rounds are at an end; else undecided pairs are `ambiguous` and say `undecided`
 */
export function concludeAll(
  standings: readonly Standing[],
  rules: Pick<CheckRules, 'minEffect' | 'looks'>,
  over: boolean,
): CheckComparison[] {
  const steps = new Map(stepsOf(standings, rules, over));
  return standings.map((standing) => concludeOne(standing, steps.get(standing) ?? null, rules.minEffect));
}

function concludeOne(standing: Standing, step: Step | null, minEffect: number): CheckComparison {
  const { pair } = standing;
  const { workload, variant, changes } = pair;
  const logRatios = logRatiosOf(standing).slice(0, step?.rounds ?? 0);
  const [judged] = judgeWorkloads([{ name: variant, logRatios }], { minEffect }) as [Judged];
  const { interval } = judged;
  return {
    ...{ workload: workload.id, family: workload.kernel.family, variant },
    verdict: verdictOf(standing, step),
    identical: standing.apart === 'identical',
    ratio: interval && { value: interval.ratio, low: interval.low, high: interval.high },
    clock: interval ? (clockOf(standing) === 'own' ? 'gpu' : 'host') : null,
    rounds: step?.rounds ?? 0,
    ended: step?.reason ?? null,
    before: sideOf(standing, 'before'),
    now: sideOf(standing, 'now'),
    changes: changes.map((change) => ({ ...change })),
  };
}

function verdictOf({ apart }: Standing, step: Step | null): CheckComparison['verdict'] {
  if (apart === 'identical') return 'same';
  return apart === 'lost' ? 'ambiguous' : (apart ?? step?.verdict ?? 'ambiguous');
}

function sideOf({ pair, prepared, refused, rounds }: Standing, side: Side): CheckSide {
  const refusal = refused[side];
  const known = prepared[side];
  const timed = rounds[side].filter(({ samplesNs }) => samplesNs.length > 0);
  const reasons = reasonsOf(refusal).map((reason) => ({ ...reason }));
  const wrong = reasons.some(({ code }) => WRONG.includes(code));
  const status = refusal ? (wrong ? 'incorrect' : refusal.status) : known ? 'correct' : 'not-tried';
  const { kernel, shape } = pair.workload;
  return {
    ...{ status, reasons },
    tuning: { ...(known?.tuning ?? {}) },
    maxError: status === 'correct' ? (known?.correctness.maxError ?? null) : null,
    compileMs: known?.compileMs ?? null,
    rate: status === 'correct' && timed.length > 0 ? rateOf(kernel.work(shape), summarise(timed)) : null,
    rounds: rounds[side].map(({ index, samplesNs, hostSamplesNs }) => ({
      index,
      samplesNs: [...samplesNs],
      hostSamplesNs: [...hostSamplesNs],
    })),
  };
}

/** Whether the process that owns the card ended while it was at one of them. */
export const someDied = (standings: readonly Standing[]): boolean =>
  standings.some(({ refused }) =>
    SIDES.some((side) => reasonsOf(refused[side]).some(({ code }) => DEATHS.includes(code))),
  );

/**
 * 1: something is slower or incorrect. 4: something cannot be said, is not comparable or has vanished, or nothing was
 * looked at.
 * 0: all that was compared is the same or faster, and all of today's is right; what is new or fixed is no reason
 * against it.
 */
export function exitCodeOf(
  comparisons: readonly CheckComparison[],
  vanished: readonly string[],
  ambiguous: 'pass' | 'fail',
): 0 | 1 | 4 {
  const any = (...verdicts: CheckComparison['verdict'][]) => comparisons.some((c) => verdicts.includes(c.verdict));
  if (any('slower', 'incorrect')) return 1;
  if (comparisons.every(({ verdict }) => verdict === 'skipped')) return 4;
  return ambiguous === 'fail' && (vanished.length > 0 || any('ambiguous', 'gone', 'changed')) ? 4 : 0;
}
