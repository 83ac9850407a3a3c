import type { Shape } from '../declaration.js';
import { type AttentionSizes, keyHead, rowCount, sizesOf, visibleKeys } from './sizes.js';

export interface AttentionInput {
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
  /** [batch, kvHeads, keyLength, headSize] */
  readonly k: Float32Array;
  /** [batch, kvHeads, keyLength, headSize] */
  readonly v: Float32Array;
}

export interface AttentionOutput {
  /** [batch, heads, queryLength, headSize] */
  readonly out: Float32Array;
}

/** One row of the result in f64, and what its error is measured by. */
export interface ExactRow {
  /** Σ weight · v, per element of the head. */
  readonly out: Float64Array;
  /** Σ weight · |v|, per element of the head. */
  readonly magnitude: Float64Array;
  /** Largest score less the smallest, over the visible keys. */
  readonly spread: number;
}

/** out = softmax(q · kᵀ / √headSize) · v, row by row in f64, each element rounded once. */
export function attentionReference(shape: Shape, input: AttentionInput): AttentionOutput {
  const s = sizesOf(shape);
  const out = new Float32Array(input.q.length);
  for (let row = 0; row < rowCount(s); row++) out.set(exactRow(s, input, row).out, row * s.headSize);
  return { out };
}

export function exactRow(s: AttentionSizes, { q, k, v }: AttentionInput, row: number): ExactRow {
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
  for (let key = 0; key < keys; key++) {
    const weight = (weights[key] as number) / total;
    for (let i = 0, at = first + key * size; i < size; i++) {
      const term = weight * (v[at + i] as number);
      out[i] = (out[i] as number) + term;
      magnitude[i] = (magnitude[i] as number) + Math.abs(term);
    }
  }
  return { out, magnitude, spread };
}
