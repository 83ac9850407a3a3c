import { describe, record, wholeNumber } from '../arguments.js';
import type { Axis, Bound, Kernel, Shape } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import { roundToF16 } from '../f16.js';
import { subgroupIsVector } from '../narrow-subgroups.js';
import { decode } from './decode.js';
import { flashLanes } from './flash-lanes.js';
import { flashTiled } from './flash-tiled.js';
import { FEW_QUERIES, SIZE_MAX } from './limits.js';
import { matrixUnits } from './matrix-units.js';
import { naive } from './naive.js';
import { attentionOracle } from './oracle.js';
import { type AttentionOutput, type AttentionRequest, attentionReference } from './reference.js';
import { rowCount, sizesOf, visiblePairs } from './sizes.js';
import { type Storage, storedF16, storedF32, storedI8 } from './storage.js';

export type { AttentionInput, AttentionOutput, QuantisedAttentionInput } from './reference.js';

const ID = 'attention';
/** Multiplications for the scores. */
const WORTH_COMPILING = 2 ** 22;
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

/** out = softmax(q · kᵀ / √headSize) · v per head, with grouped heads and a causal mask on request. */
function attentionKernel<Input extends AttentionRequest>(storage: Storage<Input>): Kernel<Input, AttentionOutput> {
  const work: Kernel['work'] = (shape) => {
    const s = sizesOf(shape);
    // Per visible pair a multiplication and an addition per element, for the score and again for the value:
    // 4·B·H·Q·K·D, and when causal the exact pairs that are visible. exp() and division are not counted.
    const keys = s.batch * s.kvHeads * s.keyLength;
    return {
      operations: 4 * s.headSize * visiblePairs(s),
      unit: 'flop',
      // q, k and v read once, out written once; the score matrix need not exist in memory.
      bytes:
        storage.queryBytes * 2 * rowCount(s) * s.headSize +
        (storage.cacheBytes * 2 * s.headSize + storage.scaleBytes) * keys,
    };
  };
  return {
    id: ID,
    family: 'ai',
    type: storage.type,
    title: storage.title,
    source:
      'Vaswani et al. 2017, Attention Is All You Need, section 3.2.1; grouped heads: Ainslie et al. 2023, GQA, section 2.2',
    axes: [...SIZES, CAUSAL],
    checkShape,
    // The least; odd sizes with two batches and shared heads; causal, square; causal with more keys than queries;
    // and the two head sizes of models that are left, in one row of a block and in a block and a row.
    probes: [
      shapeFrom(1, 1, 1, 1, 1, 1, 0),
      shapeFrom(2, 6, 3, 5, 9, 7, 0),
      shapeFrom(1, 2, 2, 33, 33, 80, 1),
      shapeFrom(2, 4, 1, 17, 65, 64, 1),
      shapeFrom(1, 3, 1, 1, 130, 128, 0),
    ],
    pilot: shapeFrom(1, 4, 2, 32, 64, 64, 0),
    // Prefill and decode, small for software adapters, then those of an 8B model (32 heads, 8 of k and v, size 128)
    // for cards.
    workloads: [
      shapeFrom(1, 4, 2, 128, 128, 64, 1),
      shapeFrom(1, 8, 2, 256, 256, 64, 1),
      shapeFrom(1, 32, 8, 512, 512, 128, 1),
      shapeFrom(1, 32, 8, 2048, 2048, 128, 1),
      shapeFrom(1, 8, 2, 1, 4096, 64, 0),
      shapeFrom(1, 32, 8, 1, 4096, 128, 0),
      shapeFrom(1, 32, 8, 1, 32768, 128, 0),
    ],
    input(shape, seed) {
      const s = sizesOf(shape);
      return { ...request(s), ...storage.data(s, seed) } as Input;
    },
    shapeOf(input) {
      const arrays = ['q', ...storage.names];
      const given = record(input, ID, [...SIZES.map(({ name }) => name), 'causal', ...arrays]);
      const values = SIZES.map(({ name, min, max }) => wholeNumber(given[name], name, min, max));
      const { causal } = given;
      if (typeof causal !== 'boolean') throw new InputError(`causal must be true or false, got ${describe(causal)}`);
      const shape = shapeFrom(...values, causal ? 1 : 0);
      checkShape(shape);
      const s = sizesOf(shape);
      return { shape, input: { ...request(s), ...storage.accept(given, s) } as Input };
    },
    reference(shape, input) {
      const { out } = attentionReference(shape, storage.dense(input));
      return { out: storage.queryBytes === 2 ? roundToF16(out) : out };
    },
    oracle: (shape, input, seed) => attentionOracle(shape, storage.dense(input), seed, storage.precision),
    work,
    bounds(shape) {
      const { operations, bytes } = work(shape);
      // Decode hardly writes, so the rate of reading bounds it where that was measured and is the higher one.
      const float: Bound['ways'] =
        storage.queryBytes === 4
          ? [{ 'fma-f32': operations }]
          : [{ 'fma-f32': operations }, { 'fma-f16': operations }, { 'matrix-f16': operations }];
      return [
        { id: 'multiply-add', kind: 'float', ways: float },
        { id: 'bandwidth', kind: 'memory', ways: [{ copy: bytes }, { read: bytes }] },
      ];
    },
    variants: [
      ...[naive(storage), flashLanes(storage), flashTiled(storage)],
      // As they are stored, only f16 can be loaded into matrices.
      ...(storage.type === 'f16' ? [matrixUnits(storage)] : []),
      decode(storage),
    ],
    defaultVariant: 'naive',
    // A processor takes five seconds and more to compile it for each shape, and is slow at its barriers.
    passedOver: (limits) => (subgroupIsVector(limits) ? ['flash-tiled'] : []),
    preferred(shape, limits) {
      const s = sizesOf(shape);
      // A small matrix of scores costs less than compiling more does.
      if (s.headSize > SIZE_MAX || visiblePairs(s) * s.headSize < WORTH_COMPILING) return [];
      if (s.queryLength <= FEW_QUERIES) return ['decode'];
      if (limits === undefined || subgroupIsVector(limits)) return ['flash-lanes', 'flash-tiled'];
      return [...(storage.type === 'f16' ? ['matrix-units'] : []), 'flash-tiled', 'flash-lanes'];
    },
  };
}

function request({ batch, heads, kvHeads, queryLength, keyLength, headSize, causal }: ReturnType<typeof sizesOf>) {
  return { batch, heads, kvHeads, queryLength, keyLength, headSize, causal: causal === 1 };
}

export const attention = attentionKernel(storedF32);
/** q, k, v and out in f16. */
export const attentionF16 = attentionKernel(storedF16);
/** Keys and values in int8 with a scale each, q and out in f16. */
export const attentionI8 = attentionKernel(storedI8);
