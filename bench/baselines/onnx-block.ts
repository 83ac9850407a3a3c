import type { Shape } from '../../kernels/declaration.js';
import type { BlockInput } from '../../kernels/decoder-block/reference.js';
import { type BlockSizes, sizesOf } from '../../kernels/decoder-block/sizes.js';
import { toF16 } from '../../kernels/f16.js';
import { layerMatrices, type Matrix, type Model, normSeed, type WeightType } from '../../kernels/llm/models.js';
import { storedNorm, storedRows } from '../../kernels/llm/weights.js';
import { BLOCK, BLOCK_BYTES } from '../../kernels/matmul-q4/format.js';
import { EPSILON } from '../../kernels/rmsnorm/reference.js';
import { turns } from '../../kernels/rope/turns.js';
import { transpose } from './attention-layout.js';
import { composedHeads, groupQueryHeads, type Heads } from './onnx-block-attention.js';
import type { NodeSpec } from './onnx-model.js';
import { asFloats, type NamedTensor, type OnnxProgram, onnxProgram } from './onnx-program.js';

const MICROSOFT = 'com.microsoft';
const FLOAT16 = 'float16';

/** The tensors that every input shares: weights, norms and the table of angles, bit for bit what our kernels have. */
export interface BlockWeights {
  readonly tensors: readonly NamedTensor[];
  /** The node that multiplies `input` by a matrix. */
  product(name: string, input: string, output: string): NodeSpec;
}

/** Rows of the layer's matrices under the names that products have here: queries, keys and values apart, as exporters do. */
function parts(model: Model, type: WeightType): Readonly<Record<string, readonly [Matrix, number, number]>> {
  const { heads, kvHeads, headSize, hidden } = model;
  const { qkv, o, gateUp, down } = layerMatrices(model, 0, type);
  const [k, v] = [heads * headSize, (heads + kvHeads) * headSize];
  return {
    query: [qkv, 0, k],
    key: [qkv, k, v],
    value: [qkv, v, qkv.n],
    o: [o, 0, o.n],
    gate: [gateUp, 0, hidden],
    up: [gateUp, hidden, 2 * hidden],
    down: [down, 0, down.n],
  };
}

export function blockWeights(model: Model, type: WeightType, context: number): BlockWeights {
  const all = parts(model, type);
  const matrices = Object.entries(all).flatMap(([name, [matrix, from, to]]): NamedTensor[] => {
    const stored = storedRows(matrix, from, to);
    const [n, k] = [to - from, matrix.k];
    if (stored.type === 'f16') return [{ name, type: FLOAT16, dims: [k, n], data: transpose(stored.weights, 1, n, k) }];
    return [
      { name, type: 'uint8', dims: [n, k / BLOCK, BLOCK_BYTES], data: stored.weights },
      { name: `${name}Scales`, type: FLOAT16, dims: [n, k / BLOCK], data: stored.scales },
    ];
  });
  const norms = [0, 1].map(
    (index): NamedTensor => ({
      ...{ name: `norm${index}`, type: FLOAT16, dims: [model.width] },
      data: storedNorm(model.width, normSeed(index)),
    }),
  );
  return {
    tensors: [...matrices, ...norms, ...angles(context, model.headSize)],
    product(name, input, output) {
      const [matrix, from, to] = all[name] as (typeof all)[string];
      if (type === 'f16') return { op: 'MatMul', inputs: [input, name], outputs: [output] };
      return {
        op: 'MatMulNBits',
        domain: MICROSOFT,
        inputs: [input, name, `${name}Scales`],
        outputs: [output],
        attributes: {
          K: { int: matrix.k },
          N: { int: to - from },
          bits: { int: 4 },
          block_size: { int: BLOCK },
          accuracy_level: { int: 0 },
        },
      };
    },
  };
}

