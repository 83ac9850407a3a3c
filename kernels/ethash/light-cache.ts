import { HASH_BYTES, seedHash } from './epochs.js';
import { keccak512, keccak512Words } from './keccak.js';

/**
 * The light cache: the Ethash specification, "Cache generation" (Yellow Paper, appendix J.3.2): a chain of
 * Keccak-512, then three passes of Lerner's RandMemoHash. Sequential by design.
 * @param bytes a multiple of 64
 * @param seed 32 bytes
 * @returns the rows as little-endian words, 16 each
 */
export function makeLightCache(bytes: number, seed: Uint8Array): Uint32Array {
  const rows = bytes / HASH_BYTES;
  const cache = new Uint32Array(rows * 16);
  const first = keccak512(seed);
  const view = new DataView(first.buffer);
  for (let w = 0; w < 16; w++) cache[w] = view.getUint32(4 * w, true);
  for (let row = 1; row < rows; row++) {
    cache.copyWithin(16 * row, 16 * (row - 1), 16 * row);
    keccak512Words(cache, 16 * row);
  }
  for (let pass = 0; pass < 3; pass++)
    for (let row = 0; row < rows; row++) {
      const at = 16 * row;
      const before = 16 * ((row + rows - 1) % rows);
      const other = 16 * ((cache[at] as number) % rows);
      for (let w = 0; w < 16; w++) cache[at + w] = (cache[before + w] as number) ^ (cache[other + w] as number);
      keccak512Words(cache, at);
    }
  return cache;
}

/** Together they may hold this much; the one used last always stays. */
const MOST_BYTES = 256 * 2 ** 20;
const kept = new Map<string, Uint32Array>();

/**
 * The cache of a seed and size, the very same object as long as it is remembered: making one takes seconds, and
 * what lies on the device is known by the object that it came from.
 */
export function lightCache(bytes: number, seedHashes: number): Uint32Array {
  const key = `${bytes}/${seedHashes}`;
  const cache = kept.get(key) ?? makeLightCache(bytes, seedHash(seedHashes));
  kept.delete(key);
  kept.set(key, cache);
  let held = [...kept.values()].reduce((sum, c) => sum + c.byteLength, 0);
  for (const [oldest, { byteLength }] of kept) {
    if (held <= MOST_BYTES || oldest === key) break;
    kept.delete(oldest);
    held -= byteLength;
  }
  return cache;
}
