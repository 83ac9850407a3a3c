import { setTimeout as delay } from 'node:timers/promises';
import type { Card } from '../../harness/card.js';
import type { FaultName } from '../../harness/faults/names.js';
import { randomWords } from '../../kernels/random.js';
import type { CheckId } from './step.js';

export const PROCESS_FAULTS = ['worker-killed', 'device-lost', 'hung-dispatch'] as const satisfies readonly FaultName[];
type ProcessFault = (typeof PROCESS_FAULTS)[number];

/** Checks that surely work on the card, and for long. */
const BUSY: readonly CheckId[] = ['memory', 'compute', 'load'];
/** Calls to the worker before it strikes, at most. */
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
  readonly #checks: readonly CheckId[];
  readonly #delayMs: number;
  #calls: number;

  /** @param checks of this qualification that open a card, in order */
  constructor(fault: FaultName | null, seed: number, checks: readonly CheckId[]) {
    const next = randomWords(seed);
    const busy = checks.filter((id) => BUSY.includes(id));
    const among = busy.length > 0 ? busy : checks;
    this.#fault = isProcessFault(fault) ? fault : null;
    this.#checks = among.slice(next() % Math.max(1, among.length));
    this.#calls = 1 + (next() % MOST_CALLS);
    this.#delayMs = next() % MOST_DELAY_MS;
  }

  /** @param check that the card was opened for @param struck told when it strikes */
  arm({ worker }: Card, check: CheckId, struck: (fault: string) => void): void {
    const fault = this.#fault;
    if (fault === null || !this.#checks.includes(check) || this.#calls <= 0) return;
    // There is no later one to strike.
    if (check === this.#checks.at(-1)) this.#calls = 1;
    const call = worker.call.bind(worker);
    let hung = false;
    worker.call = async (method, params, timeoutMs) => {
      const strikes = this.#calls > 0 && --this.#calls === 0;
      if (strikes) struck(fault);
      if (strikes && fault === 'worker-killed') {
        const killed = delay(this.#delayMs).then(() => worker.kill());
        const answer = await call(method, params, timeoutMs);
        await killed;
        return answer;
      }
      if (strikes) {
        hung = fault === 'hung-dispatch';
        // Never answered: what the check itself asked, which waits behind it, tells.
        call('suffer', { how: hung ? 'hang' : 'device-lost' }, SUFFER_TIMEOUT_MS).catch(() => {});
      }
      return call(method, params, hung ? Math.min(timeoutMs, PATIENCE_MS) : timeoutMs);
    };
  }
}
