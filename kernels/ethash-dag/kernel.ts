import { record, wholeNumber } from '../arguments.js';
import type { Axis, Kernel, Shape, Variant } from '../declaration.js';
import { InputError } from '../errors.js';
import { itemsDispatch, sliceBuffer } from '../ethash/dag.js';
import { HASH_BYTES } from '../ethash/epochs.js';
import { cacheOf, type Geometry } from '../ethash/geometry.js';
import { itemOperations } from '../ethash/operations.js';
import { smallCache } from '../ethash/published.js';
import { randomWords } from '../random.js';
import { checkWorkgroup } from '../workgroup.js';
import { type DagOutput, dagOracle, itemBytes } from './oracle.js';

export type { DagOutput } from './oracle.js';

export interface DagInput {
  /** Rows of the light cache that items are made from, with the seed of epoch 0. */
  rows: number;
  firstItem: number;
  items: number;
}

const ID = 'ethash-dag';
/** Items of the greatest dataset that clients have tables for. */
const MOST_ITEMS = 2 ** 29;
const ROWS: Axis = { name: 'rows', token: 'r', meaning: 'rows of 64 bytes in the light cache', min: 2, max: 2 ** 23 };
/** One dispatch makes them all: a slow card is at a million for 0.15 s, which no driver's watchdog minds. */
const ITEMS: Axis = { name: 'items', token: 'i', meaning: 'items of 64 bytes made', min: 1, max: 2 ** 20 };

const geometryOf = ({ rows }: Shape): Geometry => ({
  name: `a cache of ${rows} rows`,
  cacheBytes: (rows as number) * HASH_BYTES,
  datasetBytes: 0,
  seedHashes: 0,
});

const naive: Variant<DagInput, DagOutput> = {
  id: 'naive',
  story: 'One invocation per item; the row that comes next is known only when the one before it has been read.',
  tuning: { group: [64, 32, 128, 256] },
  plan(shape, tuning, limits) {
    const [group, items] = [tuning.group as number, shape.items as number];
    checkWorkgroup(`${ID}/naive`, group, 0, limits);
    const { contents: _, ...slice } = sliceBuffer('slice', geometryOf(shape), { firstItem: 0, at: 0, items });
    return {
      buffers: [
        { name: 'cache', role: 'resident', byteLength: geometryOf(shape).cacheBytes },
        { ...slice, role: 'input' },
        { name: 'items', role: 'output', byteLength: items * HASH_BYTES },
      ],
      dispatches: [itemsDispatch(group, items, ['cache', 'slice', 'items'], limits)],
    };
  },
  encode(shape, _tuning, { firstItem, items }) {
    const geometry = geometryOf(shape);
    const { contents } = sliceBuffer('slice', geometry, { firstItem, at: 0, items });
    return { cache: cacheOf(geometry), slice: contents as ArrayBufferView };
  },
  decode: (_shape, _tuning, readback) => ({ items: readback.items as Uint8Array }),
};

/** Items of Ethash's dataset from its light cache: what every miner's card does for some seconds at each new epoch. */
export const ethashDag: Kernel<DagInput, DagOutput> = {
  id: ID,
  family: 'mining',
  title: "Items of Ethash's dataset (DAG) from its light cache",
  source: 'Ethash specification, "Full dataset calculation"; Yellow Paper, appendix J.3.3',
  axes: [ROWS, ITEMS],
  probes: [
    { rows: 16, items: 1 },
    { rows: 521, items: 333 },
  ],
  knownAnswers: (
    [
      ['first', 0, smallCache.firstItem],
      ['last', smallCache.items - 1, smallCache.lastItem],
    ] as const
  ).map(([name, firstItem, item]) => ({
    name: `${name} item of the dataset from 1024 bytes`,
    source: smallCache.source,
    input: { rows: smallCache.rows, firstItem, items: 1 },
    oracle: {
      method: 'the published item',
      tolerance: { kind: 'exact' },
      check: ({ items }) =>
        Buffer.from(items).equals(item)
          ? { correct: true, maxError: 0 }
          : { correct: false, maxError: null, detail: `got ${Buffer.from(items).toString('hex')}` },
    },
  })),
  pilot: { rows: 16381, items: 4096 },
  // The cache of epoch 0 has 262,139 rows, 16 MiB.
  workloads: [
    { rows: 262139, items: 65536 },
    { rows: 262139, items: 2 ** 20 },
  ],
  input: ({ rows, items }, seed) => ({
    ...{ rows: rows as number, items: items as number },
    firstItem: randomWords(seed)() % (MOST_ITEMS - (items as number)),
  }),
  shapeOf(value) {
    const fields = record(value, ID, ['rows', 'firstItem', 'items']);
    const rows = wholeNumber(fields.rows, `${ID}: rows`, ROWS.min, ROWS.max);
    const items = wholeNumber(fields.items, `${ID}: items`, ITEMS.min, ITEMS.max);
    const firstItem = wholeNumber(fields.firstItem, `${ID}: firstItem`, 0, MOST_ITEMS);
    if (firstItem + items > MOST_ITEMS)
      throw new InputError(`${ID}: firstItem + items must be at most ${MOST_ITEMS}, got ${firstItem + items}`);
    return { shape: { rows, items }, input: { rows, firstItem, items } };
  },
  reference: (shape, { firstItem, items }) => {
    const cache = cacheOf(geometryOf(shape));
    const out = new Uint8Array(items * HASH_BYTES);
    for (let i = 0; i < items; i++) out.set(itemBytes(cache, firstItem + i), i * HASH_BYTES);
    return { items: out };
  },
  oracle: (shape, { firstItem, items }, seed) => dagOracle(cacheOf(geometryOf(shape)), firstItem, items, seed),
  // What is written; of the cache, which is read over and over, it depends on the card how much comes from memory.
  work: ({ items }) => ({
    ...{ operations: (items as number) * HASH_BYTES, unit: 'byte' },
    bytes: (items as number) * HASH_BYTES,
  }),
  bounds: ({ items }) => {
    const each = Object.entries(itemOperations());
    const amounts = Object.fromEntries(each.map(([kernel, count]) => [kernel, count * (items as number)]));
    return [{ id: 'integer', kind: 'integer', ways: [amounts] }];
  },
  variants: [naive],
  defaultVariant: naive.id,
};
