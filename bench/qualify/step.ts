import type { Card } from '../../harness/card.js';
import type { FaultName } from '../../harness/faults/names.js';
import type { CardFacts, TelemetryEvent } from '../../harness/telemetry/index.js';
import type { CheckReasonCode } from '../../reports/check-codes.js';
import type { Check } from '../../reports/schema.js';
import type { TelemetrySample } from '../../reports/telemetry.js';
import type { CheckId, Level } from './names.js';
import type { Policy } from './policy.js';

export { CHECK_IDS, type CheckId, LEVELS, type Level } from './names.js';

/** What a check works with. It may end at any moment: what it wants to keep of unfinished work it reports. */
export interface CheckContext {
  /** Of this check alone; a check that kills its worker ends. @throws {Error} in a check that is `cardless` */
  readonly card: Card;
  /** What telemetry knows of the card; all null where there is none. */
  readonly facts: CardFacts;
  /** Readings so far, once per second, the latest last; empty without telemetry. Grows while the check works. */
  readonly telemetry: readonly TelemetrySample[];
  /** When readings were lost and came back, by the clock of `telemetry`. */
  readonly telemetryEvents?: readonly TelemetryEvent[];
  /** One reading now; null without telemetry, or when it is lost. */
  readTelemetry(): Promise<TelemetrySample | null>;
  readonly policy: Policy;
  readonly level: Level;
  /** The adapter is software: sizes and times are fractions, and nothing is said about hardware. */
  readonly rehearsal: boolean;
  /** Milliseconds that the check should take. */
  readonly budgetMs: number;
  readonly seed: number;
  /** A fault that is rehearsed; null in earnest. A check hands it on to where it acts. */
  readonly fault: FaultName | null;
  /** Checks of this qualification that have ended. */
  readonly earlier: readonly QualifyCheck[];
  readonly signal: AbortSignal;
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
  /** @param share of the check that is done, from 0 to 1 @param what for the progress line, with a rate where there is one */
  progress(share: number, what: string): void;
}

/** A check's outcome as the result keeps it, with codes from the closed union. */
export interface QualifyCheck extends Check {
  readonly id: CheckId;
  readonly reasons: { code: CheckReasonCode; detail: string }[];
}

export type CheckOutcome = Omit<QualifyCheck, 'id'>;

/** One check: what it asks, and how. */
export interface CheckStep {
  readonly id: CheckId;
  readonly title: string;
  /** What it finds out, in a sentence. */
  readonly about: string;
  /** It judges what is known already: no card is opened for it, and its context has none. */
  readonly cardless?: true;
  /**
   * Findings are outcomes, not errors: `fail` when the card is at fault, `inconclusive` when that cannot be said,
   * `skipped` when the card or the machine cannot be asked, each with its reason.
   * @throws {ProcessGone} when the worker died or lost its device: whoever called makes that a finding
   */
  run(context: CheckContext): Promise<CheckOutcome>;
}
