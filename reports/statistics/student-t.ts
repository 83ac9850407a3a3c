import jStat from 'jstat';

/**
 * Quantile of Student's t distribution: the `t` with P(T ≤ t) = p. The only file that knows jstat.
 * Source: W. S. Gosset, "The Probable Error of a Mean", Biometrika 6 (1908).
 *
 * @param p probability, strictly between 0 and 1
 * @param degreesOfFreedom at least 1
 * @throws {RangeError} when an argument is outside its range
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`p must lie strictly between 0 and 1, got ${p}`);
  if (!(degreesOfFreedom >= 1)) throw new RangeError(`degreesOfFreedom must be at least 1, got ${degreesOfFreedom}`);
  // jstat leaves a residue of rounding at the centre of the distribution.
  return p === 0.5 ? 0 : jStat.studentt.inv(p, degreesOfFreedom);
}

/** Mean of a sample and the two-sided t-interval around it. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Two-sided t-interval of the mean: x̄ ± t(1−α/2, n−1) · s/√n, in the unit of the values.
 *
 * @param values at least two independent values
 * @param confidence 1−α, e.g. 0.95
 * @throws {RangeError} when there are fewer than two values: one value carries no interval
 */
export function tInterval(values: readonly number[], confidence: number): MeanInterval {
  const n = values.length;
  if (n < 2) throw new RangeError(`an interval needs at least two values, got ${n}`);
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  const half = studentTQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}
