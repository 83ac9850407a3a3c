import { type AttentionShape, causalMask, foldedRows, needsMask, swapMiddle, transpose } from './attention-layout.js';
import { type ConstantSpec, encodeModel, type NodeSpec } from './onnx-model.js';
import type { NamedTensor, OnnxProgram } from './onnx-program.js';

/**
 * Attention in the forms that ONNX Runtime 1.30 offers. They differ in speed, in where they run and in
 * how they see causality, so each provider takes the fastest that is right on it.
 */

interface AttentionInput {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

const MICROSOFT = 'com.microsoft';
/** Finite, so that adding it to a score cannot make a NaN; its exponential is 0. */
const HIDDEN = -3.4e38;

/** Additive mask for folded queries under leading dimensions of 1. */
const mask = (s: AttentionShape, leading: readonly number[]): NamedTensor => ({
  name: 'mask',
  dims: [...leading, foldedRows(s), s.keyLength],
  data: causalMask(s, HIDDEN),
});

interface Layout {
  readonly form: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly shared?: readonly NamedTensor[];
  readonly constants?: readonly ConstantSpec[];
  readonly outputDims: readonly number[];
  readonly nodes: readonly NodeSpec[];
  readonly lay: (input: AttentionInput) => Readonly<Record<string, Float32Array>>;
  readonly unlay?: (output: Float32Array) => Float32Array;
}

function program({ form, inputs, shared = [], constants = [], outputDims, nodes, lay, unlay }: Layout): OnnxProgram {
  const own = Object.entries(inputs).map(([name, dims]) => ({ name, dims }));
  const model = encodeModel({
    name: 'attention',
    inputs: [...own, ...shared],
    outputs: [{ name: 'y', dims: outputDims }],
    constants,
    nodes,
  });
  return {
    form,
    model,
    outputDims,
    shared,
    tensors: (input) => {
      const laid = lay(input as AttentionInput);
      return own.map((tensor) => ({ ...tensor, data: laid[tensor.name] as Float32Array }));
    },
    decode: (output) => ({ out: unlay ? unlay(output) : output }),
  };
}

const folded = (s: AttentionShape) => [s.batch, s.kvHeads, foldedRows(s), s.headSize];
const keys = (s: AttentionShape) => [s.batch, s.kvHeads, s.keyLength, s.headSize];

/** The standard operator (opset 23) on our own layout: fastest or equal on the CPU; the WebGPU provider has no kernel for it. */
export function standardAttention(s: AttentionShape): OnnxProgram {
  const shared = needsMask(s) ? [mask(s, [])] : [];
  return program({
    form: 'Attention',
    inputs: { q: folded(s), k: keys(s), v: keys(s) },
    shared,
    outputDims: folded(s),
    nodes: [{ op: 'Attention', inputs: ['q', 'k', 'v', ...shared.map((t) => t.name)], outputs: ['y'] }],
    lay: ({ q, k, v }) => ({ q, k, v }),
  });
}

/**
 * GroupQueryAttention with every key in the cache and none new: it skips hidden keys, needs no mask,
 * copies nothing and is aligned at the end as we are. Causal only; head size a multiple of 8. The
 * operator refuses several batches beside a cache, so batches become further heads: the same memory.
 */
export function groupQueryAttention(s: AttentionShape): OnnxProgram {
  const { queryLength, keyLength, headSize } = s;
  const heads = s.batch * s.heads;
  const kvHeads = s.batch * s.kvHeads;
  const cache = [1, kvHeads, keyLength, headSize];
  const nothingNew = { dims: [1, 0, kvHeads * headSize], data: new Float32Array(0) };
  return program({
    form: 'GroupQueryAttention',
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
}

/** MultiHeadAttention over folded queries; a mask where causality asks for one. */
export function multiHeadAttention(s: AttentionShape): OnnxProgram {
  const { batch, kvHeads, headSize } = s;
  const rows = foldedRows(s);
  const shared = needsMask(s) ? [mask(s, [1, 1])] : [];
  return program({
    form: 'MultiHeadAttention',
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
}

/** The textbook's softmax(q · kᵀ / √size + mask) · v from plain operators, keys transposed ahead: runs everywhere. */
export function composedAttention(s: AttentionShape): OnnxProgram {
  const { batch, kvHeads, keyLength, headSize } = s;
  const shared = needsMask(s) ? [mask(s, [])] : [];
  const masked: NodeSpec[] = needsMask(s) ? [{ op: 'Add', inputs: ['scores', 'mask'], outputs: ['masked'] }] : [];
  return program({
    form: 'MatMul · Softmax · MatMul',
    inputs: { q: folded(s), k: [batch, kvHeads, headSize, keyLength], v: keys(s) },
    shared,
    constants: [{ name: 'scale', dims: [], data: Float32Array.of(1 / Math.sqrt(headSize)) }],
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
}
