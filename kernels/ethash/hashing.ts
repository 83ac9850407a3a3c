import type { Oracle } from '../declaration.js';
import { randomBytes, randomWords } from '../random.js';
import { cacheOf, type Geometry } from './geometry.js';
import { type Digests, hashimoto, lightPages } from './reference.js';

/** What is hashed, whatever the DAG. */
export interface HashInput {
  /** 32 bytes: Keccak-256 of the header without mix hash and nonce. */
  headerHash: Uint8Array;
  nonces: BigUint64Array;
}

export interface EthashOutput {
  /** 32 bytes for every nonce, in order. */
  mixHashes: Uint8Array[];
  /** 32 bytes for every nonce, in order; read big-endian, what a target is compared with. */
  finalHashes: Uint8Array[];
}

/** Consecutive nonces, as a miner tries them, that cross the wrap at 2⁶⁴, for a random header. */
export function hashInput(count: number, seed: number): HashInput {
  const nonces = new BigUint64Array(count);
  const first = -BigInt(Math.ceil(count / 3));
  for (let i = 0; i < count; i++) nonces[i] = BigInt.asUintN(64, first + BigInt(i));
  return { headerHash: randomBytes(32, seed), nonces };
}

/** All nonces on the CPU, pages computed from the light cache. */
export function ethashReference(geometry: Geometry, { headerHash, nonces }: HashInput): EthashOutput {
  const pages = lightPages(cacheOf(geometry));
  const digests = Array.from(nonces, (nonce) => hashimoto(headerHash, nonce, geometry.datasetBytes, pages));
  return { mixHashes: digests.map((d) => d.mixHash), finalHashes: digests.map((d) => d.finalHash) };
}

/** So many hashes are checked against the CPU one by one; of more, a sample of SAMPLE. */
export const FULL_CHECK = 128;
export const SAMPLE = 64;

/**
 * Up to 128 nonces are all hashed by the CPU. Of more, which it could not follow, 64: the first, the last, and one
 * from each stretch between, at a place that the seed chooses. And no two may have the same final hash: an answer
 * that was copied, or that does not depend on its nonce, is seen wherever it is.
 */
export function ethashOracle(geometry: Geometry, input: HashInput, seed: number): Oracle<EthashOutput> {
  const count = input.nonces.length;
  const all = count <= FULL_CHECK;
  const places = all ? Array.from(input.nonces.keys()) : samplePlaces(count, seed);
  const nonces = BigUint64Array.from(places, (at) => input.nonces[at] as bigint);
  const want = ethashReference(geometry, { headerHash: input.headerHash, nonces });
  return {
    method: all
      ? 'every hash against the CPU'
      : `${SAMPLE} hashes against the CPU, all final hashes distinct from each other`,
    tolerance: { kind: 'exact' },
    check: ({ mixHashes, finalHashes }) => {
      const wrong = (detail: string) => ({ correct: false, maxError: null, detail });
      if (mixHashes?.length !== count || finalHashes?.length !== count)
        return wrong(`expected ${count} mix and final hashes, got ${mixHashes?.length} and ${finalHashes?.length}`);
      for (const [i, at] of places.entries())
        for (const [name, got, right] of [
          ['mix hash', mixHashes[at], want.mixHashes[i]],
          ['final hash', finalHashes[at], want.finalHashes[i]],
        ] as const)
          if (hex(got) !== hex(right))
            return wrong(
              `${name} of nonce ${input.nonces[at]} (number ${at}): expected ${hex(right)}, got ${hex(got)}`,
            );
      if (!all) {
        const twin = firstTwin(finalHashes);
        if (twin) return wrong(`nonces number ${twin[0]} and ${twin[1]} have the same final hash`);
      }
      return { correct: true, maxError: 0 };
    },
  };
}

/** For a published hash. */
export function publishedOracle({ mixHash, finalHash }: Digests): Oracle<EthashOutput> {
  return {
    method: 'the published mix and final hash',
    tolerance: { kind: 'exact' },
    check: ({ mixHashes, finalHashes }) => {
      const right = hex(mixHashes[0]) === hex(mixHash) && hex(finalHashes[0]) === hex(finalHash);
      if (right && mixHashes.length === 1) return { correct: true, maxError: 0 };
      const detail = `expected mix ${hex(mixHash)} and final ${hex(finalHash)}, got ${hex(mixHashes[0])} and ${hex(finalHashes[0])}`;
      return { correct: false, maxError: null, detail };
    },
  };
}

export const hex = (bytes: Uint8Array | undefined) =>
  bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex') : 'none';

/** 64 places of `count`, more than that: the first, the last, and one from each stretch between. */
export function samplePlaces(count: number, seed: number): number[] {
  const next = randomWords(seed ^ 0xe7a5);
  const stretch = (count - 2) / (SAMPLE - 2);
  const between = Array.from({ length: SAMPLE - 2 }, (_, i) => {
    const start = 1 + Math.floor(i * stretch);
    return start + (next() % Math.max(1, Math.floor(1 + (i + 1) * stretch) - start));
  });
  return [0, ...between, count - 1];
}

/** By the first 64 bits: among a million hashes a chance twin is one in 30 million. */
function firstTwin(hashes: readonly Uint8Array[]): [number, number] | null {
  const seen = new Map<bigint, number>();
  for (const [at, hash] of hashes.entries()) {
    const key = new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
    const before = seen.get(key);
    if (before !== undefined) return [before, at];
    seen.set(key, at);
  }
  return null;
}
