import type { CheckComparison, CheckSide } from '../../reports/check.js';
import type { Reason, ReasonCode } from '../../reports/schema.js';
import { rateOf, summarise } from '../../reports/statistics/index.js';
import { apartOf, type Finding, findingsOf, type ProcessRules } from './processes.js';
import { clockOf, DEATHS, reasonsOf, SIDES, type Side, type Standing } from './standing.js';

const WRONG: readonly ReasonCode[] = ['wrong-result', 'wrong-after-timing', 'writes-out-of-bounds', 'mutates-input'];

/**
 * What is to be said of every pair. The verdicts count the looks at the rounds, and that a change was confirmed in
 * another process; the interval is the pair's own, so a verdict may be more careful than it looks.
 * @param over whether the rounds are at an end; else undecided pairs are `ambiguous` and say `undecided`
 */
export function concludeAll(
  standings: readonly Standing[],
  rules: Pick<ProcessRules, 'minEffect' | 'looks' | 'processes'>,
  over: boolean,
): CheckComparison[] {
  const findings = findingsOf(standings, rules, over);
  return standings.map((standing) => concludeOne(standing, findings.get(standing) ?? null));
}

function concludeOne(standing: Standing, finding: Finding | null): CheckComparison {
  const { workload, variant, changes } = standing.pair;
  const interval = finding?.interval ?? null;
  return {
    ...{ workload: workload.id, family: workload.kernel.family, variant },
    verdict: verdictOf(standing, finding),
    identical: standing.apart === 'identical',
    ratio: interval && { value: interval.ratio, low: interval.low, high: interval.high },
    clock: interval ? (clockOf(standing) === 'own' ? 'gpu' : 'host') : null,
    rounds: finding?.rounds ?? 0,
    processes: (finding?.processes ?? []).map((one) => ({ ...one })),
    ended: finding?.ended ?? null,
    before: sideOf(standing, 'before'),
    now: sideOf(standing, 'now'),
    changes: changes.map((change) => ({ ...change })),
  };
}

function verdictOf(standing: Standing, finding: Finding | null): CheckComparison['verdict'] {
  const apart = apartOf(standing);
  if (apart === 'identical') return 'same';
  return apart === 'lost' ? 'ambiguous' : (apart ?? finding?.verdict ?? 'ambiguous');
}

/** Whether a kernel was refused for what it computed. */
export const isWrong = (reasons: readonly Reason[]): boolean => reasons.some(({ code }) => WRONG.includes(code));

function sideOf(standing: Standing, side: Side): CheckSide {
  const { pair, prepared } = standing;
  const refusal = allOf(standing).find(({ refused }) => refused[side])?.refused[side] ?? null;
  const known = prepared[side];
  const rounds = allOf(standing).flatMap((one) => one.rounds[side]);
  const timed = rounds.filter(({ samplesNs }) => samplesNs.length > 0);
  const reasons = reasonsOf(refusal).map((reason) => ({ ...reason }));
  const status = refusal ? (isWrong(reasons) ? 'incorrect' : refusal.status) : known ? 'correct' : 'not-tried';
  const { kernel, shape } = pair.workload;
  return {
    ...{ status, reasons },
    tuning: { ...(known?.tuning ?? {}) },
    maxError: status === 'correct' ? (known?.correctness.maxError ?? null) : null,
    compileMs: known?.compileMs ?? null,
    rate: status === 'correct' && timed.length > 0 ? rateOf(kernel.work(shape), summarise(timed)) : null,
    rounds: rounds.map(({ index, samplesNs, hostSamplesNs, excluded }) => ({
      index,
      samplesNs: [...samplesNs],
      hostSamplesNs: [...hostSamplesNs],
      ...(excluded && { excluded }),
    })),
  };
}

const allOf = (standing: Standing): Standing[] => [standing, ...standing.repeats];

/** Whether the process that owns the card ended while it was at one of them. */
export const someDied = (standings: readonly Standing[]): boolean =>
  standings
    .flatMap(allOf)
    .some(({ refused }) => SIDES.some((side) => reasonsOf(refused[side]).some(({ code }) => DEATHS.includes(code))));

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
