import { medianAbsoluteDeviation, quantile } from './quantile.js';

/** What the sentinel took before and after a round, in nanoseconds. */
export interface SentinelReading {
  readonly before: number;
  readonly after: number;
}

/** Slower than usual by less is no throttling. */
const LEAST_SLOWDOWN = 0.05;
/** So many standard deviations of neighbouring readings are no chance. */
const DEVIATIONS = 6;
/** Rounds before it is known what is usual. */
const LEAST_HISTORY = 4;
const NORMAL = 1.4826;

/**
 * How long the sentinel may take before a round counts as throttled, in nanoseconds: its usual time, the lower quartile
 * of all readings, and 5 % or six standard deviations more, whichever is more. The deviation is that of a reading from
 * its neighbour, 1.4826 · MAD of ln(after/before) over √2 (F. R. Hampel, "The Influence Curve and Its Role in Robust
 * Estimation", JASA 69 (1974)): so a clock that falls slowly does not widen the bound, and a machine on which every
 * reading differs from the last does. The quartile holds while a card is throttled for less than three quarters of a run.
 *
 * @returns null while fewer than four rounds are known
 * @throws {RangeError} on a reading that is not above zero
 */
export function throttleBound(readings: readonly SentinelReading[]): number | null {
  const bad = readings.findIndex(({ before, after }) => !(before > 0 && after > 0 && Number.isFinite(before + after)));
  if (bad >= 0) throw new RangeError(`sentinel reading ${bad} is ${JSON.stringify(readings[bad])}, not above zero`);
  if (readings.length < LEAST_HISTORY) return null;
  const usual = quantile(
    readings.flatMap(({ before, after }) => [before, after]),
    0.25,
  );
  const steps = readings.map(({ before, after }) => Math.log(after / before));
  const deviation = (NORMAL * medianAbsoluteDeviation(steps)) / Math.SQRT2;
  return usual * Math.exp(Math.max(Math.log1p(LEAST_SLOWDOWN), DEVIATIONS * deviation));
}

/** Whether either reading is beyond the bound; a clock that fell in the middle of a round shows only after it. */
export function isThrottled({ before, after }: SentinelReading, readings: readonly SentinelReading[]): boolean {
  const bound = throttleBound(readings);
  return bound !== null && Math.max(before, after) > bound;
}
