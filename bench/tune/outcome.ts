import type { Tuning, TuningSpace } from '../../kernels/declaration.js';
import type { Calibration, Device, Rate, Reason } from '../../reports/schema.js';
import type { Ratio } from '../../reports/statistics/index.js';
import type { Refused } from './arena.js';
import type { VariantSearch } from './tune-variant.js';

/** A configuration that was refused, with the reason. */
export interface RefusedTuning {
  readonly tuning: Tuning;
  readonly status: 'skipped' | 'failed';
  readonly reasons: readonly Reason[];
}

/** What came of one variant on one workload. */
export interface VariantOutcome {
  readonly variant: string;
  readonly space: TuningSpace;
  readonly spaceSize: number;
  /** Configurations that were verified, the default included. */
  readonly tried: number;
  /** Configurations for which there was no time. */
  readonly untried: number;
  readonly refused: readonly RefusedTuning[];
  /** Timed challengers, best first, with the ratio of their rate to the default's as the search saw it. */
  readonly ranking: readonly { readonly tuning: Tuning; readonly ratio: number }[];
  readonly rungs: readonly { readonly size: number; readonly rounds: number }[];
  readonly defaultTuning: Tuning;
  readonly defaultRate: Rate | null;
  readonly winner: Tuning | null;
  readonly winnerRate: Rate | null;
  /** The best of the others, whether it won or not; null when none came so far. */
  readonly challenger: Tuning | null;
  /** The best challenger against the default, paired by round, in rounds of their own; null where there was no such pair. */
  readonly ratio: Ratio | null;
  readonly decision: VariantSearch<unknown>['decision'];
  /** Rounds of that comparison. */
  readonly rounds: number;
}

/** How the variants compare, each with its winner. */
export interface FastestVariant {
  readonly variant: string;
  /** The second best and the ratio of rates, when both were timed in the same rounds. */
  readonly second: string | null;
  readonly ratio: Ratio | null;
}

export interface WorkloadOutcome {
  readonly workload: string;
  readonly variants: readonly VariantOutcome[];
  /** Variants that were not tuned to the end, or not at all, by id. */
  readonly unfinished: readonly string[];
  /** Variants whose default was refused and that were not tuned: too slow here, or nothing to tune. */
  readonly refused: readonly { readonly variant: string; readonly tuning: Tuning; readonly refusal: Refused }[];
  readonly fastest: FastestVariant | null;
  readonly seconds: number;
}

export interface TuneOutcome {
  readonly device: Device;
  readonly calibration: Calibration;
  readonly workloads: readonly WorkloadOutcome[];
  /** Where the winners were kept; null with --no-cache. */
  readonly cache: string | null;
  /** Why it ended before its end; null when it did not. */
  readonly stopped: Reason | null;
  readonly exitCode: number;
}
