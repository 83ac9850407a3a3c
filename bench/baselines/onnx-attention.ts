import { type AttentionShape, causalMask, foldedRows, needsMask, swapMiddle, transpose } from './attention-layout.js';
import type { NodeSpec } from './onnx-model.js';
import {
  asFloats,
  type FloatType,
  floatData,
  type NamedTensor,
  type OnnxProgram,
  onnxProgram,
  type ProgramSpec,
} from './onnx-program.js';

/**
 * Attention in the forms that ONNX Runtime 1.30 offers. They differ in speed, in where they run and in
 * how they see causality, so each provider takes the fastest that is right on it.
 */
export type AttentionForm = (s: AttentionShape, type: FloatType) => OnnxProgram;

interface AttentionInput {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

const MICROSOFT = 'com.microsoft';
/** Finite with any score added, and its exponential is 0. */
const HIDDEN = { float32: -3.4e38, float16: -60000 } as const;

/** Additive mask for folded queries under leading dimensions of 1. */
const mask = (s: AttentionShape, type: FloatType, leading: readonly number[]): NamedTensor => ({
  name: 'mask',
  type,
  dims: [...leading, foldedRows(s), s.keyLength],
  data: floatData(type, causalMask(s, HIDDEN[type])),
});

interface Layout extends Pick<ProgramSpec, 'form' | 'shared' | 'constants' | 'nodes'> {
  readonly type: FloatType;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputDims: readonly number[];
  readonly lay: (input: AttentionInput) => Readonly<Record<string, Float32Array>>;
  readonly unlay?: (output: Float32Array) => Float32Array;
}

function program({ type, inputs, outputDims, lay, unlay, ...rest }: Layout): OnnxProgram {
  return onnxProgram({
    ...rest,
    name: 'attention',
    inputs: Object.entries(inputs).map(([name, dims]) => ({ name, type, dims })),
    output: { type, dims: outputDims },
    lay: (input) =>
      Object.fromEntries(
        Object.entries(lay(input as AttentionInput)).map(([name, values]) => [name, floatData(type, values)]),
      ),
    decode: (y) => ({ out: unlay ? unlay(asFloats(y)) : asFloats(y) }),
  });
}

const folded = (s: AttentionShape) => [s.batch, s.kvHeads, foldedRows(s), s.headSize];
const keys = (s: AttentionShape) => [s.batch, s.kvHeads, s.keyLength, s.headSize];

/** The standard operator (opset 23) on our own layout: fastest or equal on the CPU; the WebGPU provider has no kernel for it. */
export const standardAttention: AttentionForm = (s, type) => {
  const shared = needsMask(s) ? [mask(s, type, [])] : [];
  return program({
    form: 'Attention',
    type,
    inputs: { q: folded(s), k: keys(s), v: keys(s) },
    shared,
    outputDims: folded(s),
    nodes: [{ op: 'Attention', inputs: ['q', 'k', 'v', ...shared.map((t) => t.name)], outputs: ['y'] }],
    lay: ({ q, k, v }) => ({ q, k, v }),
  });
};

/**
 * GroupQueryAttention with every key in the cache and none new: it skips hidden keys, needs no mask,
 * copies nothing and is aligned at the end as we are. Causal, or one query that sees every key; head size a multiple
 * of 8. The operator refuses several batches beside a cache, so batches become further heads: the same memory.
 */
export const groupQueryAttention: AttentionForm = (s, type) => {
  const { queryLength, keyLength, headSize } = s;
  const heads = s.batch * s.heads;
  const kvHeads = s.batch * s.kvHeads;
  const cache = [1, kvHeads, keyLength, headSize];
  const nothingNew = { type, dims: [1, 0, kvHeads * headSize], data: floatData(type, new Float32Array(0)) };
  return program({
    form: 'GroupQueryAttention',
    type,
    inputs: { q: [1, queryLength, heads * headSize], k: cache, v: cache },
    constants: [
      { name: 'newKeys', ...nothingNew },
      { name: 'newValues', ...nothingNew },
      // "total sequence lengths minus 1" is how the operator documents this input.
      { name: 'lastKey', type: 'int32', dims: [1], data: Int32Array.of(keyLength - 1) },
      { name: 'keyLength', type: 'int32', dims: [1], data: Int32Array.of(keyLength) },
    ],
    outputDims: [1, queryLength, heads * headSize],
    nodes: [
      {
        op: 'GroupQueryAttention',
        domain: MICROSOFT,
        inputs: ['q', 'newKeys', 'newValues', 'k', 'v', 'lastKey', 'keyLength'],
        outputs: ['y', 'presentKeys', 'presentValues'],
        attributes: { num_heads: { int: heads }, kv_num_heads: { int: kvHeads } },
      },
    ],
    lay: ({ q, k, v }) => ({ q: swapMiddle(q, 1, heads, queryLength, headSize), k, v }),
    unlay: (y) => swapMiddle(y, 1, queryLength, heads, headSize),
  });
};

/** MultiHeadAttention over folded queries; a mask where causality asks for one. */
export const multiHeadAttention: AttentionForm = (s, type) => {
  const { batch, kvHeads, headSize } = s;
  const rows = foldedRows(s);
  const shared = needsMask(s) ? [mask(s, type, [1, 1])] : [];
  return program({
    form: 'MultiHeadAttention',
    type,
    inputs: { q: [batch, rows, kvHeads * headSize], k: keys(s), v: keys(s) },
    shared,
    outputDims: [batch, rows, kvHeads * headSize],
    nodes: [
      {
        op: 'MultiHeadAttention',
        domain: MICROSOFT,
        inputs: ['q', 'k', 'v', ...(needsMask(s) ? ['', '', 'mask'] : [])],
        outputs: ['y'],
        attributes: { num_heads: { int: kvHeads } },
      },
    ],
    lay: ({ q, k, v }) => ({ q: swapMiddle(q, batch, kvHeads, rows, headSize), k, v }),
    unlay: (y) => swapMiddle(y, batch, rows, kvHeads, headSize),
  });
};

/** The textbook's softmax(q · kᵀ / √size + mask) · v from plain operators, keys transposed ahead: runs everywhere. */
export const composedAttention: AttentionForm = (s, type) => {
  const { batch, kvHeads, keyLength, headSize } = s;
  const masked: NodeSpec[] = needsMask(s) ? [{ op: 'Add', inputs: ['scores', 'mask'], outputs: ['masked'] }] : [];
  return program({
    form: 'MatMul · Softmax · MatMul',
    type,
    inputs: { q: folded(s), k: [batch, kvHeads, headSize, keyLength], v: keys(s) },
    shared: needsMask(s) ? [mask(s, type, [])] : [],
    constants: [{ name: 'scale', type, dims: [], data: floatData(type, Float32Array.of(1 / Math.sqrt(headSize))) }],
    outputDims: folded(s),
    nodes: [
      // On q and not on the scores: the smaller of the two.
      { op: 'Mul', inputs: ['q', 'scale'], outputs: ['scaled'] },
      { op: 'MatMul', inputs: ['scaled', 'k'], outputs: ['scores'] },
      ...masked,
      {
        op: 'Softmax',
        inputs: [needsMask(s) ? 'masked' : 'scores'],
        outputs: ['weights'],
        attributes: { axis: { int: -1 } },
      },
      { op: 'MatMul', inputs: ['weights', 'v'], outputs: ['y'] },
    ],
    lay: ({ q, k, v }) => ({ q, k: transpose(k, batch * kvHeads, keyLength, headSize), v }),
  });
};
