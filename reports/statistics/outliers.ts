import { quantile } from './quantile.js';

/** How many values lie beyond which fence. */
export interface Outliers {
  readonly lowSevere: number;
  readonly lowMild: number;
  readonly highMild: number;
  readonly highSevere: number;
  /** All four together. */
  readonly total: number;
}

const MILD = 1.5;
const SEVERE = 3;

/**
 * Outliers by Tukey's fences: mild beyond 1.5 and severe beyond 3 interquartile ranges from the quartiles; a
 * value on a fence is inside it. Nothing is dropped: they are counted, under the names that Criterion gives
 * them. Source: J. W. Tukey, "Exploratory Data Analysis" (1977), section 2D; quartiles as `quantile`.
 *
 * Of a normal sample 0.7 % are outliers. Where more than half of the values agree every other one is severe.
 *
 * @param values in any order and unit
 * @throws {RangeError} as `quantile`
 */
export function tukeyOutliers(values: readonly number[]): Outliers {
  const [q1, q3] = [quantile(values, 0.25), quantile(values, 0.75)];
  const range = q3 - q1;
  const count = (beyond: (value: number) => boolean) => values.reduce((sum, value) => sum + (beyond(value) ? 1 : 0), 0);
  const below = (fences: number) => count((value) => value < q1 - fences * range);
  const above = (fences: number) => count((value) => value > q3 + fences * range);
  const [lowSevere, highSevere] = [below(SEVERE), above(SEVERE)];
  const [low, high] = [below(MILD), above(MILD)];
  return { lowSevere, lowMild: low - lowSevere, highMild: high - highSevere, highSevere, total: low + high };
}
