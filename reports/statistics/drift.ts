import { mustBeFinite } from './finite.js';
import { ascending, median } from './quantile.js';

export interface TrendTest {
  /** Pairs that rise minus pairs that fall. */
  readonly s: number;
  /** Two-sided probability of a trend at least this strong when there is none. */
  readonly p: number;
}

/** Up to here the null distribution is counted exactly; beyond, the normal approximation is good to 0.001. */
const EXACT_UP_TO = 20;

/**
 * Mann–Kendall test for a monotone trend in values that are in time order. Without ties and up to 20
 * values p is exact; otherwise it is the normal approximation with the variance corrected for ties,
 * Var S = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)]/18, and with continuity correction, z = (|S|−1)/√Var S.
 * Sources: H. B. Mann, "Nonparametric Tests Against Trend", Econometrica 13 (1945); M. G. Kendall,
 * "Rank Correlation Methods" (1975).
 *
 * Five values can reach p = 2/5! = .017 at best: at a level of .01 the test is blind under six.
 *
 * @throws {RangeError} when a value is not finite
 */
export function mannKendall(values: readonly number[]): TrendTest {
  mustBeFinite(values, 'a trend test');
  const n = values.length;
  const groups = new Map<number, number>();
  for (const value of values) groups.set(value, (groups.get(value) ?? 0) + 1);
  const pairs = [...groups.values()].reduce((different, t) => different - (t * (t - 1)) / 2, (n * (n - 1)) / 2);
  const s = pairs - 2 * falls(values);
  if (n < 2 || s === 0) return { s: 0, p: 1 };
  if (groups.size === n && n <= EXACT_UP_TO) return { s, p: exactP(n, Math.abs(s)) };

  const spread = (k: number) => k * (k - 1) * (2 * k + 5);
  const ties = [...groups.values()].reduce((sum, t) => sum + spread(t), 0);
  const z = (Math.abs(s) - 1) / Math.sqrt((spread(n) - ties) / 18);
  return { s, p: Math.min(1, complementaryError(z / Math.SQRT2)) };
}

/**
 * Pairs of which the later is smaller. Each value asks how many before it are greater, of counts by rank in a
 * binary indexed tree: P. M. Fenwick, "A New Data Structure for Cumulative Frequency Tables", Software: Practice
 * and Experience 24 (1994).
 */
function falls(values: readonly number[]): number {
  const ranks = new Map<number, number>();
  for (const value of ascending(values)) if (!ranks.has(value)) ranks.set(value, ranks.size + 1);
  const tree = new Uint32Array(ranks.size + 1);
  let count = 0;
  for (const [before, value] of values.entries()) {
    const rank = ranks.get(value) as number;
    let notGreater = 0;
    for (let i = rank; i > 0; i -= i & -i) notGreater += tree[i] as number;
    for (let i = rank; i < tree.length; i += i & -i) tree[i] = (tree[i] as number) + 1;
    count += before - notGreater;
  }
  return count;
}

/**
 * P(|S| ≥ s) over all orders of n different values. S = n(n−1)/2 − 2·inversions, and the permutations
 * with k inversions are counted by adding one value at a time (OEIS A008302).
 */
function exactP(n: number, s: number): number {
  let byInversions = [1];
  for (let size = 2; size <= n; size++) {
    const next = new Array<number>(byInversions.length + size - 1).fill(0);
    for (const [k, share] of byInversions.entries())
      for (let added = 0; added < size; added++) next[k + added] = (next[k + added] as number) + share / size;
    byInversions = next;
  }
  const pairs = (n * (n - 1)) / 2;
  return Math.min(
    1,
    byInversions.reduce((sum, share, k) => (Math.abs(pairs - 2 * k) >= s ? sum + share : sum), 0),
  );
}

/**
 * erfc(x) for x ≥ 0, absolute error under 1.5e-7. Source: Abramowitz and Stegun, "Handbook of
 * Mathematical Functions" (1964), 7.1.26.
 */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return series * Math.exp(-x * x);
}

/** All pairs of more would take seconds. */
const ALL_PAIRS_UP_TO = 300;

/**
 * Theil–Sen slope: the median of the slopes of all pairs, per step of one position. Unmoved by up to
 * 29 % of wild values. Source: P. K. Sen, "Estimates of the Regression Coefficient Based on Kendall's
 * Tau", JASA 63 (1968). Of more than 300 values only the pairs half the series apart are taken, and up to a
 * quarter may be wild: the incomplete method of H. Theil, "A Rank-Invariant Method of Linear and Polynomial
 * Regression Analysis", Indagationes Mathematicae 12 (1950).
 *
 * @param values in time order, in any unit
 * @returns unit per step; 0 for fewer than two values
 * @throws {RangeError} when a value is not finite
 */
export function theilSenSlope(values: readonly number[]): number {
  mustBeFinite(values, 'a slope');
  const slopes: number[] = [];
  const n = values.length;
  const slope = (i: number, j: number) => slopes.push(((values[j] as number) - (values[i] as number)) / (j - i));
  const half = Math.ceil(n / 2);
  if (n > ALL_PAIRS_UP_TO) for (let i = 0; i + half < n; i++) slope(i, i + half);
  else for (let j = 1; j < n; j++) for (let i = 0; i < j; i++) slope(i, j);
  return slopes.length === 0 ? 0 : median(slopes);
}

/**
 * Change from the first value to the last along the Theil–Sen line, in percent of the median: slope ·
 * (n−1) / median · 100. Positive is slower when the values are times. 0 when the median is 0.
 */
export function driftPercent(values: readonly number[]): number {
  const centre = values.length === 0 ? 0 : median(values);
  return centre === 0 ? 0 : ((theilSenSlope(values) * (values.length - 1)) / centre) * 100;
}
