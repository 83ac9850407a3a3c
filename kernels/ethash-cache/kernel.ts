import { bytes, record, wholeNumber } from '../arguments.js';
import type { Axis, BufferPlan, Kernel, Oracle, Shape, Variant } from '../declaration.js';
import { HASH_BYTES, seedHash } from '../ethash/epochs.js';
import { keccak512 } from '../ethash/keccak.js';
import { makeLightCache } from '../ethash/light-cache.js';
import { smallCache } from '../ethash/published.js';
import { reciprocalOf } from '../ethash/remainder.js';
import { randomBytes } from '../random.js';

export interface CacheInput {
  rows: number;
  /** 32 bytes. */
  seed: Uint8Array;
}
export interface CacheOutput {
  /** 64 bytes for every row. */
  cache: Uint8Array;
}

const ID = 'ethash-cache';
const ROWS: Axis = { name: 'rows', token: 'r', meaning: 'rows of 64 bytes', min: 2, max: 2 ** 22 };
/** A chain and three passes. */
const PASSES = 4;
/** Hashes of one dispatch: a lane of a card takes some 10 µs for each, and a driver's watchdog comes after seconds. */
const STEPS_PER_DISPATCH = 2 ** 14;

const partsOf = (rows: number) => {
  const steps = PASSES * rows;
  return Array.from({ length: Math.ceil(steps / STEPS_PER_DISPATCH) }, (_, i) => {
    const first = i * STEPS_PER_DISPATCH;
    return { name: `part${i}`, first, count: Math.min(STEPS_PER_DISPATCH, steps - first) };
  });
};

const sequential: Variant<CacheInput, CacheOutput> = {
  id: 'sequential',
  story: 'One invocation, since every row needs the one before it.',
  plan(shape) {
    const rows = shape.rows as number;
    const parts = partsOf(rows);
    return {
      buffers: [
        { name: 'start', role: 'uniform', byteLength: HASH_BYTES },
        ...parts.map(({ name, first, count }): BufferPlan => {
          const contents = Uint32Array.of(first, count, rows, reciprocalOf(rows));
          return { name, role: 'uniform', byteLength: 16, contents };
        }),
        { name: 'cache', role: 'output', byteLength: rows * HASH_BYTES },
      ],
      // Of epoch 0 there are 64, some ten seconds of one lane.
      apart: parts.length > 1,
      dispatches: parts.map(({ name }) => ({
        wgsl: 'ethash-cache/sequential.wgsl',
        modules: ['shared/keccak.wgsl', 'shared/remainder.wgsl', 'ethash/hashes.wgsl'],
        bindings: ['start', name, 'cache'],
        workgroups: [1, 1, 1],
      })),
    };
  },
  encode: (_shape, _tuning, { seed }) => ({ start: keccak512(seed) }),
  decode: (_shape, _tuning, readback) => ({ cache: readback.cache as Uint8Array }),
};

function cacheOracle(expected: Buffer, method: string): Oracle<CacheOutput> {
  return {
    method,
    tolerance: { kind: 'exact' },
    check({ cache }) {
      const got = Buffer.from(cache.buffer, cache.byteOffset, cache.byteLength);
      if (got.equals(expected)) return { correct: true, maxError: 0 };
      if (got.length !== expected.length)
        return { correct: false, maxError: null, detail: `expected ${expected.length} bytes, got ${got.length}` };
      const at = expected.findIndex((byte, i) => byte !== got[i]);
      const detail = `row ${Math.floor(at / HASH_BYTES)}, byte ${at % HASH_BYTES}: expected ${expected[at]}, got ${got[at]}`;
      return { correct: false, maxError: null, detail };
    },
  };
}

/** Every row depends on all that were made before it, so the last of the last pass tells of all. */
function endsOracle(firstRow: Uint8Array, lastRow: Uint8Array): Oracle<CacheOutput> {
  return {
    method: 'the published first and last row',
    tolerance: { kind: 'exact' },
    check({ cache }) {
      const [first, last] = [Buffer.from(cache.subarray(0, HASH_BYTES)), Buffer.from(cache.subarray(-HASH_BYTES))];
      if (first.equals(firstRow) && last.equals(lastRow)) return { correct: true, maxError: 0 };
      const detail = `first row ${first.toString('hex')}, last ${last.toString('hex')}`;
      return { correct: false, maxError: null, detail };
    },
  };
}

function reference(_shape: Shape, { rows, seed }: CacheInput): CacheOutput {
  const words = makeLightCache(rows * HASH_BYTES, seed);
  const view = new DataView(new ArrayBuffer(words.byteLength));
  for (const [w, word] of words.entries()) view.setUint32(4 * w, word, true);
  return { cache: new Uint8Array(view.buffer) };
}

/** Ethash's light cache. Rates are of a single invocation: how fast one lane hashes. */
export const ethashCache: Kernel<CacheInput, CacheOutput> = {
  id: ID,
  family: 'mining',
  title: "Ethash's light cache, sequential by design: hashes per second of a single invocation",
  source: 'Ethash specification, "Cache generation"; Yellow Paper, appendix J.3.2; Lerner: RandMemoHash',
  axes: [ROWS],
  probes: [{ rows: 2 }, { rows: 37 }],
  knownAnswers: smallCache.caches.map(({ epoch, firstRow, lastRow }) => ({
    name: `1024 bytes, seed of epoch ${epoch}`,
    source: smallCache.source,
    input: { rows: smallCache.rows, seed: seedHash(epoch) },
    oracle: endsOracle(firstRow, lastRow),
  })),
  pilot: { rows: 1021 },
  // More than one dispatch; and the cache of epoch 0.
  workloads: [{ rows: 16381 }, { rows: 262139 }],
  input: ({ rows }, seed) => ({ rows: rows as number, seed: randomBytes(32, seed) }),
  shapeOf(value) {
    const fields = record(value, ID, ['rows', 'seed']);
    const rows = wholeNumber(fields.rows, `${ID}: rows`, ROWS.min, ROWS.max);
    return { shape: { rows }, input: { rows, seed: bytes(fields.seed, `${ID}: seed`, 32) } };
  },
  reference,
  oracle: (shape, input) => cacheOracle(Buffer.from(reference(shape, input).cache), 'every byte against the CPU'),
  work: ({ rows }) => ({
    ...{ operations: PASSES * (rows as number), unit: 'hash' },
    // Every pass writes a row; the chain reads one for each, the others two.
    bytes: (PASSES + 1 + 2 * 3) * (rows as number) * HASH_BYTES,
  }),
  variants: [sequential],
  defaultVariant: sequential.id,
};
