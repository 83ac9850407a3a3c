import { describe, wholeNumber } from '../arguments.js';
import type { Axis, Kernel, Shape } from '../declaration.js';
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

/** Which DAG a kernel hashes with, as its shapes and its callers say it. */
export interface DagChoice<Which> extends Required<Pick<Kernel, 'checkShape' | 'memoryNote' | 'probes' | 'pilot'>> {
  readonly axes: readonly Axis[];
  geometryOf(shape: Shape): Geometry;
  /** What a caller would say to get a shape's DAG. */
  whichOf(shape: Shape): Which;
  /** Names of the arguments by which a caller says it. */
  readonly arguments: readonly string[];
  /** @throws {InputError} naming the argument */
  read(fields: Record<string, unknown>): { shape: Shape; which: Which };
  /** That of the published small case. */
  readonly small: Which;
}

export interface EpochDag {
  /** Ethereum's; its epoch is one of 30,000 blocks. */
  blockNumber: number;
  /** The block is Ethereum Classic's: from 11,700,000 on epochs are 60,000 blocks long (ECIP-1099). */
  etchash?: boolean;
  /** In place of the epoch's DAG one of 32 KiB · (epoch + 1), as clients have it in their own tests. */
  small?: boolean;
}

/** A flag's 0 or 1. */
const set = (shape: Shape, flag: string) => shape[flag] === 1;

/** A real network's, by a block's number. */
export function epochDag(kernelId: string): DagChoice<EpochDag> {
  const geometryOf = (shape: Shape) => {
    const epoch = shape.epoch as number;
    return set(shape, 'small') ? reducedGeometry(32 * (epoch + 1)) : epochGeometry(epoch, set(shape, 'etchash'));
  };
  return {
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
    ],
    checkShape(shape) {
      if (set(shape, 'etchash') && (shape.epoch as number) < ETCHASH_FIRST_EPOCH)
        throw new ShapeError(`${kernelId}: etchash begins with epoch ${ETCHASH_FIRST_EPOCH}, got ${shape.epoch}`);
    },
    // No real DAG: it takes a software adapter a minute to make one, and every variant is checked on these.
    probes: [
      { epoch: 0, etchash: 0, small: 1, nonces: 1 },
      { epoch: 2, etchash: 0, small: 1, nonces: 77 },
    ],
    // Few nonces, because it is `light`'s pilot too.
    pilot: { epoch: 127, etchash: 0, small: 1, nonces: 1024 },
    geometryOf,
    whichOf(shape) {
      const etchash = set(shape, 'etchash');
      return { blockNumber: firstBlockOf(shape.epoch as number, etchash), etchash, small: set(shape, 'small') };
    },
    arguments: ['blockNumber', 'etchash', 'small'],
    read(fields) {
      for (const flag of ['etchash', 'small'])
        if (fields[flag] !== undefined && typeof fields[flag] !== 'boolean')
          throw new InputError(`${kernelId}: ${flag} must be true or false, got ${describe(fields[flag])}`);
      const [etchash, small] = [fields.etchash === true, fields.small === true];
      const most = MOST_EPOCHS * (etchash ? ETCHASH_EPOCH_LENGTH : EPOCH_LENGTH) - 1;
      const blockNumber = wholeNumber(fields.blockNumber, `${kernelId}: blockNumber`, 0, most);
      const { epoch, seedHashes } = epochOfBlock(blockNumber, etchash);
      // Before the change of ECIP-1099 the two networks have the same epochs.
      const doubled = etchash && seedHashes !== epoch;
      return {
        shape: { epoch, etchash: Number(doubled), small: Number(small) },
        which: { blockNumber, etchash, small },
      };
    },
    small: { blockNumber: 0, small: true },
    memoryNote(shape) {
      const { name, datasetBytes: need } = geometryOf(shape);
      const gib = (need / 2 ** 30).toFixed(2);
      return (
        `${name} takes ${gib} GiB, which this adapter cannot hold: it can no longer mine there ` +
        '(cards of 4 GB left Ethereum in December 2020, when its DAG outgrew them)'
      );
    },
  };
}

export interface ReducedDag {
  /** KiB of dataset, even. */
  kib: number;
}

const KIB = { min: 32, max: 2 ** 20 };

/** No network's: one that a software adapter makes in seconds. */
export function reducedDag(kernelId: string): DagChoice<ReducedDag> {
  return {
    axes: [{ name: 'kib', token: 'k', meaning: 'KiB of DAG, from a cache of a 32nd of it', ...KIB }],
    checkShape({ kib }) {
      if ((kib as number) % 2 !== 0) throw new ShapeError(`${kernelId}: kib must be even, got ${kib}`);
    },
    // The published size with a single nonce, a cache and a DAG of odd sizes, and more than a workgroup by some.
    probes: [
      { kib: 32, nonces: 1 },
      { kib: 34, nonces: 77 },
      { kib: 1030, nonces: 1003 },
    ],
    pilot: { kib: 4096, nonces: 1024 },
    geometryOf: ({ kib }) => reducedGeometry(kib as number),
    whichOf: ({ kib }) => ({ kib: kib as number }),
    arguments: ['kib'],
    read(fields) {
      const kib = wholeNumber(fields.kib, `${kernelId}: kib`, KIB.min, KIB.max);
      return { shape: { kib }, which: { kib } };
    },
    small: { kib: 32 },
    memoryNote: ({ kib }) => `the reduced DAG takes ${kib} KiB, which this adapter cannot hold`,
  };
}
