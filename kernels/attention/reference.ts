import type { Shape } from '../declaration.js';
import { type AttentionSizes, keyHead, rowCount, sizesOf, visibleKeys } from './sizes.js';

/** What `card.run` takes besides the data. */
export interface AttentionRequest {
  readonly batch: number;
  /** Query heads, a multiple of `kvHeads`; consecutive ones share a head of k and v. */
  readonly heads: number;
  readonly kvHeads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  readonly headSize: number;
  /** Query i sees keys 0 … i + keyLength − queryLength. */
  readonly causal: boolean;
  /** [batch, heads, queryLength, headSize] */
  readonly q: Float32Array;
}

export interface AttentionInput extends AttentionRequest {
  /** [batch, kvHeads, keyLength, headSize] */
  readonly k: Float32Array;
  /** [batch, kvHeads, keyLength, headSize] */
  readonly v: Float32Array;
}

/** Keys and values of 8 bits, each key and each value with a factor of its own: element = int · scale. */
export interface QuantisedAttentionInput extends AttentionRequest {
  /** [batch, kvHeads, keyLength, headSize] */
  readonly k: Int8Array;
  /** [batch, kvHeads, keyLength, headSize] */
  readonly v: Int8Array;
  /** [batch, kvHeads, keyLength], finite in f16 */
  readonly kScales: Float32Array;
  /** [batch, kvHeads, keyLength], finite in f16 */
  readonly vScales: Float32Array;
}

export interface AttentionOutput {
  /** [batch, heads, queryLength, headSize] */
  readonly out: Float32Array;
}

/** The numbers that the storage holds, each exact in f32. */
export type Dense = Pick<AttentionInput, 'q' | 'k' | 'v'>;

/** One row of the result in f64, and what its error is measured by. */
export interface ExactRow {
  /** Σ weight · v, per element of the head. */
  readonly out: Float64Array;
  /** Σ weight · |v|, per element of the head. */
  readonly magnitude: Float64Array;
  /** √Σ (weight · v)², per element, over the keys whose score is not the largest. */
  readonly rest: Float64Array;
  /** Σ weight², over the same keys. */
  readonly restWeight: number;
  /** 1 / Σ weight²: how many keys the row looks at. */
  readonly keys: number;
  /** Largest score less the smallest, over the visible keys. */
  readonly spread: number;
}

/** out = softmax(q · kᵀ / √headSize) · v, row by row in f64, each element rounded once. */
export function attentionReference(shape: Shape, dense: Dense): AttentionOutput {
  const s = sizesOf(shape);
  const out = new Float32Array(dense.q.length);
  for (let row = 0; row < rowCount(s); row++) out.set(exactRow(s, dense, row).out, row * s.headSize);
  return { out };
}

export function exactRow(s: AttentionSizes, { q, k, v }: Dense, row: number): ExactRow {
  const size = s.headSize;
  const keys = visibleKeys(s, row % s.queryLength);
  const first = keyHead(s, row) * s.keyLength * size;
  const query = Float64Array.from(q.subarray(row * size, (row + 1) * size));
  const scores = new Float64Array(keys);
  const scale = 1 / Math.sqrt(size);
  for (let key = 0; key < keys; key++) {
    let sum = 0;
    for (let i = 0, at = first + key * size; i < size; i++) sum += (query[i] as number) * (k[at + i] as number);
    scores[key] = sum * scale;
  }
  // Math.max and Math.min hand NaN on, as softmax must.
  const top = scores.reduce((a, b) => Math.max(a, b));
  const spread = top - scores.reduce((a, b) => Math.min(a, b));
  const weights = scores.map((score) => Math.exp(score - top));
  const total = weights.reduce((a, b) => a + b);
  const out = new Float64Array(size);
  const magnitude = new Float64Array(size);
  const rest = new Float64Array(size);
  let [squares, restWeight] = [0, 0];
  for (let key = 0; key < keys; key++) {
    const weight = (weights[key] as number) / total;
    const isRest = (scores[key] as number) < top;
    squares += weight ** 2;
    if (isRest) restWeight += weight ** 2;
    for (let i = 0, at = first + key * size; i < size; i++) {
      const term = weight * (v[at + i] as number);
      out[i] = (out[i] as number) + term;
      magnitude[i] = (magnitude[i] as number) + Math.abs(term);
      if (isRest) rest[i] = (rest[i] as number) + term ** 2;
    }
  }
  return { out, magnitude, rest: rest.map(Math.sqrt), restWeight, keys: 1 / squares, spread };
}
