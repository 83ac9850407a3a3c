import { randomWords } from '../../kernels/random.js';
import type { TelemetrySample } from '../../reports/telemetry.js';
import type { Answer } from '../protocol.js';

/** Transfers over a card's bus: `samples` of a prepared way, each on the real path. */
export interface Bus {
  round(handle: number, samples: number): Promise<Answer<'round'>>;
  /** The link as it is read now, null where it is not. */
  read(): Promise<TelemetrySample | null>;
}

/** How far links fall: x16 to x4, to x2, to x1. */
const FACTORS = [4, 8, 16] as const;

/**
 * A link that falls back at a moment and stays so: from then on every transfer is made several times, one after the
 * other, and takes as long as they do together. Readings say so where the card tells its link.
 * @param rounds how many rounds are to come; the fall lies between their first third and last quarter
 */
export class DroppingBus implements Bus {
  readonly detail: string;
  readonly #bus: Bus;
  readonly #factor: number;
  readonly #at: number;
  readonly #byWidth: boolean;
  #rounds = 0;

  constructor(bus: Bus, seed: number, rounds: number) {
    const next = randomWords(seed);
    const random = (below: number) => Math.floor((next() / 2 ** 32) * below);
    this.#bus = bus;
    this.#factor = FACTORS[random(FACTORS.length)] as number;
    this.#at = Math.floor(rounds / 3) + random(Math.max(1, Math.floor((5 * rounds) / 12)));
    this.#byWidth = random(2) === 0;
    const how = this.#byWidth ? 'lanes' : 'generations';
    this.detail = `the link falls by ${how} to a ${this.#factor}th before round ${this.#at} of ${rounds}`;
  }

  get #fallen(): boolean {
    return this.#rounds > this.#at;
  }

  async round(handle: number, samples: number): Promise<Answer<'round'>> {
    this.#rounds++;
    if (!this.#fallen) return this.#bus.round(handle, samples);
    // Fewer, so that a round takes about as long as before.
    const slow = Math.max(1, Math.round(samples / this.#factor));
    const answer = await this.#bus.round(handle, slow * this.#factor);
    return {
      ...answer,
      samplesNs: together(answer.samplesNs, this.#factor),
      hostSamplesNs: together(answer.hostSamplesNs, this.#factor),
    };
  }

  async read(): Promise<TelemetrySample | null> {
    const sample = await this.#bus.read();
    if (!sample || !this.#fallen) return sample;
    const { generation, width } = sample.link;
    const link = this.#byWidth
      ? { generation, width: width && Math.max(1, Math.floor(width / this.#factor)) }
      : { generation: generation && Math.max(1, generation - Math.round(Math.log2(this.#factor))), width };
    return { ...sample, link };
  }
}

/** Sums of so many neighbours; what is left over is left out. */
function together(values: readonly number[], count: number): number[] {
  return Array.from({ length: Math.floor(values.length / count) }, (_, i) =>
    values.slice(i * count, (i + 1) * count).reduce((sum, value) => sum + value, 0),
  );
}
