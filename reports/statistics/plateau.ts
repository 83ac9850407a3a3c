import { mannKendall, theilSenSlope } from './drift.js';
import { median } from './quantile.js';

export interface PlateauOptions {
  /** Windows over which a slope is taken; fewer say nothing. */
  readonly windows: number;
  readonly windowsPerMinute: number;
  /** Of the rate, in percent of its median per minute, either way. */
  readonly ratePercentPerMinute: number;
  /** Of the temperature. */
  readonly celsiusPerMinute: number;
}

/** A smaller probability than this, and the rate has a trend. */
const TREND = 0.05;

/**
 * Whether the last windows are a plateau: the temperature, where it is known in all but a tenth of them, moves by less
 * than its bound, and so does the rate (Theil–Sen), or its slope cannot be told from none (Mann–Kendall).
 *
 * @param rates in time order, finite and positive
 * @param temperatures of the same windows, °C; null where not told
 */
export function atPlateau(
  rates: readonly number[],
  temperatures: readonly (number | null)[],
  { windows, windowsPerMinute, ratePercentPerMinute, celsiusPerMinute }: PlateauOptions,
): boolean {
  if (rates.length < windows) return false;
  const known = temperatures.slice(-windows).filter((t): t is number => t !== null);
  if (known.length >= 0.9 * windows && Math.abs(theilSenSlope(known)) * windowsPerMinute >= celsiusPerMinute)
    return false;
  const last = rates.slice(-windows);
  const percent = (100 * theilSenSlope(last) * windowsPerMinute) / median(last);
  return Math.abs(percent) < ratePercentPerMinute || mannKendall(last).p >= TREND;
}

/**
 * Number of windows after which the plateau was reached, the windows by which it showed included; null when it never
 * was within the first `most`.
 */
export function plateauAt(
  rates: readonly number[],
  temperatures: readonly (number | null)[],
  options: PlateauOptions,
  most: number,
): number | null {
  for (let n = options.windows; n <= Math.min(most, rates.length); n++)
    if (atPlateau(rates.slice(0, n), temperatures.slice(0, n), options)) return n;
  return null;
}
