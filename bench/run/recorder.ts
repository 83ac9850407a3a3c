import type { Journal } from '../../reports/journal.js';
import type { JournalRecord, PreparedRecord } from '../../reports/journal-records.js';
import type { Measurement, ReasonCode, Round } from '../../reports/schema.js';

const pairKey = (workload: string, implementation: string) => `${workload} ${implementation}`;

/** Ends that a resumed run takes up again; every other last word stands. */
const UNFINISHED: readonly ReasonCode[] = ['worker-died', 'worker-hung', 'device-lost', 'interrupted'];

/** The journal, and what of a run it already holds: the run's only memory, so that killing it loses nothing. */
export class Recorder {
  readonly #journal: Journal;
  readonly #startedAt: number;
  readonly #finals = new Map<string, Measurement>();
  readonly #rounds = new Map<string, Round[]>();
  readonly #deaths = new Map<string, number>();
  #nextOrder = 0;

  /** @param records what an earlier part of the same run wrote */
  constructor(journal: Journal, startedAt: Date, records: readonly JournalRecord[]) {
    this.#journal = journal;
    this.#startedAt = startedAt.getTime();
    for (const record of records) this.#remember(record);
  }

  get path(): string {
    return this.#journal.path;
  }

  /** Milliseconds since the run first started. */
  get tMs(): number {
    return Math.max(0, Date.now() - this.#startedAt);
  }

  rounds(workload: string, implementation: string): readonly Round[] {
    return this.#rounds.get(pairKey(workload, implementation)) ?? [];
  }

  /** Of all measurements, in the order in which they were taken. */
  allRounds(): Round[] {
    return [...this.#rounds.values()].flat().sort((a, b) => a.order - b.order);
  }

  /** How often the worker died or hung while it was at this. */
  deaths(workload: string, implementation: string): number {
    return this.#deaths.get(pairKey(workload, implementation)) ?? 0;
  }

  /** The last word on a measurement, unless the run stopped in the middle of it. */
  final(workload: string, implementation: string): Measurement | null {
    return this.#finals.get(pairKey(workload, implementation)) ?? null;
  }

  finals(): Measurement[] {
    return [...this.#finals.values()];
  }

  prepared(record: Omit<PreparedRecord, 'type'>): void {
    this.append({ type: 'prepared', ...record });
  }

  round(workload: string, implementation: string, round: Omit<Round, 'order' | 'tMs'>): void {
    this.append({
      type: 'round',
      workload,
      implementation,
      round: { ...round, order: this.#nextOrder, tMs: this.tMs },
    });
  }

  measurement(measurement: Measurement): void {
    const { rounds: _, ...rest } = measurement;
    this.append({ type: 'measurement', measurement: rest });
  }

  /** A death is remembered by what the worker was at: `detail` begins with workload and implementation. */
  event(code: string, detail: string): void {
    this.append({ type: 'event', tMs: this.tMs, code, detail });
  }

  append(record: JournalRecord): void {
    this.#journal.append(record);
    this.#remember(record);
  }

  close(): void {
    this.#journal.close();
  }

  #remember(record: JournalRecord): void {
    if (record.type === 'round') {
      const key = pairKey(record.workload, record.implementation);
      const others = (this.#rounds.get(key) ?? []).filter((r) => r.index !== record.round.index);
      this.#rounds.set(
        key,
        [...others, record.round].sort((a, b) => a.index - b.index),
      );
      this.#nextOrder = Math.max(this.#nextOrder, record.round.order + 1);
    }
    if (record.type === 'event' && UNFINISHED.includes(record.code as ReasonCode) && record.code !== 'interrupted') {
      const at = record.detail.split(': ')[0] as string;
      this.#deaths.set(at, (this.#deaths.get(at) ?? 0) + 1);
    }
    if (record.type === 'measurement') {
      const { measurement } = record;
      const key = pairKey(measurement.workload, measurement.implementation);
      const unfinished = measurement.reasons.some(({ code }) => UNFINISHED.includes(code));
      // A measurement that failed by its worker's death is over; one that was skipped for it is not.
      if (unfinished && measurement.status === 'skipped') this.#finals.delete(key);
      else this.#finals.set(key, { ...measurement, rounds: [...(this.#rounds.get(key) ?? [])] });
    }
  }
}
