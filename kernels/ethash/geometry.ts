import { cacheBytes, datasetBytes, HASH_BYTES, PAGE_BYTES, seedHashesOf } from './epochs.js';
import { lightCache } from './light-cache.js';

/** What a hash is computed from. */
export interface Geometry {
  /** In words, for messages. */
  readonly name: string;
  /** A multiple of 64. */
  readonly cacheBytes: number;
  /** A multiple of 128. */
  readonly datasetBytes: number;
  /** The cache's seed is Keccak-256 this many times over of 32 zero bytes. */
  readonly seedHashes: number;
}

/** The DAG of a real network. @param etchash Ethereum Classic's from block 11,700,000 on */
export function epochGeometry(epoch: number, etchash: boolean): Geometry {
  return {
    name: `the DAG of epoch ${epoch}`,
    cacheBytes: cacheBytes(epoch),
    datasetBytes: datasetBytes(epoch),
    seedHashes: seedHashesOf(epoch, etchash),
  };
}

/**
 * A dataset of `kib` KiB from a cache of a 32nd of it and the seed of epoch 0, as clients have it in their own tests:
 * the published small case is 32 KiB from 1024 bytes. No network's.
 * @param kib even
 */
export function reducedGeometry(kib: number): Geometry {
  return { name: `a reduced DAG of ${kib} KiB`, cacheBytes: kib * 32, datasetBytes: kib * 1024, seedHashes: 0 };
}

export const rowsOf = ({ cacheBytes: bytes }: Geometry) => bytes / HASH_BYTES;
export const pagesOf = ({ datasetBytes: bytes }: Geometry) => bytes / PAGE_BYTES;
/** The very same object for the same geometry, as long as it is remembered. */
export const cacheOf = ({ cacheBytes: bytes, seedHashes }: Geometry) => lightCache(bytes, seedHashes);
