import { alphaOf, logBound, mustBeFinite } from './finite.js';
import { ratioPValues } from './p-values.js';
import { meanSteps, segmentCost } from './pelt.js';
import { seriesNoise, withoutSpikes } from './series-noise.js';
import { meanValue } from './spread.js';
import { intervalOf, type MeanEstimate } from './student-t.js';

/** A step in the level of a series. */
export interface ChangePoint {
  /** Position of the first value after it. */
  readonly at: number;
  /** Where that position may be as well, ends included. */
  readonly earliest: number;
  readonly latest: number;
  /** Geometric means of the values up to the neighbouring changes. */
  readonly before: number;
  readonly after: number;
  /** After over before, with its own 95 % interval. */
  readonly ratio: { readonly value: number; readonly low: number; readonly high: number };
  /** Of a ratio so far beyond the bound, times the positions at which it might have been found; at most 1. */
  readonly p: number;
}

export interface ChangePointOptions {
  /** A smaller change does not matter, as a fraction: default 0.02. */
  readonly minEffect?: number;
  /** That a series without a change has none marked: default 0.95. */
  readonly confidence?: number;
}

/** One or two odd values are outliers; three are a level. */
export const LEAST_SEGMENT = 3;
const INTERVAL = 0.95;
/** In standard deviations; a value further off its neighbours is moved to there. */
const SPIKE = 3;
/** A variance that only keeps segments of equal values whole. */
const NO_NOISE = 1e-18;
/** −2 ln 0.05: how much likelier, as a difference of squares over the variance, the best position is than one ruled out. */
const POSITION_LIKELIHOOD = 6;

/**
 * Steps in the level of a series of positive values, in two stages.
 *
 * 1. Candidates: PELT (`meanSteps`) on the logarithms, without spikes, with the penalty 2·σ²·ln n of Y.-C. Yao,
 *    "Estimating the Number of Change-Points via Schwarz' Criterion", Statistics & Probability Letters 6 (1988), σ² from
 *    `seriesNoise`. That is too many where values are correlated or have heavy tails.
 * 2. As long as one of them fails, the weakest is taken back and the others are tested anew: the difference of the means of
 *    the segments on its two sides, with the variance within all segments, widened for correlated values, must lie beyond
 *    ±ln(1+minEffect) (`ratioPValues`, Student's t) with p · positions < 1 − confidence. That is Bonferroni's bound, since
 *    the position was sought and not given: K. J. Worsley, "On the Likelihood Ratio Test for a Shift in Location of Normal
 *    Populations", JASA 74 (1979).
 *
 * A position is not ruled out while its squares about the two means exceed the best one's by at most 6σ² (a likelihood
 * of a twentieth).
 *
 * @param values in time order, any unit; fewer than six never have a change, for three make a level
 * @throws {RangeError} when a value is not positive and finite, or an option is out of range
 */
export function changePoints(
  values: readonly number[],
  { minEffect = 0.02, confidence = 0.95 }: ChangePointOptions = {},
): ChangePoint[] {
  const alpha = alphaOf(confidence);
  const bound = logBound(minEffect);
  mustBeFinite(values, 'a search for change points');
  const wrong = values.findIndex((value) => value <= 0);
  if (wrong >= 0) throw new RangeError(`change points need positive values, got ${values[wrong]} at position ${wrong}`);
  const positions = values.length - 2 * LEAST_SEGMENT + 1;
  if (positions < 1) return [];
  const raw = values.map(Math.log);
  const { variance, inflation } = seriesNoise(raw);
  const logs = withoutSpikes(raw, SPIKE * Math.sqrt(variance));
  const cost = segmentCost(logs);
  let steps = meanSteps(logs, 2 * Math.max(variance, NO_NOISE) * Math.log(logs.length), LEAST_SEGMENT);
  for (;;) {
    const found = segmented(logs, steps, inflation, cost);
    const strengths = found.map(({ estimate }) => strength(estimate, bound));
    const weakest = strengths.indexOf(Math.min(...strengths));
    const pOf = ({ estimate }: Step) => Math.min(1, positions * ratioPValues(estimate, minEffect).changed);
    if (weakest < 0 || pOf(found[weakest] as Step) < alpha)
      return found.map((step) => ({ ...described(step, cost), p: pOf(step) }));
    steps = steps.toSpliced(weakest, 1);
  }
}

/** Orders the steps of one segmentation, which share their degrees of freedom, as their p does, and costs less. */
function strength({ mean, standardError }: MeanEstimate, bound: number): number {
  const beyond = Math.abs(mean) - bound;
  return standardError > 0 ? beyond / standardError : beyond > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

interface Step {
  /** Beginnings of the segments on its two sides, and the end of the second. */
  readonly from: number;
  readonly at: number;
  readonly to: number;
  readonly means: readonly [number, number];
  readonly estimate: MeanEstimate;
  /** Of a value, as far as it counts for a mean. */
  readonly variance: number;
}

type Cost = ReturnType<typeof segmentCost>;

function segmented(logs: readonly number[], steps: readonly number[], inflation: number, cost: Cost): Step[] {
  const ends = [0, ...steps, logs.length];
  const segments = ends.slice(1).map((end, i) => ({ from: ends[i] as number, end }));
  const degreesOfFreedom = logs.length - segments.length;
  const variance = segments.reduce((sum, { from, end }) => sum + cost(from, end), 0) / degreesOfFreedom;
  const means = segments.map(({ from, end }) => meanValue(logs.slice(from, end)));
  return steps.map((at, i) => {
    const [from, to] = [ends[i] as number, ends[i + 2] as number];
    const [before, after] = [means[i] as number, means[i + 1] as number];
    // Correlated values say at least as much as one of them.
    const parts = [at - from, to - at].reduce((sum, length) => sum + Math.min(1, inflation / length), 0);
    const estimate = { mean: after - before, standardError: Math.sqrt(variance * parts), degreesOfFreedom };
    return { from, at, to, means: [before, after], estimate, variance: variance * inflation };
  });
}

function described({ from, at, to, means, estimate, variance }: Step, cost: Cost): Omit<ChangePoint, 'p'> {
  const { mean, low, high } = intervalOf(estimate, INTERVAL);
  const most = cost(from, at) + cost(at, to) + POSITION_LIKELIHOOD * variance;
  const possible = (position: number) => cost(from, position) + cost(position, to) <= most;
  let [earliest, latest] = [at, at];
  while (earliest - 1 > from && possible(earliest - 1)) earliest--;
  while (latest + 1 < to && possible(latest + 1)) latest++;
  return {
    ...{ at, earliest, latest, before: Math.exp(means[0]), after: Math.exp(means[1]) },
    ratio: { value: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) },
  };
}
