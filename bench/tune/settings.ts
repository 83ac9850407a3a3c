import type { Mode } from '../../reports/schema.js';
import { type Pace, paceOf } from '../run/settings.js';

/** Everything about tuning that the user or the adapter decides. */
export interface TuneSettings {
  /** Seconds for each workload, everything that is done for it included. */
  readonly budgetSeconds: number;
  /** Of the inputs and of the order in which the space is tried. */
  readonly seed: number;
  readonly mode: Mode;
  /** Which variants are tuned; null takes the kernel's shortlist, or all where it has none, that declare a space. */
  readonly variants: readonly string[] | null;
  /** File that remembers the winners; null remembers nothing. */
  readonly cache: string | null;
  /** Rounds of one configuration on a rung, or in a final, at most; absent: what the time allows. */
  readonly mostRounds?: number;
}

/** Rounds that a configuration must have time for, besides its verification. */
export const LEAST_ROUNDS = 8;
/** Before a configuration's rounds. */
export const WARMUP_EXECUTIONS = 2;
/** Together the configurations that are held at once should not need more than this. */
const HELD_BYTES = 512 << 20;
const MOST_HELD = 8;

/**
 * The pace of a run with shorter rounds and a shorter warm-up: there are many configurations, and each round's spin-up
 * follows anyway. A configuration that would use up a sixth of the budget by itself is too slow to be compared.
 */
export function tunePace(software: boolean, budgetMs: number): Pace {
  const pace = paceOf(software);
  return {
    ...pace,
    roundMs: pace.roundMs / 3,
    budgetMs: Math.min(pace.budgetMs, Math.max(1, budgetMs / 6)),
    warmup: { executions: WARMUP_EXECUTIONS, ms: software ? 40 : 80 },
  };
}

/** Challengers that may be held at once beside the default. */
export function capacityFor(deviceBytes: number): number {
  return Math.max(1, Math.min(MOST_HELD, Math.floor(HELD_BYTES / Math.max(1, deviceBytes)) - 1));
}