/** Cosine and sine by position, [context, headSize / 2]. */
function angles(context: number, headSize: number): NamedTensor[] {
  const table = turns(0, context, headSize);
  return ['cos', 'sin'].map((name, which) => ({
    ...{ name, type: FLOAT16, dims: [context, headSize / 2] },
    data: toF16(Float32Array.from({ length: table.length / 2 }, (_, i) => table[2 * i + which] as number)),
  }));
}

export interface BlockForm {
  readonly form: string;
  readonly heads: Heads;
}
/** The operator that exported language models have; and the same from plain ones, which runs everywhere. */
export const fusedBlock: BlockForm = { form: 'GroupQueryAttention', heads: groupQueryHeads };
export const composedBlock: BlockForm = { form: 'RotaryEmbedding · MatMul · Softmax · MatMul', heads: composedHeads };

/**
 * A layer as exporters for ONNX Runtime write it: it fuses further by itself where it can.
 * @param weightsConstant weights are constants of the graph, which the provider may lay out as it likes
 */
export function blockProgram(
  model: Model,
  type: WeightType,
  shape: Shape,
  { form, heads }: BlockForm,
  weights: BlockWeights,
  weightsConstant: boolean,
): OnnxProgram {
  const s: BlockSizes = sizesOf(shape);
  const { width, kvHeads, headSize } = model;
  const past = s.context - s.tokens;
  const cache = (length: number) => [1, kvHeads, length, headSize];
  const attention = heads(model, s);
  const shared = [...(weightsConstant ? [] : weights.tensors), ...attention.shared];
  const norm = { epsilon: { float: EPSILON } };
  return onnxProgram({
    form: `${type === 'q4' ? 'MatMulNBits, accuracy_level 0' : 'MatMul'}, ${form}${weightsConstant ? ', weights constant' : ''}`,
    name: 'decoder-block',
    inputs: [
      { name: 'x', type: FLOAT16, dims: [1, s.tokens, width] },
      ...(past > 0 ? ['pastKeys', 'pastValues'] : []).map(
        (name) => ({ name, type: FLOAT16, dims: cache(past) }) as const,
      ),
    ],
    shared,
    constants: [...(weightsConstant ? weights.tensors : []), ...attention.constants],
    output: { type: FLOAT16, dims: [1, s.tokens, width] },
    more: ['keys', 'values'].map((name) => ({ name, type: FLOAT16, dims: cache(s.context) })),
    nodes: [
      {
        op: 'SimplifiedLayerNormalization',
        inputs: ['x', 'norm0'],
        outputs: ['h0'],
        attributes: { ...norm, axis: { int: -1 }, stash_type: { int: 1 } },
      },
      weights.product('query', 'h0', 'q'),
      weights.product('key', 'h0', 'k'),
      weights.product('value', 'h0', 'v'),
      ...attention.nodes,
      weights.product('o', 'attended', 'y0'),
      {
        op: 'SkipSimplifiedLayerNormalization',
        domain: MICROSOFT,
        inputs: ['x', 'y0', 'norm1'],
        outputs: ['h1', '', '', 'between'],
        attributes: norm,
      },
      weights.product('gate', 'h1', 'g'),
      weights.product('up', 'h1', 'u'),
      { op: 'Sigmoid', inputs: ['g'], outputs: ['gated'] },
      { op: 'Mul', inputs: ['g', 'gated'], outputs: ['silu'] },
      { op: 'Mul', inputs: ['silu', 'u'], outputs: ['act'] },
      weights.product('down', 'act', 'y1'),
      { op: 'Add', inputs: ['between', 'y1'], outputs: ['y'] },
    ],
    lay: (input) => {
      const { hidden, pastKeys, pastValues } = input as BlockInput;
      return { x: toF16(hidden), pastKeys: toF16(pastKeys), pastValues: toF16(pastValues) };
    },
    decode: (out, { keys, values }) => ({
      out: asFloats(out),
      keys: asFloats(keys as Uint16Array),
      values: asFloats(values as Uint16Array),
    }),
  });
}
