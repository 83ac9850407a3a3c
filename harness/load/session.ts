import { setTimeout as rest } from 'node:timers/promises';
import type { Sample } from '../clock.js';
import type { LoadFault } from '../faults/load-faults.js';

/** Something that loads the card: a prepared workload. */
export interface LoadPart {
  readonly clock: 'gpu' | 'host';
  /** Nanoseconds of one execution, as they were when it was prepared. */
  readonly ns: number;
  sample(count: number): Promise<Sample>;
}

export interface LoadOptions {
  /** One submission lasts about so long, far below a driver's patience. */
  readonly submissionMs: number;
  /** How long the load will go on, which is the time that a fault knows. */
  readonly spanMs: number;
  readonly fault: LoadFault | null;
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
  /** Nanoseconds that this process has had of the processors. */
  cpuNs(): number;
}

/** One window of load. Without rests `restMs` is 0. */
export interface LoadStep {
  readonly ms: number;
  /** After so much work the card rests for so long: what it does in between is pulses. */
  readonly busyMs: number;
  readonly restMs: number;
}

export interface LoadWindow {
  /** How often all parts were done, one after the other. */
  readonly cycles: number;
  /** Nanoseconds of the card's work in all of these cycles; rests, and the way to the card, are not in it. */
  readonly ns: number;
  /** Nanoseconds that the process had of the processors: on a software adapter the card's own time, whoever else is there. */
  readonly cpuNs: number;
  /** Of each part, in order. */
  readonly partNs: number[];
  /** Cycles whose stamps were unusable. */
  readonly discarded: number;
  readonly wallMs: number;
}

/** Of one submission: a clock that stands still must not make it endless. */
const MOST_EXECUTIONS = 65536;

/**
 * Keeps a card busy with several workloads in turn: arithmetic, memory and hashing draw power in different places, and
 * one after the other they change several times a second. Every window says how long the same work took in it.
 */
export class LoadSession {
  readonly #parts: readonly LoadPart[];
  readonly #options: LoadOptions;
  readonly #began: number;
  /** Executions of one cycle. */
  readonly counts: readonly number[];
  /** Fractions of executions that a fault adds, until they are a whole one. */
  readonly #owed: number[];

  constructor(parts: readonly LoadPart[], options: LoadOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#began = options.now();
    const count = ({ ns }: LoadPart) => Math.round((options.submissionMs * 1e6) / ns);
    this.counts = parts.map((part) => Math.min(MOST_EXECUTIONS, Math.max(1, count(part))));
    this.#owed = parts.map(() => 0);
  }

  /** Works for `ms`, or a cycle longer; at least one cycle. */
  async step({ ms, busyMs, restMs }: LoadStep): Promise<LoadWindow> {
    const { now, cpuNs } = this.#options;
    const [start, cpuStart] = [now(), cpuNs()];
    const partNs = this.#parts.map(() => 0);
    let [cycles, discarded] = [0, 0];
    for (let pulse = start; ; ) {
      const times = await this.#cycle();
      if (times) {
        cycles++;
        for (const [i, ns] of times.entries()) partNs[i] = (partNs[i] as number) + ns;
      } else discarded++;
      if (now() - start >= ms) break;
      if (restMs > 0 && now() - pulse >= busyMs) {
        await rest(restMs);
        pulse = now();
      }
    }
    const ns = partNs.reduce((sum, one) => sum + one, 0);
    return { cycles, ns, cpuNs: cpuNs() - cpuStart, partNs, discarded, wallMs: now() - start };
  }

  /** @returns nanoseconds of each part; null when one has no usable time */
  async #cycle(): Promise<number[] | null> {
    const times: (number | null)[] = [];
    for (const [i, part] of this.#parts.entries()) {
      const { gpuNs, hostNs } = await part.sample((this.counts[i] as number) + this.#besides(i));
      times.push(part.clock === 'gpu' ? gpuNs : hostNs);
    }
    return times.every((ns) => ns !== null && ns > 0) ? (times as number[]) : null;
  }

  /** The one place where a fault gets in: executions in the same submission that nobody asked for. */
  #besides(part: number): number {
    const { fault, now, spanMs } = this.#options;
    if (!fault) return 0;
    const owed =
      (this.#owed[part] as number) + (this.counts[part] as number) * fault.burden((now() - this.#began) / spanMs);
    const whole = Math.floor(owed);
    this.#owed[part] = owed - whole;
    return whole;
  }
}
