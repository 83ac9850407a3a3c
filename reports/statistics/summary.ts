import type { Summary } from '../schema.js';
import { driftPercent } from './drift.js';
import { tukeyOutliers } from './outliers.js';
import { median, medianAbsoluteDeviation, quantile } from './quantile.js';
import { cleanRounds, roundMedians, type TimedRound } from './rounds.js';
import { tInterval } from './student-t.js';

const CONFIDENCE = 0.95;

/**
 * What a measurement's rounds say, in nanoseconds per execution.
 *
 * - `medianNs` is the median of the rounds' medians.
 * - `lowNs`, `highNs`: 95 % t-interval on the logarithms of the rounds' medians, transformed back and
 *   widened where needed to contain `medianNs` (its own centre is the geometric mean). Logarithms
 *   because times are ratios: the interval of the rate is then the reciprocal of the interval of the time.
 *   One round carries no interval: both equal the median, and `judgeReliability` says too-few-rounds.
 *   A clock that reads zero has no logarithm: then they are the least and greatest round median.
 * - quartiles, 95th percentile, MAD and outliers are over all samples; outliers are counted, not dropped.
 * - `driftPercent` is along the Theil–Sen line through the rounds' medians in time order.
 *
 * Excluded rounds do not count, unless every round is excluded: then all do, and the measurement is
 * unreliable anyway.
 *
 * @param rounds in time order
 * @throws {RangeError} when there is no sample at all
 */
export function summarise(rounds: readonly TimedRound[]): Summary {
  const clean = cleanRounds(rounds);
  const used = clean.length > 0 ? clean : rounds.filter((round) => round.samplesNs.length > 0);
  if (used.length === 0) throw new RangeError('a summary needs at least one sample');
  const medians = roundMedians(used);
  const samples = used.flatMap((round) => [...round.samplesNs]);
  const medianNs = median(medians);
  const [lowNs, highNs] = interval(medians);
  return {
    medianNs,
    lowNs: Math.min(lowNs, medianNs),
    highNs: Math.max(highNs, medianNs),
    q1Ns: quantile(samples, 0.25),
    q3Ns: quantile(samples, 0.75),
    p95Ns: quantile(samples, 0.95),
    madNs: medianAbsoluteDeviation(samples),
    outliers: tukeyOutliers(samples).total,
    driftPercent: driftPercent(medians),
  };
}

function interval(medians: readonly number[]): [number, number] {
  const [first] = medians;
  if (medians.length === 1 && first !== undefined) return [first, first];
  if (medians.some((ns) => ns <= 0)) return [Math.min(...medians), Math.max(...medians)];
  const { low, high } = tInterval(medians.map(Math.log), CONFIDENCE);
  return [Math.exp(low), Math.exp(high)];
}
