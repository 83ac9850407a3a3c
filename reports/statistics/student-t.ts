import jStat from 'jstat';
import { alphaOf, mustBeFinite } from './finite.js';
import { meanValue, sampleVariance } from './spread.js';

/**
 * Quantile of Student's t distribution: the `t` with P(T ≤ t) = p. This file and `poisson.ts` are the only ones that know jstat.
 * Source: W. S. Gosset, "The Probable Error of a Mean", Biometrika 6 (1908).
 *
 * @param p probability, strictly between 0 and 1
 * @param degreesOfFreedom at least 1
 * @throws {RangeError} when an argument is outside its range
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`p must lie strictly between 0 and 1, got ${p}`);
  checkDegrees(degreesOfFreedom);
  // jstat leaves a residue of rounding at the centre of the distribution.
  return p === 0.5 ? 0 : jStat.studentt.inv(p, degreesOfFreedom);
}

/**
 * Upper tail of Student's t distribution, P(T > t) = ½ I(ν/(ν+t²); ν/2, ½) for t ≥ 0 with the regularised
 * incomplete beta function I: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964),
 * 26.7.1. Not as one minus the lower tail, which keeps no digit of a small p. Relative error under 10⁻⁷.
 *
 * @param t any number, infinities included
 * @throws {RangeError} when t is NaN or there is less than one degree of freedom
 */
export function studentTTail(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) throw new RangeError('t must be a number, got NaN');
  checkDegrees(degreesOfFreedom);
  if (t < 0) return 1 - studentTTail(-t, degreesOfFreedom);
  if (t === 0) return 0.5;
  return jStat.ibeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2;
}

function checkDegrees(degreesOfFreedom: number): void {
  if (!(degreesOfFreedom >= 1)) throw new RangeError(`degreesOfFreedom must be at least 1, got ${degreesOfFreedom}`);
}

/** A mean and how well it is known. */
export interface MeanEstimate {
  readonly mean: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** Mean of a sample and the two-sided t-interval around it. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** x̄, s/√n and n−1 of independent values. @throws {RangeError} as `tInterval` */
export function meanOf(values: readonly number[]): MeanEstimate {
  const n = values.length;
  if (n < 2) throw new RangeError(`an interval needs at least two values, got ${n}`);
  mustBeFinite(values, 'an interval');
  return {
    mean: meanValue(values),
    standardError: Math.sqrt(sampleVariance(values) / n),
    degreesOfFreedom: n - 1,
  };
}

/**
 * ȳ − x̄ of two samples that are no pairs, with √(s²/n + t²/m) and the degrees of freedom of Welch and Satterthwaite.
 * Source: B. L. Welch, "The Generalization of 'Student's' Problem when Several Different Population Variances are
 * Involved", Biometrika 34 (1947).
 */
export function differenceOfMeans(x: MeanEstimate, y: MeanEstimate): MeanEstimate {
  const [u, v] = [x.standardError ** 2, y.standardError ** 2];
  const mean = y.mean - x.mean;
  if (u + v === 0) return { mean, standardError: 0, degreesOfFreedom: x.degreesOfFreedom + y.degreesOfFreedom };
  const degreesOfFreedom = (u + v) ** 2 / (u ** 2 / x.degreesOfFreedom + v ** 2 / y.degreesOfFreedom);
  return { mean, standardError: Math.sqrt(u + v), degreesOfFreedom };
}

/** mean ± t(1−α/2, ν) · standard error. @throws {RangeError} unless confidence lies strictly between 0 and 1 */
export function intervalOf({ mean, standardError, degreesOfFreedom }: MeanEstimate, confidence: number): MeanInterval {
  const half = studentTQuantile(1 - alphaOf(confidence) / 2, degreesOfFreedom) * standardError;
  return { mean, low: mean - half, high: mean + half };
}

/**
 * Two-sided t-interval of the mean: x̄ ± t(1−α/2, n−1) · s/√n, in the unit of the values.
 *
 * @param values at least two independent values
 * @param confidence 1−α, e.g. 0.95
 * @throws {RangeError} when there are fewer than two values, for one carries no interval, or one is not finite
 */
export function tInterval(values: readonly number[], confidence: number): MeanInterval {
  return intervalOf(meanOf(values), confidence);
}
