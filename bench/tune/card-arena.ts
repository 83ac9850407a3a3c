import type { Answer, SentinelTimes } from '../../harness/protocol.js';
import type { Tuning } from '../../kernels/declaration.js';
import { type PrepareSettings, prepareParams } from '../run/prepare-params.js';
import type { Workload } from '../suites/index.js';
import type { Arena, Refused, Taken } from './arena.js';
import type { Workbench } from './workbench.js';

/** A variant with values for its tuning parameters. Compared by identity: one object is one configuration. */
export interface Candidate {
  /** As in results, e.g. `assay/tiled`. */
  readonly implementation: string;
  readonly tuning: Tuning;
}

interface Held {
  readonly handle: number;
  readonly generation: number;
  readonly samples: number;
  readonly sampleNs: number;
  readonly deviceBytes: number;
  readonly prepared: Answer<'prepare'>;
}

const PREPARE_TIMEOUT_MS = 120_000;
/** However little time is left, what has begun gets a fair chance. */
const LEAST_PATIENCE_MS = 3000;
const ROUND_TIMEOUT_MS = 60_000;
const RELEASE_TIMEOUT_MS = 30_000;
const MOST_SAMPLES_PER_ROUND = 9;
let nextHandle = 1;

/** Measures configurations of one workload on the card, by the same worker's methods as `assay run`. */
export class CardArena implements Arena<Candidate> {
  readonly #bench: Workbench;
  readonly #workload: Workload;
  readonly #settings: PrepareSettings;
  readonly #began: (candidate: Candidate, what: string) => void;
  readonly #held = new Map<Candidate, Held>();
  readonly #proven = new Set<Candidate>();

  /** @param began told before every step, for the progress line */
  constructor(
    bench: Workbench,
    workload: Workload,
    settings: PrepareSettings,
    began: (candidate: Candidate, what: string) => void,
  ) {
    this.#bench = bench;
    this.#workload = workload;
    this.#settings = settings;
    this.#began = began;
  }

  now(): number {
    return performance.now();
  }

  async prepare(candidate: Candidate, until?: number): Promise<Refused | null> {
    if (this.#alive(candidate)) return null;
    this.#began(candidate, 'verifying');
    const handle = nextHandle++;
    const { implementation, tuning } = candidate;
    const params = prepareParams(this.#workload, implementation, tuning, handle, this.#settings);
    const patience = until === undefined ? undefined : Math.max(LEAST_PATIENCE_MS, until - this.now());
    const answer = await this.#bench.ask(
      (worker) => worker.call('prepare', params, Math.min(patience ?? PREPARE_TIMEOUT_MS, PREPARE_TIMEOUT_MS)),
      patience,
    );
    if (!('correctness' in answer)) return answer;
    if (answer.status !== 'ready') return { status: answer.status, reasons: answer.reasons };
    const sampleNs = answer.sampleNs ?? 1;
    const wanted = Math.round((this.#settings.pace.roundMs * 1e6) / Math.max(1, sampleNs));
    this.#held.set(candidate, {
      ...{ handle, generation: this.#bench.generation, sampleNs, deviceBytes: answer.deviceBytes ?? 0 },
      prepared: answer,
      samples: Math.min(MOST_SAMPLES_PER_ROUND, Math.max(1, wanted)),
    });
    if (!this.#proven.has(candidate)) this.#bench.survived();
    this.#proven.add(candidate);
    return null;
  }

  async round(candidate: Candidate, sentinel: SentinelTimes = 'none'): Promise<Taken | Refused> {
    // A worker that died under another configuration took this one with it.
    const refusal = await this.prepare(candidate);
    if (refusal) return refusal;
    this.#began(candidate, 'timing');
    const { handle, samples, sampleNs } = this.#get(candidate);
    const timeout = ROUND_TIMEOUT_MS + (20 * samples * sampleNs) / 1e6;
    const answer = await this.#bench.ask((worker) => worker.call('round', { handle, samples, sentinel }, timeout));
    if ('status' in answer) return answer;
    if (answer.reasons.length === 0) return answer;
    await this.release(candidate);
    return { status: 'failed', reasons: answer.reasons };
  }

  async recheck(candidate: Candidate): Promise<Refused | null> {
    // Its rounds were judged one by one; what a dead worker held cannot be looked at any more.
    if (!this.#alive(candidate)) return null;
    const { handle } = this.#get(candidate);
    const answer = await this.#bench.ask((worker) => worker.call('recheck', { handle }, PREPARE_TIMEOUT_MS));
    if ('status' in answer) return answer;
    return answer.reasons.length > 0 ? { status: 'failed', reasons: answer.reasons } : null;
  }

  async release(candidate: Candidate): Promise<void> {
    const alive = this.#alive(candidate);
    const held = this.#held.get(candidate);
    this.#held.delete(candidate);
    if (alive && held)
      await this.#bench.ask((worker) => worker.call('release', { handle: held.handle }, RELEASE_TIMEOUT_MS));
  }

  /** Gives back everything. */
  async releaseAll(): Promise<void> {
    for (const candidate of [...this.#held.keys()]) await this.release(candidate);
  }

  /** Bytes on the device of one that is held; 0 where that is not known. */
  deviceBytes(candidate: Candidate): number {
    return this.#held.get(candidate)?.deviceBytes ?? 0;
  }

  /** What the worker said of one that is held; null of any other. */
  prepared(candidate: Candidate): Answer<'prepare'> | null {
    return this.#held.get(candidate)?.prepared ?? null;
  }

  #alive(candidate: Candidate): boolean {
    return this.#held.get(candidate)?.generation === this.#bench.generation;
  }

  #get(candidate: Candidate): Held {
    return this.#held.get(candidate) as Held;
  }
}
