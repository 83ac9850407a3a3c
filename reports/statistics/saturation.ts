import { mustBeFinite } from './finite.js';
import { median, medianAbsoluteDeviation } from './quantile.js';

/**
 * How a clock betrays that it is too coarse for what it timed: more than half the samples are zero,
 * they take very few values, or at least half of them are the same value.
 */
export type Saturation = 'zero-dominated' | 'low-distinct' | 'zero-mad';

/** A clock step under 0.5 % of the sample does no harm: it is half of the smallest change that is ever reported. */
const HARMLESS_STEPS = 200;
/** Fewer samples repeat values by chance. */
const MIN_SAMPLES = 10;

/**
 * Whether the clock's steps, and not the work, made these samples. The three signs are tinybench's
 * (`classifyTimerSaturation`); here few values count only when one step of the clock is more than 0.5 %
 * of the median sample, because a GPU that repeats itself exactly over a thousand steps is no fault.
 *
 * @param samplesNs whole timed samples, not divided by the batch, in nanoseconds
 * @param resolutionNs smallest positive step of the clock; 0 when unknown, which condemns few values alone
 * @throws {RangeError} when a sample is not finite
 */
export function clockSaturation(samplesNs: readonly number[], resolutionNs: number): Saturation | null {
  mustBeFinite(samplesNs, 'a look at the clock');
  const n = samplesNs.length;
  if (n === 0) return null;
  if (samplesNs.filter((ns) => ns === 0).length * 2 > n) return 'zero-dominated';
  const harmless = resolutionNs > 0 && median(samplesNs) >= HARMLESS_STEPS * resolutionNs;
  if (n < MIN_SAMPLES || harmless) return null;
  // Samples come divided by the batch and multiplied again: equal readings may differ in the last bit.
  const step = resolutionNs > 0 ? resolutionNs : 1e-3;
  const readings = samplesNs.map((ns) => Math.round(ns / step));
  if (new Set(readings).size < Math.max(3, Math.min(10, Math.floor(n / 1000)))) return 'low-distinct';
  return medianAbsoluteDeviation(readings) === 0 ? 'zero-mad' : null;
}
