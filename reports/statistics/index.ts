/**
 * What samples say: pure functions over plain numbers, no GPU. The round is the statistical unit
 * throughout, because the samples inside one are not independent.
 */
export { type Mode, type ModeOptions, type TwoModes, twoModes } from './bimodality.js';
export { type ChangePoint, type ChangePointOptions, changePoints, LEAST_SEGMENT } from './change-points.js';
export { type Course, courseOf, medianRangeByNoise, runningMedians } from './decline.js';
export { driftPercent, mannKendall, type TrendTest, theilSenSlope } from './drift.js';
export { holm } from './holm.js';
export { type Outliers, tukeyOutliers } from './outliers.js';
export { type RatioPValues, ratioPValues } from './p-values.js';
export { atPlateau, type PlateauOptions, plateauAt } from './plateau.js';
export { poissonUpperLimit } from './poisson.js';
export { median, medianAbsoluteDeviation, quantile } from './quantile.js';
export { rateOf } from './rate.js';
export {
  compareRounds,
  type PairedRound,
  pairedLogRatios,
  type Ratio,
  type RatioOptions,
  ratioVerdict,
} from './ratio.js';
export { bounds, clockGap, judgeReliability, type ReliabilityInput } from './reliability.js';
export { cleanRounds, roundMedians, type TimedRound } from './rounds.js';
export { clockSaturation, type Saturation } from './saturation.js';
export { lagOneCorrelation, meanOfSeries } from './serial.js';
export { type SeriesNoise, seriesNoise } from './series-noise.js';
export { meanValue, sampleDeviation } from './spread.js';
export { lookLevels, nextRounds, type Step, type StoppingOptions } from './stopping.js';
export {
  differenceOfMeans,
  intervalOf,
  type MeanEstimate,
  type MeanInterval,
  meanOf,
  studentTQuantile,
  studentTTail,
  tInterval,
} from './student-t.js';
export { summarise } from './summary.js';
export { isThrottled, type SentinelReading, throttleBound } from './throttle.js';
export { type TrimmedMean, trimmedMean } from './trimmed.js';
export { decide, type Judged, judgeWorkloads, type VerdictOptions, type Workload } from './verdicts.js';
