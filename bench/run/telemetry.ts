import { Sampler, type Telemetry, telemetryOf, withFacts } from '../../harness/telemetry/index.js';
import type { Device } from '../../reports/schema.js';
import type { Recorder } from './recorder.js';

/** What the card tells while a run measures it: once per second into the journal, by a process of its own. */
export class RunTelemetry {
  /** The device, with what telemetry knows of the card itself. */
  readonly device: Device;
  readonly #telemetry: Telemetry;
  #sampler: Sampler | null = null;

  constructor(device: Device, telemetry: Telemetry) {
    this.device = withFacts(device, telemetry);
    this.#telemetry = telemetry;
  }

  begin(recorder: Recorder): void {
    // A journal that takes no more lines fails the run at its own next line: here it only ends the sampling.
    const write = (what: () => void) => {
      try {
        what();
      } catch {
        void this.stop();
      }
    };
    this.#sampler = new Sampler(this.#telemetry, {
      startTMs: recorder.tMs,
      onSample: (sample) => write(() => recorder.append({ type: 'telemetry', sample })),
      onEvent: (event) => write(() => recorder.append({ type: 'event', ...event })),
    });
    this.#sampler.start();
  }

  /** Before the journal's last line; may be called again. */
  async stop(): Promise<void> {
    if (this.#sampler) await this.#sampler.stop();
    else await this.#telemetry.close();
  }
}

/** Never throws: a card without telemetry is measured all the same, and `assay doctor` says what is missing. */
export async function openRunTelemetry(device: Device, env: Readonly<Record<string, string>>): Promise<RunTelemetry> {
  return new RunTelemetry(device, await telemetryOf(device, env));
}
