import type { Round } from '../../reports/schema.js';
import { isThrottled, type SentinelReading } from '../../reports/statistics/index.js';

/** A round that was throttled is taken again, so often for one workload. */
export const MOST_REPEATS = 3;

/** All readings of the sentinel on one card: what is usual is learnt from every workload. */
export class ThrottleWatch {
  readonly #readings: SentinelReading[];

  /** @param earlier rounds of the same run, on the same card */
  constructor(earlier: readonly Round[] = []) {
    this.#readings = earlier.flatMap(({ sentinelNs }) => (sentinelNs ? [sentinelNs] : []));
  }

  /** Remembers the reading, and says whether the round was throttled by what is known until then. */
  judge(reading: SentinelReading): boolean {
    this.#readings.push(reading);
    return isThrottled(reading, this.#readings);
  }
}

/** What the worker said, when both times are of use. */
export function readingOf({ before, after }: { before: number | null; after: number | null }): SentinelReading | null {
  return before !== null && after !== null && before > 0 && after > 0 ? { before, after } : null;
}
