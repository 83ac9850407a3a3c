import type { SentinelTimes } from '../../harness/protocol.js';
import type { Reason } from '../../reports/schema.js';

/** What a search needs of whoever measures: the card's worker (card-arena.ts), or a simulation in the tests. */

/** Nanoseconds of one execution, on the measurement's own clock and on the host's. */
export interface Taken {
  readonly samplesNs: readonly number[];
  readonly hostSamplesNs: readonly number[];
  /** What the card's sentinel took, where it was asked for. */
  readonly sentinelNs?: { readonly before: number | null; readonly after: number | null };
}

/** Why a configuration is out: it could not be tried here, or it was tried and is wrong. */
export interface Refused {
  readonly status: 'skipped' | 'failed';
  readonly reasons: readonly Reason[];
}

export interface Arena<C> {
  /**
   * Verifies and warms up, nothing when it is held already; null when it is ready.
   * @param until on the arena's clock: what takes longer is cut off and refused as too slow
   */
  prepare(candidate: C, until?: number): Promise<Refused | null>;
  /** One round of a configuration that is ready. */
  round(candidate: C, sentinel?: SentinelTimes): Promise<Taken | Refused>;
  /** The last check of outputs, inputs and guards after timing; null when all is right. */
  recheck(candidate: C): Promise<Refused | null>;
  /** Gives its buffers back. */
  release(candidate: C): Promise<void>;
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
}

export const isRefused = (answer: Taken | Refused): answer is Refused => 'status' in answer;
