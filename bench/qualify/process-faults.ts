import type { Card } from '../../harness/card.js';
import type { FaultName } from '../../harness/faults/names.js';
import { randomWords } from '../../kernels/random.js';

export const PROCESS_FAULTS = ['worker-killed', 'device-lost', 'hung-dispatch'] as const satisfies readonly FaultName[];
type ProcessFault = (typeof PROCESS_FAULTS)[number];

/** Calls to the worker before it strikes, at most; a check that does anything makes some. */
const MOST_CALLS = 3;
/** A kill comes so much later than a call, at most: in the middle of its work. */
const MOST_DELAY_MS = 60;
/** How long a rehearsal waits for a worker that will never answer. */
const PATIENCE_MS = 4000;
const SUFFER_TIMEOUT_MS = 700_000;

const isProcessFault = (fault: FaultName | null): fault is ProcessFault =>
  fault !== null && (PROCESS_FAULTS as readonly FaultName[]).includes(fault);

/**
 * Strikes the worker once, at a call that the seed chooses, counted from the check that it chooses. The check sees what
 * it would see of a card that does this by itself.
 */
export class ProcessFaults {
  readonly #fault: ProcessFault | null;
  readonly #first: number;
  readonly #delayMs: number;
  #calls: number;

  /** @param checks of this qualification that open a card */
  constructor(fault: FaultName | null, seed: number, checks: number) {
    const next = randomWords(seed);
    this.#fault = isProcessFault(fault) ? fault : null;
    this.#first = checks > 0 ? next() % checks : 0;
    this.#calls = 1 + (next() % MOST_CALLS);
    this.#delayMs = next() % MOST_DELAY_MS;
  }

  /** @param index of the check among those that open a card @param struck told when it strikes */
  arm({ worker }: Card, index: number, struck: (fault: string) => void): void {
    const fault = this.#fault;
    if (fault === null || index < this.#first || this.#calls <= 0) return;
    const call = worker.call.bind(worker);
    worker.call = (method, params, timeoutMs) => {
      if (this.#calls > 0 && --this.#calls === 0) {
        struck(fault);
        if (fault === 'worker-killed') setTimeout(() => void worker.kill(), this.#delayMs);
        else {
          // Its answer never comes; what the check asked next is what tells.
          const how = fault === 'hung-dispatch' ? 'hang' : fault;
          call('suffer', { how }, SUFFER_TIMEOUT_MS).catch(() => {});
        }
      }
      const patience = fault === 'hung-dispatch' && this.#calls === 0 ? PATIENCE_MS : timeoutMs;
      return call(method, params, Math.min(timeoutMs, patience));
    };
  }
}
