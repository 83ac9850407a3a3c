import type { Shape } from '../declaration.js';

/** A shape of attention, by name; `causal` is 0 or 1. */
export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  readonly headSize: number;
  readonly causal: number;
}

export const sizesOf = (shape: Shape): AttentionSizes => shape as unknown as AttentionSizes;

/** Queries over all heads and batches: rows of the score matrix. */
export const rowCount = (s: AttentionSizes): number => s.batch * s.heads * s.queryLength;

/** Keys that a query sees; the last query sees all. */
export const visibleKeys = (s: AttentionSizes, query: number): number =>
  s.causal ? query + 1 + s.keyLength - s.queryLength : s.keyLength;

/** Pairs of query and visible key over all heads and batches. */
export function visiblePairs(s: AttentionSizes): number {
  const hidden = s.causal ? (s.queryLength * (s.queryLength - 1)) / 2 : 0;
  return s.batch * s.heads * (s.queryLength * s.keyLength - hidden);
}

/** Which head of k and v a row uses, counted over batches: consecutive query heads share one. */
export function keyHead(s: AttentionSizes, row: number): number {
  const head = Math.floor(row / s.queryLength);
  return Math.floor(head / s.heads) * s.kvHeads + Math.floor((head % s.heads) / (s.heads / s.kvHeads));
}
