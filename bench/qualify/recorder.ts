import type { TelemetryEvent } from '../../harness/telemetry/index.js';
import type { Journal } from '../../reports/journal.js';
import type { JournalRecord } from '../../reports/journal-records.js';
import type { Check } from '../../reports/schema.js';
import type { TelemetrySample } from '../../reports/telemetry.js';
import type { QualifyCheck } from './step.js';

/** The journal of a qualification, its only memory: each finished check is one line. */
export class QualifyRecorder {
  readonly #journal: Journal;
  readonly #startedAt: number;
  readonly #checks: QualifyCheck[] = [];
  readonly #onFailure: () => void;
  #failure: Error | null = null;

  /** @param records what an earlier part wrote @param onFailure the journal takes no more lines: there is nothing to go on for */
  constructor(journal: Journal, startedAt: Date, records: readonly JournalRecord[], onFailure: () => void) {
    this.#journal = journal;
    this.#startedAt = startedAt.getTime();
    this.#onFailure = onFailure;
    for (const record of records) if (record.type === 'check') this.#remember(record.check);
  }

  get tMs(): number {
    return Math.max(0, Date.now() - this.#startedAt);
  }

  get checks(): readonly QualifyCheck[] {
    return this.#checks;
  }

  has(id: string): boolean {
    return this.#checks.some((check) => check.id === id);
  }

  check(check: QualifyCheck): void {
    this.append({ type: 'check', check });
    this.#remember(check);
  }

  event(code: string, detail: string): void {
    this.append({ type: 'event', tMs: this.tMs, code, detail });
  }

  /** Of the sampler's timer, where nobody catches: kept until the check at work has ended, which it does at once. */
  readonly sample = (sample: TelemetrySample): void => this.#quietly({ type: 'telemetry', sample });
  readonly telemetryEvent = (event: TelemetryEvent): void => this.#quietly({ type: 'event', ...event });

  append(record: JournalRecord): void {
    this.throwFailure();
    try {
      this.#journal.append(record);
    } catch (error) {
      this.#fail(error as Error);
      throw error;
    }
  }

  /** @throws what kept a line from being written */
  throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  close(): void {
    this.#journal.close();
  }

  #quietly(record: JournalRecord): void {
    try {
      this.append(record);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#onFailure();
  }

  #remember(check: Check): void {
    this.#checks.push(check as QualifyCheck);
  }
}
