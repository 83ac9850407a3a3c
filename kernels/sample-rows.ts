import { randomWords } from './random.js';

/** First, last and random rows, `most` in all but at least 2 and, where some are left out, at most 16; in order. */
export function sampleRows(rows: number, most: number, seed: number): number[] {
  if (most >= rows) return Array.from({ length: rows }, (_, i) => i);
  const count = Math.min(rows, Math.max(2, Math.min(16, Math.floor(most))));
  const next = randomWords(seed ^ 0x524f5753);
  const chosen = new Set([0, rows - 1]);
  while (chosen.size < count) chosen.add(next() % rows);
  return [...chosen].sort((x, y) => x - y);
}
