import type { Kernel, Shape } from '../../kernels/declaration.js';
import { kernelName } from '../../kernels/shape.js';
import {
  type AttentionShape,
  attentionFault,
  attentionShape,
  causalMask,
  foldedRows,
  needsMask,
  transpose,
} from './attention-layout.js';

/** A tensor of TensorFlow.js, as far as it is used here. */
export interface TfTensor {
  /** What the backend knows it by. */
  readonly dataId: object;
  data(): Promise<Float32Array>;
  dispose(): void;
}
/**
 * What is used of TensorFlow.js: the same in `tfjs-core` and in `tfjs-node-gpu`. Its own type files are left alone,
 * since they bring an old `@webgpu/types` along, whose globals clash with ours.
 */
export interface Tf {
  tensor(values: Float32Array, shape: readonly number[]): TfTensor;
  scalar(value: number): TfTensor;
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor;
  mul(a: TfTensor, b: TfTensor): TfTensor;
  add(a: TfTensor, b: TfTensor): TfTensor;
  softmax(x: TfTensor): TfTensor;
  reshape(x: TfTensor, shape: readonly number[]): TfTensor;
  slice(x: TfTensor, begin: readonly number[], size: readonly number[]): TfTensor;
  tidy(compute: () => TfTensor): TfTensor;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  removeBackend(name: string): void;
  ready(): Promise<void>;
  backend(): unknown;
  env(): { set(flag: string, value: boolean): void };
  readonly version_core?: string;
}

type Layout = Readonly<Record<string, { readonly dims: readonly number[]; readonly data: Float32Array }>>;
type Tensors = Readonly<Record<string, TfTensor>>;

/** One workload in TensorFlow.js's operators. */
export interface TfProgram {
  /** The operators that compute, in words for the provenance. */
  readonly form: string;
  /** f32 elements of the largest tensor that exists at any time. */
  readonly largest: number;
  /** Tensors that are the same for every input set. */
  readonly shared: Layout;
  tensors(input: unknown): Layout;
  compute(tf: Tf, tensors: Tensors): TfTensor;
  decode(output: Float32Array): unknown;
}

const product = (...sizes: number[]) => sizes.reduce((all, size) => all * size, 1);

/** Null when TensorFlow.js can compute this workload, else why not. */
export function unsupported(kernel: Kernel, shape: Shape): string | null {
  const name = kernelName(kernel);
  if (name === 'matmul/f32') return null;
  if (name === 'attention/f32') return attentionFault(attentionShape(shape));
  return `TensorFlow.js is compared on matmul/f32 and attention/f32, not on ${name}; on a GPU it has f32 only`;
}

export function programFor(kernel: Kernel, shape: Shape): TfProgram {
  return kernel.id === 'matmul' ? matmul(shape) : attention(attentionShape(shape));
}

function matmul(shape: Shape): TfProgram {
  const { m, n, k, batch = 1, transposeB = 0 } = shape as { m: number; n: number; k: number } & Shape;
  const dims = (...sizes: [number, number]) => (batch === 1 ? sizes : [batch, ...sizes]);
  return {
    form: transposeB ? 'matMul, transposeB' : 'matMul',
    largest: batch * Math.max(m * k, k * n, m * n),
    shared: {},
    tensors: (input) => {
      const { a, b } = input as { a: Float32Array; b: Float32Array };
      return { a: { dims: dims(m, k), data: a }, b: { dims: transposeB ? dims(n, k) : dims(k, n), data: b } };
    },
    compute: (tf, { a, b }) => tf.matMul(a as TfTensor, b as TfTensor, false, transposeB === 1),
    decode: (c) => ({ c }),
  };
}

/** The exponential of what is this far below the row's largest score is 0 in f32. */
const HIDDEN = -1e30;

/**
 * softmax(q · kᵀ / √size + mask) · v from plain operators, as TensorFlow.js has no fused attention. Query heads of a
 * group are folded into rows, so no key is repeated; keys are transposed ahead, which its matMul likes better.
 */
function attention(s: AttentionShape): TfProgram {
  const rows = foldedRows(s);
  const matrices = s.batch * s.kvHeads;
  const queries = [matrices, rows, s.headSize];
  const keys = [matrices, s.keyLength, s.headSize];
  return {
    form: `keys transposed ahead, matMul · ${needsMask(s) ? 'add · ' : ''}softmax · matMul`,
    largest: Math.max(product(matrices, rows, s.keyLength), product(...queries), product(...keys)),
    shared: needsMask(s) ? { mask: { dims: [1, rows, s.keyLength], data: causalMask(s, HIDDEN) } } : {},
    tensors: (input) => {
      const { q, k, v } = input as Readonly<Record<'q' | 'k' | 'v', Float32Array>>;
      const ahead = {
        dims: [matrices, s.headSize, s.keyLength],
        data: transpose(k, matrices, s.keyLength, s.headSize),
      };
      return { q: { dims: queries, data: q }, k: ahead, v: { dims: keys, data: v } };
    },
    compute: (tf, { q, k, v, mask }) =>
      tf.tidy(() => {
        // On q and not on the scores: the smaller of the two.
        const scaled = tf.mul(q as TfTensor, tf.scalar(1 / Math.sqrt(s.headSize)));
        const scores = tf.matMul(scaled, k as TfTensor);
        return tf.matMul(tf.softmax(mask ? tf.add(scores, mask) : scores), v as TfTensor);
      }),
    decode: (out) => ({ out }),
  };
}
