import { availableParallelism } from 'node:os';
import type { Baseline, LoadedBaseline } from '../../harness/baseline.js';
import { builtFile } from '../../harness/root.js';
import type { ScanInput } from '../../kernels/sha256d-scan/kernel.js';
import type { Share, Task } from './node-crypto-process.js';
import { pack } from './node-crypto-work.js';
import { ProcessPool } from './process-pool.js';

interface Computation {
  /** Process i's share when `parts` share the work equally. */
  share(inputs: readonly unknown[], i: number, parts: number): Share;
  /** The kernel's output from the processes' parts of it, in order. */
  join(parts: readonly unknown[]): unknown;
}

const KERNELS: Readonly<Record<string, Computation>> = {
  sha256: {
    share: (inputs, i, parts) => ({
      kernel: 'sha256',
      inputs: (inputs as readonly { messages: readonly Uint8Array[] }[]).map(({ messages }) =>
        pack(messages.slice(...range(messages.length, i, parts))),
      ),
    }),
    join: (parts) => ({ digests: (parts as readonly Uint8Array[]).flatMap(digestsIn) }),
  },
  'sha256d-scan': {
    share: (inputs, i, parts) => ({
      kernel: 'sha256d-scan',
      inputs: (inputs as readonly ScanInput[]).map((input) => {
        const [from, to] = range(input.count, i, parts);
        return { ...input, firstNonce: (input.firstNonce + from) % 2 ** 32, count: to - from };
      }),
    }),
    // Each part is in scan order, and the parts follow one another.
    join: (parts) => ({ nonces: Uint32Array.from((parts as readonly Uint32Array[]).flatMap((part) => [...part])) }),
  },
};

const range = (items: number, i: number, parts: number): [number, number] => [
  Math.floor((items * i) / parts),
  Math.floor((items * (i + 1)) / parts),
];

function digestsIn(all: Uint8Array): Uint8Array[] {
  return Array.from({ length: all.length / 32 }, (_, i) => new Uint8Array(all.subarray(32 * i, 32 * i + 32)));
}

/**
 * Node's own hashing: what a host without a GPU, and without assembly of its own, does. It computes in processes and
 * not in threads, because OpenSSL 3 counts references to its one SHA-256 object in every call, and threads that do
 * nothing but hash get in one another's way there (docs/performance.md, "Hashing on the CPU").
 */
export class NodeCrypto implements Baseline {
  readonly id: string;
  readonly #processes: number;
  #pool: ProcessPool | null = null;

  constructor(id: string, processes: number) {
    this.id = id;
    this.#processes = processes;
  }

  async open(): Promise<string> {
    this.#start();
    const processes = `${this.#processes} process${this.#processes === 1 ? '' : 'es'} of one thread`;
    return `node ${process.versions.node}, OpenSSL ${process.versions.openssl}, cpu, ${processes}`;
  }

  unsupported: Baseline['unsupported'] = (kernel) =>
    kernel.id in KERNELS
      ? null
      : `node:crypto is compared on ${Object.keys(KERNELS).join(' and ')}, not on ${kernel.id}`;

  async load(...[kernel, , inputs]: Parameters<Baseline['load']>): Promise<LoadedBaseline> {
    const computation = KERNELS[kernel.id];
    if (computation === undefined) throw new Error(`${this.id} has no ${kernel.id}`);
    // Processes that failed on one workload are replaced for the next.
    const pool = this.#pool?.failure === null ? this.#pool : this.#start();
    const call = (task: (i: number) => Task) => pool.call(task);
    await call((i) => ({ do: 'load', share: computation.share(inputs, i, pool.size) }));
    return {
      provenance: null,
      reasons: [],
      run: async (set) => {
        await call(() => ({ do: 'run', set }));
      },
      finish: async () => {},
      output: async () => computation.join(await call(() => ({ do: 'output' }))),
      release: async () => {
        // Processes that failed hold nothing, and were reported by the call that they failed.
        if (pool.failure === null) await call(() => ({ do: 'release' }));
      },
    };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
    this.#pool = null;
  }

  #start(): ProcessPool {
    void this.#pool?.close();
    this.#pool = new ProcessPool(builtFile('bench/baselines/node-crypto-process.js'), this.#processes);
    return this.#pool;
  }
}

/** All cores. */
export const nodeCrypto: Baseline = new NodeCrypto('node-crypto/cpu', availableParallelism());
/** One process of one thread, for the rate of a core. */
export const nodeCryptoOneCore: Baseline = new NodeCrypto('node-crypto/cpu-1', 1);
