import { availableParallelism } from 'node:os';
import type { Baseline, LoadedBaseline } from '../../harness/baseline.js';
import { builtFile } from '../../harness/root.js';
import type { ScanInput } from '../../kernels/sha256d-scan/kernel.js';
import type { Load, Task, Winners } from './node-crypto-thread.js';
import type { Packed } from './node-crypto-work.js';
import { ThreadPool } from './thread-pool.js';

interface Messages {
  readonly messages: readonly Uint8Array[];
}

/** Threads come back for more work about so often, so that one on a slower core holds nobody up for long. */
const CHUNKS_PER_THREAD = 8;

/** Copies messages into memory that all threads see; called once per input set, before anything is timed. */
function shared({ messages }: Messages): Packed {
  let total = 0;
  const ends = Float64Array.from(messages, (message) => {
    total += message.length;
    return total;
  });
  const data = new Uint8Array(new SharedArrayBuffer(total));
  for (const [i, message] of messages.entries()) data.set(message, i === 0 ? 0 : ends[i - 1]);
  return { data, ends };
}

type Assignment = Load extends infer Each
  ? Each extends Load
    ? Omit<Each, 'items' | 'chunk' | 'next'>
    : never
  : never;

const KERNELS: Readonly<Record<string, (inputs: readonly unknown[]) => Assignment & { items: number }>> = {
  sha256: (inputs) => {
    const items = (inputs[0] as Messages).messages.length;
    const digests = new SharedArrayBuffer(32 * items);
    return { kernel: 'sha256', inputs: inputs.map((input) => shared(input as Messages)), digests, items };
  },
  'sha256d-scan': (inputs) => {
    const scans = inputs as readonly ScanInput[];
    return { kernel: 'sha256d-scan', inputs: scans, items: (scans[0] as ScanInput).count };
  },
};

/** Node's own hashing: what a host without a GPU, and without assembly of its own, does. Messages stay in the threads. */
export class NodeCrypto implements Baseline {
  readonly id: string;
  readonly #threads: number;
  #pool: ThreadPool | null = null;

  constructor(id: string, threads: number) {
    this.id = id;
    this.#threads = threads;
  }

  async open(): Promise<string> {
    this.#start();
    const threads = `${this.#threads} thread${this.#threads === 1 ? '' : 's'}`;
    return `node ${process.versions.node}, OpenSSL ${process.versions.openssl}, cpu, ${threads}`;
  }

  unsupported: Baseline['unsupported'] = (kernel) =>
    kernel.id in KERNELS
      ? null
      : `node:crypto is compared on ${Object.keys(KERNELS).join(' and ')}, not on ${kernel.id}`;

  async load(...[kernel, , inputs]: Parameters<Baseline['load']>): Promise<LoadedBaseline> {
    const assign = KERNELS[kernel.id];
    if (assign === undefined) throw new Error(`${this.id} has no ${kernel.id}`);
    // Threads that failed on one workload are replaced for the next.
    const pool = this.#pool?.failure === null ? this.#pool : this.#start();
    const next = new SharedArrayBuffer(4);
    const assigned = assign(inputs);
    const chunk = Math.ceil(assigned.items / (CHUNKS_PER_THREAD * pool.threads));
    const call = (task: Task) => pool.call(task);
    await call({ do: 'load', load: { ...assigned, chunk, next } });
    return {
      provenance: null,
      reasons: [],
      run: async (set) => {
        new Int32Array(next)[0] = 0;
        await call({ do: 'run', set });
      },
      finish: async () => {},
      output: async () => {
        if (assigned.kernel === 'sha256') return { digests: digestsIn(assigned.digests) };
        return { nonces: inScanOrder((await call({ do: 'output' })).flat() as Winners[]) };
      },
      release: async () => {
        // Threads that failed hold nothing, and have been reported by the call that they failed.
        if (pool.failure === null) await call({ do: 'release' });
      },
    };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
    this.#pool = null;
  }

  #start(): ThreadPool {
    void this.#pool?.close();
    this.#pool = new ThreadPool(builtFile('bench/baselines/node-crypto-thread.js'), this.#threads);
    return this.#pool;
  }
}

function digestsIn(memory: SharedArrayBuffer): Uint8Array[] {
  const all = new Uint8Array(memory).slice();
  return Array.from({ length: all.length / 32 }, (_, i) => all.subarray(32 * i, 32 * i + 32));
}

function inScanOrder(parts: readonly Winners[]): Uint32Array {
  const inOrder = [...parts].sort((a, b) => a.chunk - b.chunk);
  const nonces = new Uint32Array(parts.reduce((sum, part) => sum + part.nonces.length, 0));
  let end = 0;
  for (const part of inOrder) {
    nonces.set(part.nonces, end);
    end += part.nonces.length;
  }
  return nonces;
}

/** All cores. */
export const nodeCrypto: Baseline = new NodeCrypto('node-crypto/cpu', availableParallelism());
/** One thread, for the rate of a core. */
export const nodeCryptoOneThread: Baseline = new NodeCrypto('node-crypto/cpu-1', 1);
