import { randomWords } from '../random.js';
import type { Dense } from './reference.js';
import { type AttentionSizes, keyHead, rowCount, visibleKeys } from './sizes.js';

/** How many keys a query finds, on average. */
const FOUND = 8;

/**
 * Queries that each look for some eight of their keys and find nothing else, in small whole numbers: all sums are
 * exact in f16, the keys that a query finds have one and the same score, far above the others', and so weights of
 * one n-th each. Where random numbers average out to almost nothing, here a key dropped, doubled or taken from
 * another head changes the result by an eighth.
 *
 * Every key is the ±2 pattern of one of keyLength / 8 classes, and a query that of a key that it sees, so that
 * their score is 4·√headSize, against 4·z for any other, z being about normal.
 */
export function needles(s: AttentionSizes, seed: number): Dense {
  const next = randomWords(seed ^ 0x4e45444c);
  const size = s.headSize;
  const classes = Math.ceil(s.keyLength / FOUND);
  const patterns = Float32Array.from({ length: classes * size }, () => (next() & 1 ? 2 : -2));
  const pattern = (of: number) => patterns.subarray(of * size, (of + 1) * size);
  const keyRows = s.batch * s.kvHeads * s.keyLength;
  const classOf = Uint32Array.from({ length: keyRows }, () => next() % classes);
  const k = new Float32Array(keyRows * size);
  for (let row = 0; row < keyRows; row++) k.set(pattern(classOf[row] as number), row * size);
  const v = Float32Array.from({ length: keyRows * size }, () => (next() % 9) - 4);
  const q = new Float32Array(rowCount(s) * size);
  for (let row = 0; row < rowCount(s); row++) {
    const key = next() % visibleKeys(s, row % s.queryLength);
    q.set(pattern(classOf[keyHead(s, row) * s.keyLength + key] as number), row * size);
  }
  return { q, k, v };
}

/** `length` floats, uniform in [−1, 1), each a multiple of 2⁻¹⁰ and so exact in f16. */
export function randomHalves(length: number, seed: number): Float32Array {
  const next = randomWords(seed);
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) out[i] = (next() >>> 21) / 1024 - 1;
  return out;
}
