import { hash } from 'node:crypto';
import type { Baseline, LoadedBaseline } from '../../harness/baseline.js';
import type { ScanInput } from '../../kernels/sha256d-scan/kernel.js';

/** SHA-256 (FIPS 180-4) by OpenSSL. `hash` makes no hash object: up to half as fast again on short messages. */
export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** A 32-byte digest read as a little-endian number, as Bitcoin compares it with a target. */
function atMost(digest: Buffer, target: bigint): boolean {
  for (let word = 3; word >= 0; word--) {
    const ours = digest.readBigUInt64LE(8 * word);
    const theirs = (target >> BigInt(64 * word)) & 0xffff_ffff_ffff_ffffn;
    if (ours !== theirs) return ours < theirs;
  }
  return true;
}

/**
 * Nonces n = (firstNonce + i) mod 2³² in scan order whose SHA-256d of the 80-byte header, with n
 * little-endian at byte 76, is at most `target`. Two OpenSSL calls a nonce, one thread.
 */
export function scan({ header, firstNonce, count, target }: ScanInput): Uint32Array {
  const bytes = Buffer.from(header);
  const top = Number((target >> 224n) & 0xffff_ffffn);
  const nonces: number[] = [];
  for (let i = 0; i < count; i++) {
    const nonce = (firstNonce + i) % 2 ** 32;
    bytes.writeUInt32LE(nonce, 76);
    const digest = sha256(sha256(bytes));
    // The highest 32 bits decide all but a few, without a bigint.
    if (digest.readUInt32LE(28) <= top && atMost(digest, target)) nonces.push(nonce);
  }
  return Uint32Array.from(nonces);
}

type Compute = (input: unknown) => unknown;

const KERNELS: Readonly<Record<string, Compute>> = {
  sha256: (input) => ({ digests: (input as { messages: readonly Uint8Array[] }).messages.map((m) => sha256(m)) }),
  'sha256d-scan': (input) => ({ nonces: scan(input as ScanInput) }),
};

/** Node's own hashing on one CPU thread: what a host without a GPU, and without assembly of its own, does. */
class NodeCrypto implements Baseline {
  readonly id = 'node-crypto/cpu';

  async open(): Promise<string> {
    return `node ${process.versions.node}, OpenSSL ${process.versions.openssl}, cpu, 1 thread`;
  }

  unsupported: Baseline['unsupported'] = (kernel) =>
    kernel.id in KERNELS
      ? null
      : `node:crypto is compared on ${Object.keys(KERNELS).join(' and ')}, not on ${kernel.id}`;

  async load(...[kernel, , inputs]: Parameters<Baseline['load']>): Promise<LoadedBaseline> {
    const compute = KERNELS[kernel.id];
    if (compute === undefined) throw new Error(`node-crypto/cpu has no ${kernel.id}`);
    let last: unknown;
    return {
      provenance: null,
      reasons: [],
      run: async (set) => {
        last = compute(inputs[set]);
      },
      finish: async () => {},
      // Buffers are Uint8Arrays, but a deep comparison tells them apart.
      output: async () => plain(last),
      release: async () => {
        last = undefined;
      },
    };
  }

  async close(): Promise<void> {}
}

function plain(output: unknown): unknown {
  const { digests } = output as { digests?: readonly Uint8Array[] };
  return digests ? { digests: digests.map((d) => new Uint8Array(d)) } : output;
}

export const nodeCrypto: Baseline = new NodeCrypto();
