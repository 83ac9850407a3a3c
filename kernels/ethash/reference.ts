import { PAGE_BYTES } from './epochs.js';
import { keccak256, keccak512, keccak512Words } from './keccak.js';

/** Ethash's stand-in for XOR (specification, "Main loop"; Yellow Paper, appendix J.3, E_FNV). */
export function fnv(a: number, b: number): number {
  return (Math.imul(a, FNV_PRIME) ^ b) >>> 0;
}
export const FNV_PRIME = 0x01000193;
/** Rows of the cache that go into an item of the dataset. */
export const PARENTS = 256;
/** Pages that a hash reads. */
export const ACCESSES = 64;

/**
 * Item `index` of the dataset (specification, "Full dataset calculation"; Yellow Paper, appendix J.3.3).
 * @param cache rows of 16 words
 * @param item receives 16 words
 */
export function datasetItem(cache: Uint32Array, index: number, item: Uint32Array): void {
  const rows = cache.length / 16;
  const start = 16 * (index % rows);
  for (let w = 0; w < 16; w++) item[w] = cache[start + w] as number;
  item[0] = (item[0] as number) ^ index;
  keccak512Words(item, 0);
  for (let parent = 0; parent < PARENTS; parent++) {
    const row = 16 * (fnv(index ^ parent, item[parent % 16] as number) % rows);
    for (let w = 0; w < 16; w++) item[w] = Math.imul(item[w] as number, FNV_PRIME) ^ (cache[row + w] as number);
  }
  keccak512Words(item, 0);
}

/** The whole dataset, for small ones. @param bytes a multiple of 64 */
export function makeDataset(cache: Uint32Array, bytes: number): Uint32Array {
  const dataset = new Uint32Array(bytes / 4);
  for (let i = 0; i < dataset.length / 16; i++) datasetItem(cache, i, dataset.subarray(16 * i, 16 * i + 16));
  return dataset;
}

/** Two digests of 32 bytes. */
export interface Digests {
  readonly mixHash: Uint8Array;
  readonly finalHash: Uint8Array;
}

/** Page `page` of the dataset into 32 words. */
export type ReadPage = (page: number, words: Uint32Array) => void;

/** Pages computed from the cache, as a client verifies a block. */
export function lightPages(cache: Uint32Array): ReadPage {
  return (page, words) => {
    datasetItem(cache, 2 * page, words.subarray(0, 16));
    datasetItem(cache, 2 * page + 1, words.subarray(16, 32));
  };
}

/** Pages read from the dataset, as a miner has it. */
export function fullPages(dataset: Uint32Array): ReadPage {
  return (page, words) => words.set(dataset.subarray(32 * page, 32 * page + 32));
}

/**
 * Hashimoto (specification, "Main loop"; Yellow Paper, appendix J.4).
 * @param headerHash 32 bytes
 * @param datasetBytes a multiple of 128
 */
export function hashimoto(headerHash: Uint8Array, nonce: bigint, datasetBytes: number, readPage: ReadPage): Digests {
  const pages = datasetBytes / PAGE_BYTES;
  const start = new Uint8Array(40);
  start.set(headerHash);
  new DataView(start.buffer).setBigUint64(32, nonce, true);
  const seed = keccak512(start);
  const seedView = new DataView(seed.buffer);
  const mix = Uint32Array.from({ length: 32 }, (_, w) => seedView.getUint32(4 * (w % 16), true));
  const seedHead = mix[0] as number;
  const page = new Uint32Array(32);
  for (let access = 0; access < ACCESSES; access++) {
    readPage(fnv(access ^ seedHead, mix[access % 32] as number) % pages, page);
    for (let w = 0; w < 32; w++) mix[w] = fnv(mix[w] as number, page[w] as number);
  }
  const mixHash = new Uint8Array(32);
  const mixView = new DataView(mixHash.buffer);
  for (let w = 0; w < 8; w++) {
    const [a, b, c, d] = mix.subarray(4 * w, 4 * w + 4) as unknown as [number, number, number, number];
    mixView.setUint32(4 * w, fnv(fnv(fnv(a, b), c), d), true);
  }
  const end = new Uint8Array(96);
  end.set(seed);
  end.set(mixHash, 64);
  return { mixHash, finalHash: keccak256(end) };
}
