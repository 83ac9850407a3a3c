import type { AttentionShape } from '../../bench/baselines/attention-layout.js';
import type { Kernel, Shape } from '../../kernels/declaration.js';
import { randomFloats } from '../../kernels/random.js';

/** What a baseline asks a kernel; the rest of the declaration is not its business. */
export const kernelNamed = (id: string, type = 'f32') => ({ id, type }) as unknown as Kernel;

/** Odd sizes beside round ones; every pair of grouping, causality and queries against keys. */
export const attentionCases: readonly AttentionShape[] = [
  { batch: 1, heads: 1, kvHeads: 1, queryLength: 1, keyLength: 1, headSize: 4, causal: true },
  { batch: 2, heads: 6, kvHeads: 2, queryLength: 5, keyLength: 9, headSize: 24, causal: true },
  { batch: 1, heads: 4, kvHeads: 4, queryLength: 33, keyLength: 17, headSize: 7, causal: false },
  { batch: 2, heads: 3, kvHeads: 1, queryLength: 35, keyLength: 35, headSize: 16, causal: true },
  { batch: 1, heads: 8, kvHeads: 2, queryLength: 1, keyLength: 131, headSize: 32, causal: false },
];
export const matmulCases = [
  { m: 1, n: 1, k: 1 },
  { m: 3, n: 5, k: 7 },
  { m: 33, n: 17, k: 65 },
] as const;

export const shapeOf = (s: AttentionShape): Shape => ({ ...s, causal: s.causal ? 1 : 0 });
export const nameOf = (s: AttentionShape) =>
  `b${s.batch} h${s.heads}/${s.kvHeads} q${s.queryLength} k${s.keyLength} d${s.headSize}${s.causal ? ' causal' : ''}`;

export function attentionInput(s: AttentionShape, seed: number) {
  const queries = s.batch * s.heads * s.queryLength * s.headSize;
  const keys = s.batch * s.kvHeads * s.keyLength * s.headSize;
  return { ...s, q: randomFloats(queries, seed), k: randomFloats(keys, seed + 1), v: randomFloats(keys, seed + 2) };
}
export interface MatmulCase {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch?: number;
  /** 1: b is given as [n, k]. */
  readonly transposeB?: number;
}
export const matmulInput = ({ m, n, k, batch = 1, transposeB = 0 }: MatmulCase, seed: number) => ({
  ...{ m, n, k, batch, transposeB: transposeB === 1 },
  a: randomFloats(batch * m * k, seed),
  b: randomFloats(batch * k * n, seed + 1),
});

/** softmax(q · kᵀ / √size) · v in f64, row by row: written apart from the models so that it shares no mistake. */
export function attentionF64(s: AttentionShape, input: { q: Float32Array; k: Float32Array; v: Float32Array }) {
  const out = new Float64Array(input.q.length);
  const at = (x: Float32Array, i: number) => x[i] as number;
  for (let row = 0; row < s.batch * s.heads * s.queryLength; row++) {
    const query = row % s.queryLength;
    const head = Math.floor(row / s.queryLength);
    const [b, h] = [Math.floor(head / s.heads), head % s.heads];
    const base = (b * s.kvHeads + Math.floor((h * s.kvHeads) / s.heads)) * s.keyLength * s.headSize;
    const visible = s.causal ? query + s.keyLength - s.queryLength + 1 : s.keyLength;
    const weights = Array.from({ length: visible }, (_, key) => {
      let score = 0;
      for (let d = 0; d < s.headSize; d++)
        score += at(input.q, row * s.headSize + d) * at(input.k, base + key * s.headSize + d);
      return Math.exp(score / Math.sqrt(s.headSize));
    });
    const total = weights.reduce((sum, w) => sum + w, 0);
    for (let d = 0; d < s.headSize; d++)
      out[row * s.headSize + d] =
        weights.reduce((sum, w, key) => sum + w * at(input.v, base + key * s.headSize + d), 0) / total;
  }
  return out;
}

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  readonly transposeB: boolean;
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
}

export function matmulF64({ m, n, k, batch, transposeB, a, b }: Product) {
  const c = new Float64Array(batch * m * n);
  for (let i = 0; i < c.length; i++) {
    const [row, j] = [Math.floor(i / n), i % n];
    const matrix = Math.floor(row / m) * k * n;
    for (let p = 0; p < k; p++)
      c[i] =
        (c[i] as number) + (a[row * k + p] as number) * (b[matrix + (transposeB ? j * k + p : p * n + j)] as number);
  }
  return c;
}

/** Largest absolute difference; infinite when a length differs or a value is not a number. */
export function worstError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < got.length; i++) {
    const error = Math.abs((got[i] as number) - (expected[i] as number));
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }
  return worst;
}
