import type { Iterate } from '../chains/replay.js';

/** Sweeps in one iteration: each two multiplications and two additions of vectors. */
export const SWEEPS = 16;
/** 2²⁰ + 2⁴ · 16 · 4096 < 2²⁴: every sum is a whole number that f32 holds. */
export const MAX_ITERATIONS = 4096;
export const MOST_START = 2 ** 20;
export const MOST_TERM = 2 ** 4;

/** As `apart.wgsl`. */
export const apart: Iterate = (words, terms) => {
  const x = new Float32Array(words.buffer, words.byteOffset, words.length);
  const k = new Float32Array(terms.buffer, terms.byteOffset, terms.length);
  const at = (i: number) => x[i] as number;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    // The last three of d take the signs of c as they were, the first takes a new one.
    const [old, , third, fourth] = x.slice(8, 12) as unknown as [number, number, number, number];
    for (let i = 0; i < 8; i++) x[i] = at(i) + (k[2 * (sweep % 2) + (i >> 2)] as number);
    for (let i = 0; i < 4; i++) x[8 + i] = at(8 + i) * at(12 + i);
    [at(9), third, fourth, old].forEach((sign, i) => {
      x[12 + i] = at(12 + i) * sign;
    });
  }
};
