import { describe, record, wholeNumber } from '../arguments.js';
import { floatBounds } from '../bounds.js';
import type { Axis, Kernel, Shape } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import { floats } from '../floats.js';
import { randomFloats } from '../random.js';
import { naive } from './naive.js';
import { attentionOracle } from './oracle.js';
import { type AttentionInput, type AttentionOutput, attentionReference } from './reference.js';
import { rowCount, sizesOf, visiblePairs } from './sizes.js';

export type { AttentionInput, AttentionOutput } from './reference.js';

const ID = 'attention';
const LENGTH_MAX = 2 ** 20;
const BATCH: Axis = { name: 'batch', token: 'b', meaning: 'independent sequences', min: 1, max: 4096 };
const HEADS: Axis = { name: 'heads', token: 'h', meaning: 'query heads, a multiple of kvHeads', min: 1, max: 1024 };
const KV_HEADS: Axis = { name: 'kvHeads', token: 'kv', meaning: 'heads of k and v', min: 1, max: 1024 };
const QUERIES: Axis = { name: 'queryLength', token: 'q', meaning: 'queries per head', min: 1, max: LENGTH_MAX };
const KEYS: Axis = { name: 'keyLength', token: 'k', meaning: 'keys per head', min: 1, max: LENGTH_MAX };
const SIZE: Axis = { name: 'headSize', token: 'd', meaning: 'elements of a head', min: 1, max: 1024 };
const CAUSAL: Axis = { name: 'causal', token: 'causal', meaning: 'no key after the query', min: 0, max: 1, flag: true };
const SIZES = [BATCH, HEADS, KV_HEADS, QUERIES, KEYS, SIZE];

const shapeFrom = (...[batch, heads, kvHeads, queryLength, keyLength, headSize, causal]: number[]): Shape =>
  ({ batch, heads, kvHeads, queryLength, keyLength, headSize, causal }) as Shape;

function checkShape(shape: Shape): void {
  const { heads, kvHeads, queryLength, keyLength, causal } = sizesOf(shape);
  if (heads % kvHeads !== 0)
    throw new ShapeError(`attention: heads must be a multiple of kvHeads, got heads ${heads} and kvHeads ${kvHeads}`);
  // The first queries would see no key at all, and softmax over nothing has no value.
  if (causal && queryLength > keyLength)
    throw new ShapeError(
      `attention: causal needs queryLength at most keyLength, got queryLength ${queryLength} and keyLength ${keyLength}`,
    );
}

/** out = softmax(q · kᵀ / √headSize) · v per head, in f32, with grouped heads and a causal mask on request. */
export const attention: Kernel<AttentionInput, AttentionOutput> = {
  id: ID,
  family: 'ai',
  type: 'f32',
  title: 'Scaled dot-product attention, f32',
  source:
    'Vaswani et al. 2017, Attention Is All You Need, section 3.2.1; grouped heads: Ainslie et al. 2023, GQA, section 2.2',
  axes: [...SIZES, CAUSAL],
  checkShape,
  // The least; odd sizes with two batches and shared heads; causal, square; causal with more keys than queries.
  probes: [
    shapeFrom(1, 1, 1, 1, 1, 1, 0),
    shapeFrom(2, 6, 3, 5, 9, 7, 0),
    shapeFrom(1, 2, 2, 33, 33, 20, 1),
    shapeFrom(2, 4, 1, 17, 65, 64, 1),
  ],
  pilot: shapeFrom(1, 4, 2, 32, 64, 64, 0),
  // Small for software adapters; prefill and decode of an 8B model (32 heads, 8 of k and v, size 128) for cards.
  workloads: [
    shapeFrom(1, 4, 2, 128, 128, 64, 1),
    shapeFrom(1, 32, 8, 512, 512, 128, 1),
    shapeFrom(1, 32, 8, 2048, 2048, 128, 1),
    shapeFrom(1, 32, 8, 1, 4096, 128, 0),
  ],
  input(shape, seed) {
    const s = sizesOf(shape);
    const kvLength = s.batch * s.kvHeads * s.keyLength * s.headSize;
    const { batch, heads, kvHeads, queryLength, keyLength, headSize } = s;
    return {
      ...{ batch, heads, kvHeads, queryLength, keyLength, headSize, causal: s.causal === 1 },
      q: randomFloats(rowCount(s) * headSize, seed),
      k: randomFloats(kvLength, seed ^ 0x5bd1e995),
      v: randomFloats(kvLength, seed ^ 0x27d4eb2f),
    };
  },
  shapeOf(input) {
    const given = record(input, ID, [...SIZES.map(({ name }) => name), 'causal', 'q', 'k', 'v']);
    const values = SIZES.map(({ name, min, max }) => wholeNumber(given[name], name, min, max));
    const { causal } = given;
    if (typeof causal !== 'boolean') throw new InputError(`causal must be true or false, got ${describe(causal)}`);
    const shape = shapeFrom(...values, causal ? 1 : 0);
    checkShape(shape);
    const { batch, heads, kvHeads, queryLength, keyLength, headSize } = sizesOf(shape);
    const kvLength = batch * kvHeads * keyLength * headSize;
    const q = floats(given.q, 'q', batch * heads * queryLength * headSize, 'batch·heads·queryLength·headSize');
    const k = floats(given.k, 'k', kvLength, 'batch·kvHeads·keyLength·headSize');
    const v = floats(given.v, 'v', kvLength, 'batch·kvHeads·keyLength·headSize');
    return { shape, input: { batch, heads, kvHeads, queryLength, keyLength, headSize, causal, q, k, v } };
  },
  reference: attentionReference,
  oracle: attentionOracle,
  work(shape) {
    const s = sizesOf(shape);
    // Per visible pair a multiplication and an addition per element, for the score and again for the value:
    // 4·B·H·Q·K·D, and when causal the exact pairs that are visible. exp() and division are not counted.
    const kv = s.batch * s.kvHeads * s.keyLength * s.headSize;
    return {
      operations: 4 * s.headSize * visiblePairs(s),
      unit: 'flop',
      // q, k and v read once, out written once; the score matrix need not exist in memory.
      bytes: 4 * (2 * rowCount(s) * s.headSize + 2 * kv),
    };
  },
  bounds: (shape) => floatBounds(attention.work(shape)),
  variants: [naive],
  defaultVariant: naive.id,
};
