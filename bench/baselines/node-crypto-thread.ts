import { parentPort } from 'node:worker_threads';
import type { ScanInput } from '../../kernels/sha256d-scan/kernel.js';
import { hashMessages, type Packed, scan } from './node-crypto-work.js';
import { serveThread } from './thread-pool.js';

/** What every thread is told once, before anything is timed. */
export type Load = {
  /** Items of work: messages or nonces. Threads take them `chunk` at a time, so that a slower core takes fewer. */
  readonly items: number;
  readonly chunk: number;
  /** One Int32: the next chunk that nobody has taken. */
  readonly next: SharedArrayBuffer;
} & (
  | {
      readonly kernel: 'sha256';
      /** In memory that all threads share. */
      readonly inputs: readonly Packed[];
      /** 32 bytes per message, written where the message stands, whoever hashes it. */
      readonly digests: SharedArrayBuffer;
    }
  | { readonly kernel: 'sha256d-scan'; readonly inputs: readonly ScanInput[] }
);

/** The winners of one chunk of a scan. */
export interface Winners {
  readonly chunk: number;
  readonly nonces: Uint32Array;
}

export type Task =
  | { readonly do: 'load'; readonly load: Load }
  | { readonly do: 'run'; readonly set: number }
  /** Answers with this thread's `Winners[]` of the last run; digests are shared anyway. */
  | { readonly do: 'output' }
  | { readonly do: 'release' };

type Work = (set: number, chunk: number, from: number, to: number) => void;

let load: Load | null = null;
let work: Work = () => {};
let winners: Winners[] = [];

function workOf(to: Load): Work {
  if (to.kernel === 'sha256') {
    const digests = new Uint8Array(to.digests);
    return (set, _, from, end) => hashMessages(to.inputs[set] as Packed, digests, from, end);
  }
  return (set, chunk, from, end) => {
    const input = to.inputs[set] as ScanInput;
    const firstNonce = (input.firstNonce + from) % 2 ** 32;
    winners.push({ chunk, nonces: scan({ ...input, firstNonce, count: end - from }) });
  };
}

function run(set: number): void {
  if (load === null) throw new Error('a thread was told to run before it was given anything');
  const { items, chunk, next } = load;
  const counter = new Int32Array(next);
  winners = [];
  for (;;) {
    const mine = Atomics.add(counter, 0, 1);
    if (mine * chunk >= items) return;
    work(set, mine, mine * chunk, Math.min(items, (mine + 1) * chunk));
  }
}

/** Entry of a thread of `node-crypto/cpu`. */
if (parentPort)
  serveThread(parentPort, (task: Task) => {
    switch (task.do) {
      case 'load':
        load = task.load;
        work = workOf(task.load);
        return null;
      case 'run':
        run(task.set);
        return null;
      case 'output':
        return winners;
      case 'release':
        [load, work, winners] = [null, () => {}, []];
        return null;
    }
  });
