/**
 * What samples say: pure functions over plain numbers, no GPU. The round is the statistical unit
 * throughout, because the samples inside one are not independent.
 */
export { driftPercent, mannKendall, type TrendTest, theilSenSlope } from './drift.js';
export { median, medianAbsoluteDeviation, quantile } from './quantile.js';
export { rateOf } from './rate.js';
export { compareRounds, type PairedRound, type Ratio, type RatioOptions, ratioVerdict } from './ratio.js';
export { bounds, clockGap, judgeReliability, type ReliabilityInput } from './reliability.js';
export { cleanRounds, roundMedians, type TimedRound } from './rounds.js';
export { clockSaturation, type Saturation } from './saturation.js';
export { type MeanInterval, studentTQuantile, tInterval } from './student-t.js';
export { summarise } from './summary.js';
