import { mustBeFinite } from './finite.js';

/** Ascending copy. A typed array sorts by number without a comparison function: several times as fast. */
export function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Sample quantile by linear interpolation between order statistics: h = (n−1)·p, between x⌊h⌋ and
 * x⌈h⌉. Source: definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The
 * American Statistician 50 (1996); the default of R and NumPy.
 *
 * @param values in any order and unit; the answer has the same unit
 * @throws {RangeError} when there are no values, one is not finite, or p lies outside 0 … 1
 */
export function quantile(values: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie between 0 and 1, got ${p}`);
  if (values.length === 0) throw new RangeError('a quantile needs at least one value');
  mustBeFinite(values, 'a quantile');
  const sorted = ascending(values);
  const h = (sorted.length - 1) * p;
  const below = sorted[Math.floor(h)] as number;
  const above = sorted[Math.ceil(h)] as number;
  return below + (h - Math.floor(h)) * (above - below);
}

/** Middle value, or the mean of the two middle ones. @throws {RangeError} as `quantile` */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Median absolute deviation from the median, in the unit of the values and **not** scaled by 1.4826.
 * Source: F. R. Hampel, "The Influence Curve and its Role in Robust Estimation", JASA 69 (1974).
 * @throws {RangeError} as `quantile`
 */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((v) => Math.abs(v - centre)));
}
