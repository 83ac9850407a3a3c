import type { Comparison } from '../schema.js';
import { alphaOf, logBound } from './finite.js';
import { holm } from './holm.js';
import { type RatioPValues, ratioPValues } from './p-values.js';
import { meanOfSeries } from './serial.js';
import { intervalOf } from './student-t.js';

type Verdict = Comparison['verdict'];

/** One workload's log ratios of rates, one a round in time order, above 0 when the new one is faster. */
export interface Workload {
  readonly name: string;
  readonly logRatios: readonly number[];
}

export interface VerdictOptions {
  /** A change smaller than this does not matter, as a fraction: default 0.01. */
  readonly minEffect?: number;
  /** Of the family of all changes named, not of one: default 0.95. */
  readonly confidence?: number;
}

export interface Judged {
  readonly name: string;
  /** Geometric mean of the ratios with its own interval, not widened for the others; null under two rounds. */
  readonly interval: { readonly ratio: number; readonly low: number; readonly high: number } | null;
  readonly rounds: number;
  /** Holm-adjusted p of a change beyond the bounds; 1 under two rounds. */
  readonly p: number;
  readonly verdict: Verdict;
}

/**
 * Verdicts on many workloads at once: with probability `confidence` none of those called `faster` or `slower`
 * is wrong (Holm over `changed` of `ratioPValues`, all workloads counted, those without rounds too). `same` is
 * a TOST per workload at α/2, uncorrected: it claims no change.
 *
 * For one workload this is `ratioVerdict` on the interval of `compareRounds`: p < α exactly when the interval
 * lies wholly beyond a bound. They can differ only where an end of the interval falls on a bound to within the
 * rounding of Student's t (jstat's are good to about 10⁻⁷). Of several, Holm may leave `ambiguous` what
 * `ratioVerdict` would call `faster` or `slower`, never the reverse; `same` agrees.
 *
 * @throws {RangeError} on a log ratio that is not finite, with the workload's name, and on options out of range
 */
export function judgeWorkloads(
  workloads: readonly Workload[],
  { minEffect = 0.01, confidence = 0.95 }: VerdictOptions = {},
): Judged[] {
  const alpha = alphaOf(confidence);
  logBound(minEffect);
  const tests = workloads.map((workload) => testOf(workload, minEffect));
  const decided = decide(tests, alpha, workloads.length);
  return workloads.map(({ name, logRatios }, i) => {
    const { p, verdict } = decided[i] as Decision;
    if (logRatios.length < 2) return { name, interval: null, rounds: logRatios.length, p, verdict };
    const { mean, low, high } = intervalOf(meanOfSeries(logRatios), confidence);
    const interval = { ratio: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) };
    return { name, interval, rounds: logRatios.length, p, verdict };
  });
}

/** The tests of one workload; null under two rounds. @throws {RangeError} that names the workload */
export function testOf({ name, logRatios }: Workload, minEffect: number): RatioPValues | null {
  const at = logRatios.findIndex((ratio) => !Number.isFinite(ratio));
  if (at >= 0) throw new RangeError(`${name}: the log ratio of round ${at} is ${logRatios[at]}, not a finite number`);
  return logRatios.length < 2 ? null : ratioPValues(meanOfSeries(logRatios), minEffect);
}

export interface Decision {
  readonly p: number;
  readonly verdict: Verdict;
}

/** Verdicts at level `alpha` among `family` tests, of which those not listed count as p = 1. */
export function decide(tests: readonly (RatioPValues | null)[], alpha: number, family: number): Decision[] {
  const adjusted = holm(
    tests.map((test) => test?.changed ?? 1),
    family,
  );
  return tests.map((test, i) => {
    const p = adjusted[i] as number;
    if (test === null) return { p, verdict: 'ambiguous' };
    if (p < alpha) return { p, verdict: test.slower < test.faster ? 'slower' : 'faster' };
    return { p, verdict: test.same <= alpha / 2 ? 'same' : 'ambiguous' };
  });
}
