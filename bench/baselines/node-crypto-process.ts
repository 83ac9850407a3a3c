import type { ScanInput } from '../../kernels/sha256d-scan/kernel.js';
import { hashMessages, type Packed, scan, unpack } from './node-crypto-work.js';
import { serveTasks } from './process-pool.js';

/** A process's share of every input set, sent once, before anything is timed. */
export type Share =
  | { readonly kernel: 'sha256'; readonly inputs: readonly Packed[] }
  | { readonly kernel: 'sha256d-scan'; readonly inputs: readonly ScanInput[] };

export type Task =
  | { readonly do: 'load'; readonly share: Share }
  | { readonly do: 'run'; readonly set: number }
  /** Answers with what the last run made of the share: digests of 32 bytes, or winning nonces. */
  | { readonly do: 'output' }
  | { readonly do: 'release' };

let run: ((set: number) => Uint8Array | Uint32Array) | null = null;
let last: Uint8Array | Uint32Array | null = null;

function load(share: Share): typeof run {
  if (share.kernel === 'sha256d-scan') return (set) => scan(share.inputs[set] as ScanInput);
  const sets = share.inputs.map(unpack);
  const digests = new Uint8Array(32 * Math.max(...sets.map((messages) => messages.length)));
  return (set) => hashMessages(sets[set] as Uint8Array[], digests);
}

/** Entry of a process of `node-crypto/cpu`. */
serveTasks((task: Task) => {
  switch (task.do) {
    case 'load':
      run = load(task.share);
      return null;
    case 'run':
      if (run === null) throw new Error('told to run before anything was loaded');
      last = run(task.set);
      return null;
    case 'output':
      return last;
    case 'release':
      [run, last] = [null, null];
      return null;
  }
});
