import type { TelemetrySample } from '../../reports/telemetry.js';
import { noFigures, type Telemetry } from './types.js';

/** A moment at which the source fell silent or spoke again. */
export interface TelemetryEvent {
  readonly tMs: number;
  readonly code: 'telemetry-lost' | 'telemetry-back';
  readonly detail: string;
}

export interface SamplerOptions {
  readonly periodMs?: number;
  /** A reading that takes longer counts as lost; readings are never in flight together. */
  readonly patienceMs?: number;
  /** Milliseconds since the run started, at the moment of `start()`. */
  readonly startTMs?: number;
  readonly onSample?: (sample: TelemetrySample) => void;
  readonly onEvent?: (event: TelemetryEvent) => void;
  /** A clock in milliseconds that never jumps; tests give their own, with `setTimer`. */
  readonly clock?: () => number;
  /** Calls back after so many milliseconds, without keeping the process alive; @returns how to cancel it. */
  readonly setTimer?: (callback: () => void, ms: number) => () => void;
}

function unrefTimer(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms).unref();
  return () => clearTimeout(timer);
}

/**
 * Reads a source once per second, on its own timer, and keeps every sample. Ticks are multiples of the period from the
 * start, so that lateness never adds up; a missed one is left out. A source that fails leaves samples of nulls, its
 * moments are told as events, and it is asked again at every tick.
 */
export class Sampler {
  readonly samples: TelemetrySample[] = [];
  readonly events: TelemetryEvent[] = [];
  readonly #telemetry: Telemetry;
  readonly #options: Required<Omit<SamplerOptions, 'onSample' | 'onEvent'>> & SamplerOptions;
  #start = 0;
  #tick = -1;
  /** When the reading in flight began, by `clock`; null when there is none. */
  #reading: number | null = null;
  #lost = false;
  #running = false;
  #cancel = () => {};

  constructor(telemetry: Telemetry, options: SamplerOptions = {}) {
    this.#telemetry = telemetry;
    this.#options = {
      ...{ periodMs: 1000, patienceMs: 3000, startTMs: 0, clock: () => performance.now(), setTimer: unrefTimer },
      ...options,
    };
  }

  /** Takes the first sample now. A card without a source has no samples. */
  start(): void {
    if (this.#running || this.#telemetry.source === null) return;
    this.#running = true;
    this.#start = this.#options.clock();
    this.#tick = -1;
    this.#onTick();
  }

  /** Ends sampling and closes the source. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#cancel();
    await this.#telemetry.close();
  }

  get #elapsed(): number {
    return this.#options.clock() - this.#start;
  }

  #onTick(): void {
    if (!this.#running) return;
    const { periodMs, patienceMs, clock, setTimer } = this.#options;
    // A timer may fire a little early: never the same tick twice.
    this.#tick = Math.max(this.#tick + 1, Math.floor(this.#elapsed / periodMs));
    this.#cancel = setTimer(() => this.#onTick(), Math.max(0, (this.#tick + 1) * periodMs - this.#elapsed));
    if (this.#reading === null) void this.#read();
    else if (clock() - this.#reading >= patienceMs)
      this.#fail(this.#elapsed, `no answer for ${Math.round((clock() - this.#reading) / 1000)} s`);
  }

  async #read(): Promise<void> {
    const began = this.#options.clock();
    const elapsed = began - this.#start;
    this.#reading = began;
    try {
      const figures = await this.#telemetry.sample();
      // What was read when it was given up belongs to no known moment.
      const late = this.#options.clock() - began >= this.#options.patienceMs && this.#lost;
      if (!this.#running || late) return;
      if (this.#lost) this.#tell(elapsed, 'telemetry-back', 'the source answers again');
      this.#lost = false;
      this.#keep(elapsed, figures);
    } catch (error) {
      if (this.#running) this.#fail(elapsed, error instanceof Error ? error.message : String(error));
    } finally {
      this.#reading = null;
    }
  }

  #fail(elapsed: number, detail: string): void {
    if (!this.#lost) this.#tell(elapsed, 'telemetry-lost', detail);
    this.#lost = true;
    this.#keep(elapsed, noFigures());
  }

  #keep(elapsed: number, figures: Omit<TelemetrySample, 'tMs' | 'source'>): void {
    const { source } = this.#telemetry;
    if (source === null) return;
    const sample = { tMs: this.#options.startTMs + elapsed, source, ...figures };
    this.samples.push(sample);
    this.#options.onSample?.(sample);
  }

  #tell(elapsed: number, code: TelemetryEvent['code'], detail: string): void {
    const event = { tMs: this.#options.startTMs + elapsed, code, detail };
    this.events.push(event);
    this.#options.onEvent?.(event);
  }
}
