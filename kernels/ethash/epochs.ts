import { InputError } from '../errors.js';
import { keccak256 } from './keccak.js';

/**
 * Sizes and seeds by epoch: Ethash specification, "Definitions" and "Parameters" (ethereum.org, Ethash); Yellow
 * Paper, appendix J.1 and J.2. For Ethereum Classic from block 11,700,000 on: ECIP-1099.
 */

/** Blocks of an epoch. */
export const EPOCH_LENGTH = 30_000;
/** ECIP-1099: epochs of Etchash are twice as long, from this block of Ethereum Classic on. */
export const ETCHASH_EPOCH_LENGTH = 60_000;
export const ETCHASH_FIRST_BLOCK = 11_700_000;
export const ETCHASH_FIRST_EPOCH = ETCHASH_FIRST_BLOCK / ETCHASH_EPOCH_LENGTH;
/** The tables that clients carry end here (go-ethereum, consensus/ethash, maxEpoch): a dataset of 17 GiB. */
export const MOST_EPOCHS = 2048;

/** Bytes of a row of the cache, and of an item of the dataset. */
export const HASH_BYTES = 64;
/** Bytes of a page: two items, which one access reads. */
export const PAGE_BYTES = 128;

/** The epoch of a block, and how many times its seed was hashed. */
export interface Epoch {
  /** Sizes follow from it. */
  readonly epoch: number;
  /** The seed is Keccak-256 this many times over of 32 zero bytes. */
  readonly seedHashes: number;
}

/**
 * @param etchash the block is Ethereum Classic's: from 11,700,000 on epochs are 60,000 blocks long
 * @throws {InputError} beyond epoch 2047
 */
export function epochOfBlock(blockNumber: number, etchash = false): Epoch {
  const doubled = etchash && blockNumber >= ETCHASH_FIRST_BLOCK;
  const length = doubled ? ETCHASH_EPOCH_LENGTH : EPOCH_LENGTH;
  const epoch = Math.floor(blockNumber / length);
  if (epoch >= MOST_EPOCHS)
    throw new InputError(
      `ethash: blockNumber must be below ${MOST_EPOCHS * length} (epoch ${MOST_EPOCHS}), got ${blockNumber}`,
    );
  return { epoch, seedHashes: seedHashesOf(epoch, doubled) };
}

/** ECIP-1099 goes on counting seeds by 30,000 blocks, so that no seed is used twice: those of even number. */
export function seedHashesOf(epoch: number, etchash: boolean): number {
  return etchash ? (epoch * ETCHASH_EPOCH_LENGTH) / EPOCH_LENGTH : epoch;
}

/** The first block of an epoch. */
export function firstBlockOf(epoch: number, etchash: boolean): number {
  return epoch * (etchash ? ETCHASH_EPOCH_LENGTH : EPOCH_LENGTH);
}

export function seedHash(seedHashes: number): Uint8Array {
  let seed: Uint8Array = new Uint8Array(32);
  for (let i = 0; i < seedHashes; i++) seed = keccak256(seed);
  return seed;
}

/** Bytes of an epoch's light cache: 16 MiB and 128 KiB more per epoch, less until the number of rows is prime. */
export function cacheBytes(epoch: number): number {
  return primeMultiple(2 ** 24 + 2 ** 17 * epoch - HASH_BYTES, HASH_BYTES);
}

/** Bytes of an epoch's dataset, the DAG: 1 GiB and 8 MiB more per epoch, less until the number of pages is prime. */
export function datasetBytes(epoch: number): number {
  return primeMultiple(2 ** 30 + 2 ** 23 * epoch - PAGE_BYTES, PAGE_BYTES);
}

function primeMultiple(most: number, unit: number): number {
  let size = most;
  while (!isPrime(size / unit)) size -= 2 * unit;
  return size;
}

function isPrime(n: number): boolean {
  if (n % 2 === 0) return n === 2;
  for (let d = 3; d * d <= n; d += 2) if (n % d === 0) return false;
  return n > 1;
}
