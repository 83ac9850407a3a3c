import type { BlockSizes } from '../../kernels/decoder-block/sizes.js';
import { toF16 } from '../../kernels/f16.js';
import type { Model } from '../../kernels/llm/models.js';
import { type AttentionShape, causalMask, needsMask } from './attention-layout.js';
import type { ConstantSpec, NodeSpec } from './onnx-model.js';
import type { NamedTensor } from './onnx-program.js';

/** The middle of a layer: from `q`, `k`, `v` and the past ones to `attended`, `keys` and `values`. */
export type Heads = (
  model: Model,
  s: BlockSizes,
) => {
  readonly shared: readonly NamedTensor[];
  readonly constants: readonly ConstantSpec[];
  readonly nodes: readonly NodeSpec[];
};

const MICROSOFT = 'com.microsoft';
/** Finite with any score added, and its exponential is 0. */
const HIDDEN = -60000;

/** One operator that turns queries and keys, appends to the cache and attends; halves of a head are pairs. */
export const groupQueryHeads: Heads = ({ heads, kvHeads }, { tokens, context }) => {
  const earlier = context > tokens ? ['pastKeys', 'pastValues'] : ['', ''];
  return {
    shared: [],
    constants: [
      // "total sequence lengths minus 1" is how the operator documents this input.
      { name: 'lastKey', type: 'int32', dims: [1], data: Int32Array.of(context - 1) },
      { name: 'keyLength', type: 'int32', dims: [1], data: Int32Array.of(context) },
    ],
    nodes: [
      {
        op: 'GroupQueryAttention',
        domain: MICROSOFT,
        inputs: ['q', 'k', 'v', ...earlier, 'lastKey', 'keyLength', 'cos', 'sin'],
        outputs: ['attended', 'keys', 'values'],
        attributes: {
          num_heads: { int: heads },
          kv_num_heads: { int: kvHeads },
          do_rotary: { int: 1 },
          rotary_interleaved: { int: 0 },
        },
      },
    ],
  };
};

const wholes = (name: string, ...values: number[]): ConstantSpec => ({
  ...{ name, type: 'int64', dims: [values.length] },
  data: BigInt64Array.from(values, BigInt),
});

/**
 * The same from plain operators. Query heads of a group are folded into rows, so no key is repeated; the heads of one
 * token need no transposition.
 */
export const composedHeads: Heads = ({ heads, kvHeads, headSize }, { tokens, context }) => {
  const past = context - tokens;
  const shape: AttentionShape = {
    ...{ batch: 1, heads, kvHeads, headSize, queryLength: tokens, keyLength: context, causal: true },
  };
  const rows = (heads / kvHeads) * tokens;
  const masked = needsMask(shape);
  const many = tokens > 1;
  const toHeads = (from: string, sizes: string, to: string): NodeSpec[] =>
    many
      ? [
          { op: 'Reshape', inputs: [from, sizes], outputs: [`${to}Rows`] },
          { op: 'Transpose', inputs: [`${to}Rows`], outputs: [to], attributes: { perm: { ints: [0, 2, 1, 3] } } },
        ]
      : [{ op: 'Reshape', inputs: [from, `${sizes}First`], outputs: [to] }];
  const turned = (from: string, count: number): NodeSpec => ({
    op: 'RotaryEmbedding',
    domain: MICROSOFT,
    inputs: [from, 'positions', 'cos', 'sin'],
    outputs: [`${from}Turned`],
    attributes: { interleaved: { int: 0 }, num_heads: { int: count } },
  });
  const appended = (fresh: string, earlier: string, to: string): NodeSpec[] =>
    past > 0 ? [{ op: 'Concat', inputs: [earlier, fresh], outputs: [to], attributes: { axis: { int: 2 } } }] : [];
  const [newKeys, newValues] = past > 0 ? ['newKeys', 'newValues'] : ['keys', 'values'];
  return {
    shared: masked
      ? [{ name: 'mask', type: 'float16', dims: [rows, context], data: toF16(causalMask(shape, HIDDEN)) }]
      : [],
    constants: [
      { ...wholes('positions', ...Array.from({ length: tokens }, (_, t) => past + t)), dims: [1, tokens] },
      wholes('queryHeads', 1, tokens, heads, headSize),
      wholes('keyHeads', 1, tokens, kvHeads, headSize),
      wholes('keyHeadsFirst', 1, kvHeads, tokens, headSize),
      wholes('folded', 1, kvHeads, rows, headSize),
      wholes('unfolded', 1, heads, tokens, headSize),
      wholes('tokenRows', 1, tokens, heads * headSize),
      {
        ...{ name: 'scale', type: 'float16', dims: [] },
        data: toF16(Float32Array.of(1 / Math.sqrt(headSize))),
      },
    ],
    nodes: [
      turned('q', heads),
      turned('k', kvHeads),
      ...toHeads('kTurned', 'keyHeads', newKeys as string),
      ...toHeads('v', 'keyHeads', newValues as string),
      ...appended('newKeys', 'pastKeys', 'keys'),
      ...appended('newValues', 'pastValues', 'values'),
      // On q and not on the scores: the smaller of the two.
      { op: 'Mul', inputs: ['qTurned', 'scale'], outputs: ['scaled'] },
      ...(many ? toHeads('scaled', 'queryHeads', 'queries') : []),
      { op: 'Reshape', inputs: [many ? 'queries' : 'scaled', 'folded'], outputs: ['rows'] },
      { op: 'Transpose', inputs: ['keys'], outputs: ['columns'], attributes: { perm: { ints: [0, 1, 3, 2] } } },
      { op: 'MatMul', inputs: ['rows', 'columns'], outputs: ['scores'] },
      ...(masked ? [{ op: 'Add', inputs: ['scores', 'mask'], outputs: ['seen'] }] : []),
      {
        op: 'Softmax',
        inputs: [masked ? 'seen' : 'scores'],
        outputs: ['weights'],
        attributes: { axis: { int: -1 } },
      },
      { op: 'MatMul', inputs: ['weights', 'values'], outputs: ['mixed'] },
      ...(many
        ? [
            { op: 'Reshape', inputs: ['mixed', 'unfolded'], outputs: ['byHead'] },
            {
              op: 'Transpose',
              inputs: ['byHead'],
              outputs: ['byToken'],
              attributes: { perm: { ints: [0, 2, 1, 3] } },
            },
          ]
        : []),
      { op: 'Reshape', inputs: [many ? 'byToken' : 'mixed', 'tokenRows'], outputs: ['attended'] },
    ],
  };
};
