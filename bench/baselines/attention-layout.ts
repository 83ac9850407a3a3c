import type { Shape } from '../../kernels/declaration.js';

/**
 * How other libraries see our attention. Assay's causality is aligned at the end: query i sees keys
 * 0 … i + keyLength − queryLength; most libraries align at the start, so they are given a mask.
 */
export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  readonly headSize: number;
  readonly causal: boolean;
}

export const attentionShape = (shape: Shape): AttentionShape => {
  const { batch, heads, kvHeads, queryLength, keyLength, headSize, causal } = shape as Record<string, number>;
  return { batch, heads, kvHeads, queryLength, keyLength, headSize, causal: causal === 1 } as AttentionShape;
};

/** A fault of the workload that every library here shares, in words; else null. */
export function attentionFault(s: AttentionShape): string | null {
  return s.causal && s.queryLength > s.keyLength
    ? 'causal attention with more queries than keys leaves queries that see nothing'
    : null;
}

/**
 * The queries of a group share their keys, so [batch, heads, queryLength, size] is also
 * [batch, kvHeads, group · queryLength, size]: the same memory, with no keys repeated.
 */
export const foldedRows = (s: AttentionShape): number => (s.heads / s.kvHeads) * s.queryLength;

/** One query sees every key, whatever `causal` says. */
export const needsMask = (s: AttentionShape): boolean => s.causal && s.queryLength > 1;

/**
 * Additive mask for folded queries, [group · queryLength, keyLength]: 0 where a key is seen, else `hidden`, which must
 * be finite, so that adding it to a score cannot make a NaN, and so low that its exponential is 0.
 */
export function causalMask(s: AttentionShape, hidden: number): Float32Array {
  const rows = foldedRows(s);
  const data = new Float32Array(rows * s.keyLength);
  for (let row = 0; row < rows; row++) {
    const visible = (row % s.queryLength) + s.keyLength - s.queryLength + 1;
    data.fill(hidden, row * s.keyLength + visible, (row + 1) * s.keyLength);
  }
  return data;
}

/** What can be laid out anew: the elements move, whatever they are. */
export type Elements = Float32Array | Uint16Array | Int8Array | Uint8Array | Int32Array;
const likewise = <T extends Elements>(x: T) => new (x.constructor as new (length: number) => T)(x.length);

/** [batch, outer, inner, size] → [batch, inner, outer, size]. */
export function swapMiddle<T extends Elements>(x: T, batch: number, outer: number, inner: number, size: number): T {
  const y = likewise(x);
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < outer; i++)
      for (let j = 0; j < inner; j++) {
        const from = ((b * outer + i) * inner + j) * size;
        y.set(x.subarray(from, from + size), ((b * inner + j) * outer + i) * size);
      }
  return y;
}

/** [matrices, rows, columns] → [matrices, columns, rows]. */
export function transpose<T extends Elements>(x: T, matrices: number, rows: number, columns: number): T {
  const y = likewise(x);
  for (let m = 0; m < matrices; m++) {
    const base = m * rows * columns;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) y[base + j * rows + i] = x[base + i * columns + j] as number;
  }
  return y;
}
