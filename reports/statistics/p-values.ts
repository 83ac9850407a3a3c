import { logBound } from './finite.js';
import { type MeanEstimate, studentTTail } from './student-t.js';

/** Probabilities of a mean log ratio at least this extreme were the claim untrue by as little as can be. */
export interface RatioPValues {
  /** Against a mean of −bound: small when it lies below. One-sided. */
  readonly slower: number;
  /** Against a mean of +bound: small when it lies above. One-sided. */
  readonly faster: number;
  /** A change in either direction: twice the smaller of the two, at most 1. */
  readonly changed: number;
  /** Two one-sided tests that the mean lies within the bounds: the larger of their two. */
  readonly same: number;
}

/**
 * t-tests of a mean log ratio (rate over rate, above 0 when faster) against the bounds ±ln(1 + minEffect):
 * t = (x̄ ± bound) / standard error, each tail from `studentTTail`. `same` is the TOST of D. J. Schuirmann, "A
 * Comparison of the Two One-Sided Tests Procedure and the Power Approach …", Journal of Pharmacokinetics and
 * Biopharmaceutics 15 (1987).
 *
 * Without any spread nothing is left to chance: 0 where the claim holds, else 1. Like an interval's end, a mean
 * on a bound is within it: not slower or faster, but the same.
 *
 * @param estimate of `meanOfSeries` or `meanOf` over the log ratios of rounds
 * @param minEffect a fraction; 0 tests against equality, where nothing with a spread is ever the same
 * @throws {RangeError} when minEffect is negative or not finite
 */
export function ratioPValues({ mean, standardError, degreesOfFreedom }: MeanEstimate, minEffect: number): RatioPValues {
  const bound = logBound(minEffect);
  /** P of a mean this far or farther above a true one that lies `above` lower. */
  const tail = (above: number, at0: number) => {
    if (standardError > 0) return studentTTail(above / standardError, degreesOfFreedom);
    return above > 0 ? 0 : above < 0 ? 1 : at0;
  };
  const slower = tail(-bound - mean, 1);
  const faster = tail(mean - bound, 1);
  const same = Math.max(tail(bound - mean, 0), tail(mean + bound, 0));
  return { slower, faster, changed: Math.min(1, 2 * Math.min(slower, faster)), same };
}
