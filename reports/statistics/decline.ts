import { type ChangePoint, type ChangePointOptions, changePoints } from './change-points.js';
import { mustBeFinite } from './finite.js';
import { median } from './quantile.js';
import { seriesNoise, withoutSpikes } from './series-noise.js';
import { meanValue } from './spread.js';

/**
 * How a series of rates runs: `level` (or nothing that can be told from it), `smooth` (a line, or an approach to a level
 * as of something that warms up), or `steps`.
 */
export interface Course {
  readonly kind: 'level' | 'smooth' | 'steps';
  /** Of the smooth course, the value at the end over that at the beginning. */
  readonly endOverBeginning: number;
  /** Those that `changePoints` found, whatever the kind: a smooth course looks like a staircase to it. */
  readonly steps: readonly ChangePoint[];
}

const SPIKE = 3;
/** Time constants that are tried, as parts of the series. */
const TIME_CONSTANTS = [1 / 20, 1 / 10, 1 / 5, 1 / 3, 1 / 2, 1];
const LEAST = 6;
/** Below, squares are rounding. */
const NO_NOISE = 1e-18;

/**
 * The kind by Schwarz' criterion, n·ln(RSS/n) + k·ln n, least over a level (k = 1), a line (2), a + b·e^(−t/τ) (3) and
 * the levels between change points (two for each step and one), on logarithms without spikes; parameters cost more by
 * the inflation of correlated values. G. Schwarz, "Estimating the Dimension of a Model", Annals of Statistics 6 (1978).
 *
 * @param values positive, in time order; fewer than six are a level
 * @throws {RangeError} when a value is not positive and finite
 */
export function courseOf(values: readonly number[], options: ChangePointOptions = {}): Course {
  mustBeFinite(values, 'the course of a series');
  const steps = changePoints(values, options);
  if (values.length < LEAST) return { kind: 'level', endOverBeginning: 1, steps };
  const raw = values.map(Math.log);
  const { variance, inflation } = seriesNoise(raw);
  const logs = withoutSpikes(raw, SPIKE * Math.sqrt(variance));
  const n = logs.length;
  const cost = (squares: number, k: number) =>
    n * Math.log(Math.max(squares / n, NO_NOISE)) + k * Math.log(n) * inflation;
  const line = regression(logs, (i) => i);
  const curves = TIME_CONSTANTS.map((part) => regression(logs, (i) => Math.exp(-i / (part * n))));
  const smooth = [{ ...line, k: 2 }, ...curves.map((curve) => ({ ...curve, k: 3 }))].reduce((best, one) =>
    cost(one.squares, one.k) < cost(best.squares, best.k) ? one : best,
  );
  const costs = {
    level: cost(squaresAbout(logs, []), 1),
    smooth: cost(smooth.squares, smooth.k),
    steps: steps.length === 0 ? Infinity : cost(squaresAbout(logs, steps), 2 * steps.length + 1),
  };
  const kind = (['level', 'smooth', 'steps'] as const).reduce((best, one) => (costs[one] < costs[best] ? one : best));
  return { kind, endOverBeginning: Math.exp(smooth.change), steps };
}

/** Least squares of a + b·x(i). */
function regression(logs: readonly number[], x: (i: number) => number): { squares: number; change: number } {
  const xs = logs.map((_, i) => x(i));
  const [meanX, meanY] = [meanValue(xs), meanValue(logs)];
  const sxx = xs.reduce((sum, one) => sum + (one - meanX) ** 2, 0);
  const sxy = xs.reduce((sum, one, i) => sum + (one - meanX) * ((logs[i] as number) - meanY), 0);
  const b = sxy / sxx;
  const squares = logs.reduce((sum, y, i) => sum + (y - meanY - b * ((xs[i] as number) - meanX)) ** 2, 0);
  return { squares, change: b * ((xs.at(-1) as number) - (xs[0] as number)) };
}

function squaresAbout(logs: readonly number[], steps: readonly ChangePoint[]): number {
  const ends = [0, ...steps.map(({ at }) => at), logs.length];
  return ends.slice(1).reduce((sum, end, i) => {
    const part = logs.slice(ends[i], end);
    const centre = meanValue(part);
    return sum + part.reduce((squares, y) => squares + (y - centre) ** 2, 0);
  }, 0);
}

/** Medians of `width` neighbours; one where there are fewer. Fewer than half of them disturbed leave it unmoved. */
export function runningMedians(values: readonly number[], width: number): number[] {
  if (values.length === 0) return [];
  const size = Math.min(width, values.length);
  return Array.from({ length: values.length - size + 1 }, (_, i) => median(values.slice(i, i + size)));
}

/** Of the median over the mean of normal values, as their standard errors: √(π/2). */
const MEDIAN_ERROR = 1.2533;
/** Two-sided, of a normal value: one in a thousand. */
const RANGE_DEVIATIONS = 3.3;

/**
 * How far, as a logarithm, the highest and the lowest running median of a level series may lie apart by noise alone:
 * 2 · 3.3 standard errors of one, which holds for hundreds of windows since medians that overlap are nearly one.
 */
export function medianRangeByNoise(values: readonly number[], width: number): number {
  if (values.length < 3) return Number.POSITIVE_INFINITY;
  const { variance, inflation } = seriesNoise(values.map(Math.log));
  const size = Math.min(width, values.length);
  return 2 * RANGE_DEVIATIONS * MEDIAN_ERROR * Math.sqrt(variance * Math.min(1, inflation / size));
}
