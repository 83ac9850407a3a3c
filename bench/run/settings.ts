import type { Mode } from '../../reports/schema.js';
import type { ExternalSource } from '../baselines/external/index.js';

/** Everything about a run that the user or the adapter decides; written into the journal's first line. */
export interface RunSettings {
  readonly suite: string;
  readonly workloads: readonly string[];
  readonly rounds: number;
  readonly seed: number;
  readonly mode: Mode;
  readonly device: string | null;
  readonly software: boolean | null;
  /** Which of our variants take part: all, each kernel's shortlist, or these by id. */
  readonly variants: 'all' | 'shortlist' | readonly string[];
  /** Baselines to run beside ours; null takes all that can compute the workload. */
  readonly baselines: readonly string[] | null;
  /** Other programs whose figures are set beside ours, not verified; none by default. */
  readonly externals?: readonly ExternalSource[];
  /** A command of theirs that takes longer is ended. */
  readonly externalTimeoutSeconds?: number;
}

/** Enough for a language model's benchmark on a slow card. */
export const EXTERNAL_TIMEOUT_SECONDS = 900;

/** How long things may take. A software adapter is hundreds of times slower, and its caches are the CPU's. */
export interface Pace {
  /** Verification, warm-up and the least rounds of one measurement together, predicted. */
  readonly budgetMs: number;
  /** A small pilot fills a card badly: its prediction may exceed the budget by this factor before it decides. */
  readonly pilotSlack: number;
  /** One round aims at this. */
  readonly roundMs: number;
  readonly rotationBytes: number;
  readonly maxInputSets: number;
  readonly warmup: { readonly executions: number; readonly ms: number };
}

export function paceOf(software: boolean): Pace {
  const warmup = { executions: 5, ms: 250 };
  return software
    ? { budgetMs: 10_000, pilotSlack: 1, roundMs: 300, rotationBytes: 32 << 20, maxInputSets: 16, warmup }
    : { budgetMs: 5_000, pilotSlack: 4, roundMs: 150, rotationBytes: 128 << 20, maxInputSets: 32, warmup };
}

/** Executions besides the rounds that a measurement needs: two to verify, one to predict, the warm-up's. */
export const EXECUTIONS_BEFORE_ROUNDS = 3;
/** Samples of one round, at most: more tell nothing that the round's median does not. */
export const MOST_SAMPLES_PER_ROUND = 15;
