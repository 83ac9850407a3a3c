import { bytes, describe, record } from '../arguments.js';
import type { Axis, Kernel } from '../declaration.js';
import { InputError } from '../errors.js';
import type { DagChoice } from './dag-choice.js';
import {
  type EthashOutput,
  ethashOracle,
  ethashReference,
  type HashInput,
  hashInput,
  publishedOracle,
} from './hashing.js';
import { hashingKernel } from './hashing-kernel.js';
import { smallCase } from './published.js';
import type { HashJob } from './variants.js';

const MOST_NONCES = 2 ** 22;
/** Nonces per execution of `run`: the slowest variant on a slow card stays below a driver's watchdog. */
export const NONCES_PER_EXECUTION = 2 ** 14;

const NONCES: Axis = { name: 'nonces', token: 'n', meaning: 'nonces hashed', min: 1, max: MOST_NONCES };

/** Mix hash and final hash. */
const DIGEST_BYTES = 64;

const job: HashJob<HashInput, EthashOutput> = {
  modules: ['ethash/list.wgsl'],
  buffers: (nonces) => [
    { name: 'header', role: 'uniform', byteLength: 32 },
    { name: 'nonces', role: 'input', byteLength: 8 * nonces },
    { name: 'digests', role: 'output', byteLength: DIGEST_BYTES * nonces },
  ],
  encode: ({ headerHash, nonces }) => ({ header: headerHash, nonces }),
  decode: ({ digests }) => decodeDigests(digests as Uint8Array),
};

/** Views into one buffer: half a million of them are made after every round of a benchmark. */
function decodeDigests(bytes: Uint8Array): EthashOutput {
  const digest = (at: number) => bytes.subarray(at, at + DIGEST_BYTES / 2);
  const starts = Array.from({ length: bytes.length / DIGEST_BYTES }, (_, i) => i * DIGEST_BYTES);
  return { mixHashes: starts.map((at) => digest(at)), finalHashes: starts.map((at) => digest(at + DIGEST_BYTES / 2)) };
}

/**
 * Mix and final hashes of any nonces: what a pool or a client needs to check an answer, and a miner to hand one in.
 * No suite times it: a search, which hashes in the same way, is what a card would run.
 */
export function hashList<Which extends object>(
  id: string,
  dag: DagChoice<Which>,
): Omit<Kernel<HashInput & Which, EthashOutput>, 'title' | 'source'> {
  const { geometryOf } = dag;
  const { headerHash, nonce, source } = smallCase;
  return {
    ...hashingKernel<Which, HashInput & Which, EthashOutput>(id, dag, NONCES, job),
    workloads: [],
    knownAnswers: [
      {
        name: 'cache of 1024 bytes, dataset of 32 KiB',
        source,
        input: { ...dag.small, headerHash, nonces: BigUint64Array.of(nonce) },
        oracle: publishedOracle(smallCase),
      },
    ],
    input: (shape, seed) => ({ ...dag.whichOf(shape), ...hashInput(shape.nonces as number, seed) }),
    shapeOf(value) {
      const fields = record(value, id, [...dag.arguments, 'headerHash', 'nonces']);
      const { shape, which } = dag.read(fields);
      const input = { ...which, ...hashArguments(id, fields) };
      return { shape: { ...shape, nonces: input.nonces.length }, input };
    },
    reference: (shape, input) => ethashReference(geometryOf(shape), input),
    oracle: (shape, input, seed) => ethashOracle(geometryOf(shape), input, seed),
    run: runInParts,
  };
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

/** @throws {InputError} naming the argument */
function hashArguments(kernelId: string, fields: Record<string, unknown>): HashInput {
  const { nonces } = fields;
  if (!(nonces instanceof BigUint64Array))
    throw new InputError(`${kernelId}: nonces must be a BigUint64Array, got ${describe(nonces)}`);
  if (nonces.length > MOST_NONCES)
    throw new InputError(`${kernelId}: nonces must hold at most ${MOST_NONCES} nonces, got ${nonces.length}`);
  return { headerHash: bytes(fields.headerHash, `${kernelId}: headerHash`, 32), nonces };
}
