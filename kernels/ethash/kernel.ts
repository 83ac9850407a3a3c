import { describe, record, wholeNumber } from '../arguments.js';
import type { Kernel, Shape } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import {
  EPOCH_LENGTH,
  ETCHASH_EPOCH_LENGTH,
  ETCHASH_FIRST_EPOCH,
  epochOfBlock,
  firstBlockOf,
  MOST_EPOCHS,
} from './epochs.js';
import { epochGeometry, type Geometry, reducedGeometry } from './geometry.js';
import { type EthashOutput, type HashInput, hashInput } from './hashing.js';
import { hashArguments, NONCES, searchOf } from './search.js';

export type { EthashOutput, HashInput } from './hashing.js';

export interface EthashInput extends HashInput {
  /** Ethereum's; its epoch is one of 30,000 blocks. */
  blockNumber: number;
  /** The block is Ethereum Classic's: from 11,700,000 on epochs are 60,000 blocks long (ECIP-1099). */
  etchash?: boolean;
  /** In place of the epoch's DAG one of 32 KiB · (epoch + 1), as clients have it in their own tests. */
  small?: boolean;
}

/** A flag's 0 or 1. */
const set = (shape: Shape, flag: string) => shape[flag] === 1;

function geometryOf(shape: Shape): Geometry {
  const epoch = shape.epoch as number;
  return set(shape, 'small') ? reducedGeometry(32 * (epoch + 1)) : epochGeometry(epoch, set(shape, 'etchash'));
}

function shapeOf(value: unknown): { shape: Shape; input: EthashInput } {
  const fields = record(value, 'ethash', ['blockNumber', 'etchash', 'small', 'headerHash', 'nonces']);
  for (const flag of ['etchash', 'small'])
    if (fields[flag] !== undefined && typeof fields[flag] !== 'boolean')
      throw new InputError(`ethash: ${flag} must be true or false, got ${describe(fields[flag])}`);
  const etchash = fields.etchash === true;
  const most = MOST_EPOCHS * (etchash ? ETCHASH_EPOCH_LENGTH : EPOCH_LENGTH) - 1;
  const blockNumber = wholeNumber(fields.blockNumber, 'ethash: blockNumber', 0, most);
  const input = { blockNumber, etchash, small: fields.small === true, ...hashArguments('ethash', fields) };
  const { epoch, seedHashes } = epochOfBlock(blockNumber, etchash);
  // Before the change of ECIP-1099 the two networks have the same epochs.
  const doubled = etchash && seedHashes !== epoch;
  const shape = { epoch, etchash: Number(doubled), small: Number(input.small), nonces: input.nonces.length };
  return { shape, input };
}

/** Ethereum's proof of work, with the DAG that its epoch had, and Ethereum Classic's of today. */
export const ethash: Kernel<EthashInput, EthashOutput> = {
  ...searchOf<EthashInput>('ethash', geometryOf, { blockNumber: 0, small: true }),
  title: "Ethash with a real epoch's DAG: Ethereum's proof of work until 2022, and Ethereum Classic's (Etchash)",
  source: 'Ethash specification (ethereum.org); Yellow Paper, appendix J; ECIP-1099 for Etchash',
  axes: [
    {
      name: 'epoch',
      token: 'epoch',
      meaning: 'epoch: the DAG has 1 GiB and 8 MiB more per epoch',
      min: 0,
      max: MOST_EPOCHS - 1,
    },
    { name: 'etchash', token: 'etchash', meaning: "seed of Ethereum Classic's epochs", min: 0, max: 1, flag: true },
    {
      ...{ name: 'small', token: 'small', min: 0, max: 1, flag: true },
      meaning: "32 KiB per epoch in place of the real DAG: checks only, no network's",
    },
    NONCES,
  ],
  checkShape(shape) {
    if (set(shape, 'etchash') && (shape.epoch as number) < ETCHASH_FIRST_EPOCH)
      throw new ShapeError(`ethash: etchash begins with epoch ${ETCHASH_FIRST_EPOCH}, got ${shape.epoch}`);
  },
  // No real DAG: it takes a software adapter a minute to make one, and every variant is checked on these.
  probes: [
    { epoch: 0, etchash: 0, small: 1, nonces: 1 },
    { epoch: 2, etchash: 0, small: 1, nonces: 77 },
  ],
  // Few nonces, because it is `light`'s pilot too.
  pilot: { epoch: 127, etchash: 0, small: 1, nonces: 1024 },
  workloads: [
    { epoch: 0, etchash: 0, small: 0, nonces: 262144 },
    // Ethereum's last: block 15,537,393 of 15 September 2022.
    { epoch: 517, etchash: 0, small: 0, nonces: 262144 },
    // Ethereum Classic in November 2026: 19,250,000 blocks on 5 February 2024, and some 6,490 a day since.
    { epoch: 430, etchash: 1, small: 0, nonces: 262144 },
  ],
  input: (shape, seed) => {
    const { epoch, nonces } = shape as { epoch: number; nonces: number };
    const etchash = set(shape, 'etchash');
    return {
      ...{ blockNumber: firstBlockOf(epoch, etchash), etchash, small: set(shape, 'small') },
      ...hashInput(nonces, seed),
    };
  },
  shapeOf,
  memoryNote(shape) {
    const { name, datasetBytes: need } = geometryOf(shape);
    const gib = (need / 2 ** 30).toFixed(2);
    return (
      `${name} takes ${gib} GiB, which this adapter cannot hold: it can no longer mine there ` +
      '(cards of 4 GB left Ethereum in December 2020, when its DAG outgrew them)'
    );
  },
};

export interface ReducedInput extends HashInput {
  /** KiB of dataset, even. */
  kib: number;
}

const KIB = { min: 32, max: 2 ** 20 };

/** The same search over a DAG that a software adapter makes in seconds. */
export const ethashReduced: Kernel<ReducedInput, EthashOutput> = {
  ...searchOf<ReducedInput>('ethash-reduced', ({ kib }) => reducedGeometry(kib as number), { kib: 32 }),
  title: "Ethash with a reduced DAG, which is no real network's: the rate tells how variants compare, not earnings",
  source: "Ethash specification (ethereum.org), with sizes as in the clients' own tests",
  axes: [{ name: 'kib', token: 'k', meaning: 'KiB of DAG, from a cache of a 32nd of it', ...KIB }, NONCES],
  checkShape({ kib }) {
    if ((kib as number) % 2 !== 0) throw new ShapeError(`ethash-reduced: kib must be even, got ${kib}`);
  },
  // The published size with a single nonce, a cache and a DAG of odd sizes, and more than a workgroup by some.
  probes: [
    { kib: 32, nonces: 1 },
    { kib: 34, nonces: 77 },
    { kib: 1030, nonces: 1003 },
  ],
  pilot: { kib: 4096, nonces: 1024 },
  workloads: [
    { kib: 65536, nonces: 16384 },
    { kib: 65536, nonces: 131072 },
  ],
  input: ({ kib, nonces }, seed) => ({ kib: kib as number, ...hashInput(nonces as number, seed) }),
  shapeOf: (value) => {
    const fields = record(value, 'ethash-reduced', ['kib', 'headerHash', 'nonces']);
    const kib = wholeNumber(fields.kib, 'ethash-reduced: kib', KIB.min, KIB.max);
    const input = { kib, ...hashArguments('ethash-reduced', fields) };
    return { shape: { kib, nonces: input.nonces.length }, input };
  },
  memoryNote: ({ kib }) => `the reduced DAG takes ${kib} KiB, which this adapter cannot hold`,
};
