import { bytes, describe } from '../arguments.js';
import type { Bound, Kernel, Shape } from '../declaration.js';
import { InputError } from '../errors.js';
import { PAGE_BYTES } from './epochs.js';
import type { Geometry } from './geometry.js';
import { type EthashOutput, ethashOracle, ethashReference, type HashInput, publishedOracle } from './hashing.js';
import { hashOperations } from './operations.js';
import { smallCase } from './published.js';
import { ACCESSES } from './reference.js';
import { ethashVariants } from './variants.js';

export const BYTES_PER_HASH = ACCESSES * PAGE_BYTES;
export const MOST_NONCES = 2 ** 22;
/** Nonces per execution of `run`: the slowest variant on a slow card stays below a driver's watchdog. */
const NONCES_PER_EXECUTION = 2 ** 14;

export const NONCES = { name: 'nonces', token: 'n', meaning: 'nonces hashed', min: 1, max: MOST_NONCES };

/** What the search over a real DAG and the one over a reduced DAG have in common. */
export function searchOf<Input extends HashInput>(
  id: string,
  geometryOf: (shape: Shape) => Geometry,
  /** The published small case as an input. */
  small: Omit<Input, keyof HashInput>,
): Pick<
  Kernel<Input, EthashOutput>,
  | 'id'
  | 'family'
  | 'knownAnswers'
  | 'reference'
  | 'oracle'
  | 'work'
  | 'bounds'
  | 'variants'
  | 'shortlist'
  | 'defaultVariant'
  | 'run'
> {
  const { headerHash, nonce, source } = smallCase;
  return {
    id,
    family: 'mining',
    knownAnswers: [
      {
        name: 'cache of 1024 bytes, dataset of 32 KiB',
        source,
        input: { ...small, headerHash, nonces: BigUint64Array.of(nonce) } as Input,
        oracle: publishedOracle(smallCase),
      },
    ],
    reference: (shape, input) => ethashReference(geometryOf(shape), input),
    oracle: (shape, input, seed) => ethashOracle(geometryOf(shape), input, seed),
    // Besides its 64 pages a hash reads 8 bytes and writes 64, of which a miner would keep next to nothing.
    work: ({ nonces }) => ({
      ...{ operations: nonces as number, unit: 'hash' },
      bytes: (nonces as number) * BYTES_PER_HASH,
    }),
    bounds: ({ nonces }) => searchBounds(nonces as number),
    variants: ethashVariants(id, geometryOf) as Kernel<Input, EthashOutput>['variants'],
    // Light is for answers, not for rates.
    shortlist: ['naive', 'registers', 'in-flight', 'shuffle'],
    // The one that is right everywhere and needs no DAG: a caller with few nonces has his answers sooner.
    defaultVariant: 'light',
    run: runInParts,
  };
}

function searchBounds(nonces: number): readonly Bound[] {
  const each = hashOperations();
  const amounts = Object.fromEntries(Object.entries(each).map(([kernel, count]) => [kernel, count * nonces]));
  return [
    { id: 'pages', kind: 'memory', ways: [{ 'page-read': BYTES_PER_HASH * nonces }] },
    { id: 'integer', kind: 'integer', ways: [amounts] },
  ];
}

async function runInParts<Input extends HashInput>(
  input: Input,
  execute: (input: Input) => Promise<EthashOutput>,
): Promise<EthashOutput> {
  const { nonces } = input;
  if (nonces.length <= NONCES_PER_EXECUTION)
    return nonces.length === 0 ? { mixHashes: [], finalHashes: [] } : execute(input);
  const mixHashes: Uint8Array[] = [];
  const finalHashes: Uint8Array[] = [];
  for (let at = 0; at < nonces.length; at += NONCES_PER_EXECUTION) {
    // All parts are of one size, filled up with the last nonce: another size would make the DAG anew.
    const part = nonces.slice(at, at + NONCES_PER_EXECUTION);
    const filled = new BigUint64Array(NONCES_PER_EXECUTION).fill(part.at(-1) as bigint);
    filled.set(part);
    const done = await execute({ ...input, nonces: filled });
    mixHashes.push(...done.mixHashes.slice(0, part.length));
    finalHashes.push(...done.finalHashes.slice(0, part.length));
  }
  return { mixHashes, finalHashes };
}

/** Reads what every search takes. @throws {InputError} naming the argument */
export function hashArguments(kernelId: string, fields: Record<string, unknown>): HashInput {
  const { nonces } = fields;
  if (!(nonces instanceof BigUint64Array))
    throw new InputError(`${kernelId}: nonces must be a BigUint64Array, got ${describe(nonces)}`);
  if (nonces.length > MOST_NONCES)
    throw new InputError(`${kernelId}: nonces must hold at most ${MOST_NONCES} nonces, got ${nonces.length}`);
  return { headerHash: bytes(fields.headerHash, `${kernelId}: headerHash`, 32), nonces };
}
