import { bigNumber, bytes, record, wholeNumber } from '../arguments.js';
import type { Axis, Kernel } from '../declaration.js';
import type { DagChoice } from '../ethash/dag-choice.js';
import { NONCES_PER_EXECUTION } from '../ethash/hash-list.js';
import { hashingKernel } from '../ethash/hashing-kernel.js';
import { smallCase } from '../ethash/published.js';
import type { HashJob } from '../ethash/variants.js';
import { CAPACITY, hitBuffers, listedHits, searchInParts } from '../hits.js';
import { targetWords } from '../target.js';
import {
  exactly,
  nonceAt,
  type SearchInput,
  type SearchOutput,
  searchInput,
  searchOracle,
  searchReference,
} from './searching.js';

/** A word numbers the nonces of one execution, with room for idle invocations behind the last. */
const NONCES: Axis = { name: 'nonces', token: 'n', meaning: 'nonces tried', min: 1, max: 2 ** 31 };
/** Nonces per execution of `run` with a DAG: a fast card is at it for 10 ms, one of 1 MH/s for a second. */
const NONCES_PER_EXECUTION_WITH_DAG = 2 ** 20;

/** Nonces are listed as two words each. */
const HIT_BYTES = 8;

const job: HashJob<SearchInput, SearchOutput> = {
  modules: ['shared/byte-swap.wgsl', 'shared/hits.wgsl', 'ethash-search/search.wgsl'],
  aliases: { Word: 'vec4<u32>', Hit: 'vec2<u32>' },
  constants: { CAPACITY },
  buffers: () => [{ name: 'search', role: 'uniform', byteLength: 80 }, ...hitBuffers(HIT_BYTES)],
  encode({ headerHash, firstNonce, target }) {
    const search = new Uint32Array(20);
    new Uint8Array(search.buffer).set(headerHash);
    search.set(targetWords(target), 8);
    search.set([Number(firstNonce & 0xffffffffn), Number(firstNonce >> 32n)], 16);
    return { search };
  },
  decode: (readback) => ({ nonces: new BigUint64Array(listedHits(readback, HIT_BYTES).buffer) }),
};

/** Proof of work as a miner does it: of a range of nonces those whose final hash is at most the boundary. */
export function nonceSearch<Which extends object>(
  id: string,
  dag: DagChoice<Which>,
): Omit<Kernel<SearchInput & Which, SearchOutput>, 'title' | 'source' | 'workloads'> {
  const { geometryOf } = dag;
  const { headerHash, nonce, finalHash, source } = smallCase;
  const hash = BigInt(`0x${Buffer.from(finalHash).toString('hex')}`);
  const published = (name: string, target: bigint, ...winners: bigint[]) => ({
    ...{ name, source, oracle: exactly(...winners) },
    input: { ...dag.small, headerHash, firstNonce: nonce, count: 1, target },
  });
  return {
    ...hashingKernel<Which, SearchInput & Which, SearchOutput>(id, dag, NONCES, job),
    knownAnswers: [
      published('cache of 1024 bytes, dataset of 32 KiB, the boundary met', hash, nonce),
      published('cache of 1024 bytes, dataset of 32 KiB, the boundary missed by one', hash - 1n),
    ],
    input: (shape, seed) => ({
      ...dag.whichOf(shape),
      ...searchInput(geometryOf(shape), shape.nonces as number, seed),
    }),
    shapeOf(value) {
      const fields = record(value, id, [...dag.arguments, 'headerHash', 'firstNonce', 'count', 'target']);
      const { shape, which } = dag.read(fields);
      const input = {
        ...which,
        headerHash: bytes(fields.headerHash, `${id}: headerHash`, 32),
        firstNonce: bigNumber(fields.firstNonce, `${id}: firstNonce`, 64),
        count: wholeNumber(fields.count, `${id}: count`, 1, 2 ** 32),
        target: bigNumber(fields.target, `${id}: target`, 256),
      };
      return { shape: { ...shape, nonces: input.count }, input };
    },
    reference: (shape, input) => searchReference(geometryOf(shape), input),
    oracle: (shape, input, seed) => searchOracle(geometryOf(shape), input, seed),
    async run(input, execute, variant) {
      const most = variant === 'light' ? NONCES_PER_EXECUTION : NONCES_PER_EXECUTION_WITH_DAG;
      const offsets = await searchInParts(input.count, most, async (offset, length, size) => {
        const firstNonce = nonceAt(input, offset);
        // All parts are of one size, because another would make the DAG anew; what lies past the end is left out.
        const { nonces } = await execute({ ...input, firstNonce, count: size });
        return Uint32Array.from(nonces, (found) => Number(BigInt.asUintN(64, found - firstNonce))).filter(
          (found) => found < length,
        );
      });
      return { nonces: BigUint64Array.from(offsets, (offset) => nonceAt(input, offset)) };
    },
  };
}
