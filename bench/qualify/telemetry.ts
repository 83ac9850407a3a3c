import type { FaultName } from '../../harness/faults/names.js';
import {
  type CardFacts,
  Sampler,
  type Telemetry,
  type TelemetryEvent,
  telemetryOf,
  withFacts,
} from '../../harness/telemetry/index.js';
import type { Device } from '../../reports/schema.js';
import type { TelemetrySample } from '../../reports/telemetry.js';
import { withTelemetryFault } from './telemetry-faults.js';

/** A single reading that takes longer is none. */
const PATIENCE_MS = 3000;

export interface WatchOptions {
  readonly fault: FaultName | null;
  readonly seed: number;
  readonly periodMs: number;
  /** What an earlier part of the same qualification read. */
  readonly samples: readonly TelemetrySample[];
  readonly events: readonly TelemetryEvent[];
}

/** What a card tells while it is qualified: sampled all along, and read at once for whoever asks. */
export class CardWatch {
  readonly device: Device;
  readonly facts: CardFacts;
  readonly samples: TelemetrySample[];
  readonly events: TelemetryEvent[];
  readonly #telemetry: Telemetry;
  readonly #periodMs: number;
  #sampler: Sampler | null = null;
  #startTMs = 0;
  #start = 0;

  private constructor(device: Device, telemetry: Telemetry, { samples, events, periodMs }: WatchOptions) {
    this.device = withFacts(device, telemetry);
    this.facts = telemetry.facts;
    this.#telemetry = telemetry;
    this.#periodMs = periodMs;
    this.samples = [...samples];
    this.events = [...events];
  }

  /** Never throws: a card without telemetry is qualified all the same, and what that leaves open is said. */
  static async open(device: Device, env: Readonly<Record<string, string>>, options: WatchOptions): Promise<CardWatch> {
    const telemetry = await telemetryOf(device, env);
    return new CardWatch(device, oneAtATime(withTelemetryFault(telemetry, options.fault, options.seed)), options);
  }

  /** What is missing, and how it is mended. */
  get problems() {
    return this.#telemetry.problems;
  }

  begin(startTMs: number, onSample: (sample: TelemetrySample) => void, onEvent: (event: TelemetryEvent) => void): void {
    this.#startTMs = startTMs;
    this.#start = performance.now();
    this.#sampler = new Sampler(this.#telemetry, {
      ...{ startTMs, periodMs: this.#periodMs },
      onSample: (sample) => {
        this.samples.push(sample);
        onSample(sample);
      },
      onEvent: (event) => {
        this.events.push(event);
        onEvent(event);
      },
    });
    this.#sampler.start();
  }

  async read(): Promise<TelemetrySample | null> {
    const { source } = this.#telemetry;
    if (source === null) return null;
    const tMs = this.#startTMs + performance.now() - this.#start;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), PATIENCE_MS);
    });
    try {
      const figures = await Promise.race([this.#telemetry.sample(), late]);
      return figures && { tMs, source, ...figures };
    } catch {
      // The sampler sees and tells it too.
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  async stop(): Promise<void> {
    if (this.#sampler) await this.#sampler.stop();
    else await this.#telemetry.close();
  }
}

/** A source answers one question at a time; the sampler and a check may ask together. */
function oneAtATime(telemetry: Telemetry): Telemetry {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...{ source: telemetry.source, facts: telemetry.facts, problems: telemetry.problems },
    close: () => telemetry.close(),
    sample() {
      const mine = last.then(() => telemetry.sample());
      last = mine.catch(() => {});
      return mine;
    },
  };
}
