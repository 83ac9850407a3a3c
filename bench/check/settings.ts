import type { Family } from '../../reports/schema.js';
import type { RunSettings } from '../run/settings.js';
import { type Pace, paceOf } from '../run/settings.js';
import { TURNS } from './sitting.js';

/** Everything about a check that the user or the adapter decides. */
export interface CheckSettings {
  readonly against: string;
  /** `custom` where workloads were named. */
  readonly suite: string;
  /** Ids, or ladders. */
  readonly workloads: readonly string[];
  readonly families: readonly Family[] | null;
  readonly variants: RunSettings['variants'];
  readonly seed: number;
  readonly device: string | null;
  readonly software: boolean | null;
  readonly minEffect: number;
  readonly looks: readonly number[];
  /** See `ProcessRules`. */
  readonly processes: number;
  /** Everything included; null is `SECONDS_PER_WORKLOAD` for each workload. */
  readonly budgetSeconds: number | null;
  readonly ambiguous: 'pass' | 'fail';
  /** Time variants too of which both revisions make the device do the very same: an A/A check. */
  readonly timeIdentical: boolean;
}

/** Of all verdicts `faster` and `slower` together. */
export const CONFIDENCE = 0.95;

/** What a check says of its settings, whichever the other side is. */
export function saidOf({ suite, workloads, families, variants, ambiguous }: CheckSettings) {
  return {
    ...{ suite, workloads: [...workloads], families: families && [...families], ambiguous, confidence: CONFIDENCE },
    variants: typeof variants === 'string' ? variants : [...variants],
    mode: 'safe' as const,
  };
}

/** One workload, with all of its variants, is checked within a minute. */
export const SECONDS_PER_WORKLOAD = 50;
/** A change of this size matters. A shared machine cannot hold to the smaller. */
export const minEffectOf = (ci: string | undefined): number =>
  ci === undefined || ['', '0', 'false'].includes(ci) ? 0.01 : 0.02;

/** The pace of a run, but that what the worker takes for a round is one turn of a round's `TURNS`. */
export function checkPace(software: boolean): Pace {
  const pace = paceOf(software);
  // Sittings are many and short, and a spin-up precedes every round.
  return { ...pace, roundMs: pace.roundMs / 2 / TURNS, warmup: { executions: 2, ms: software ? 40 : 80 } };
}
