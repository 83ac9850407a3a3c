import type { Arena, Refused, Taken } from '../../bench/tune/arena.js';
import type { SentinelTimes } from '../../harness/protocol.js';
import type { Tuning } from '../../kernels/declaration.js';
import type { ReasonCode } from '../../reports/schema.js';
import { normal, seeded } from '../statistics/random.js';

export interface Simulation<C = Tuning> {
  /** True nanoseconds of one execution. */
  readonly ns: (one: C) => number;
  /** Relative standard deviation of a round. */
  readonly noise: number;
  /** Relative standard deviation of what disturbs neighbours alike, as a random walk. */
  readonly drift?: number;
  readonly seed: number;
  /** Refused when it is prepared. */
  readonly refuses?: (one: C) => Refused | null;
  /** Refused in its n-th round, counting from 1. */
  readonly tires?: (one: C, round: number) => Refused | null;
  /** What the sentinel takes at a time, where there is one: its argument is what the clock says. */
  readonly sentinel?: (now: number) => number;
  readonly prepareMs?: number;
  readonly roundMs?: number;
}

/** A card that costs nothing: a clock that only its own steps move, and times from a seed. */
export class SimulatedArena<C = Tuning> implements Arena<C> {
  readonly prepared: C[] = [];
  readonly held = new Set<C>();
  readonly rounds = new Map<C, number>();
  mostHeld = 0;
  readonly order: C[] = [];
  readonly #s: Simulation<C>;
  readonly #random: () => number;
  #now = 1000;
  #level = 0;

  constructor(simulation: Simulation<C>) {
    this.#s = simulation;
    this.#random = seeded(simulation.seed);
  }

  now(): number {
    return this.#now;
  }

  async prepare(tuning: C): Promise<Refused | null> {
    if (this.held.has(tuning)) return null;
    // What was compiled and verified once is only loaded again.
    this.#now += (this.#s.prepareMs ?? 500) * (this.prepared.includes(tuning) ? 0.2 : 1);
    this.prepared.push(tuning);
    const refusal = this.#s.refuses?.(tuning) ?? null;
    if (!refusal) this.held.add(tuning);
    this.mostHeld = Math.max(this.mostHeld, this.held.size);
    return refusal;
  }

  async round(tuning: C, sentinel: SentinelTimes = 'none'): Promise<Taken | Refused> {
    if (!this.held.has(tuning)) throw new Error(`${JSON.stringify(tuning)} is timed without being ready`);
    this.#now += this.#s.roundMs ?? 100;
    this.order.push(tuning);
    const count = (this.rounds.get(tuning) ?? 0) + 1;
    this.rounds.set(tuning, count);
    const refusal = this.#s.tires?.(tuning, count);
    if (refusal) {
      this.held.delete(tuning);
      return refusal;
    }
    this.#level += (this.#s.drift ?? 0) * normal(this.#random);
    const ns = this.#s.ns(tuning) * Math.exp(this.#level + this.#s.noise * normal(this.#random));
    const reading = this.#s.sentinel?.(this.#now) ?? null;
    const asked = (when: SentinelTimes) => (sentinel === when || sentinel === 'both' ? reading : null);
    return { samplesNs: [ns], hostSamplesNs: [ns], sentinelNs: { before: asked('before'), after: asked('after') } };
  }

  async recheck(): Promise<Refused | null> {
    return null;
  }

  async release(tuning: C): Promise<void> {
    this.held.delete(tuning);
  }

  deviceBytes(): number {
    return 0;
  }
}

export const skipped = (code: ReasonCode): Refused => ({ status: 'skipped', reasons: [{ code, detail: '' }] });

export const wrong = (detail = 'word 0'): Refused => ({
  status: 'failed',
  reasons: [{ code: 'wrong-result', detail }],
});
