import type { Iterate } from '../chains/replay.js';

/** Sweeps in one iteration. */
export const SWEEPS = 64;
/** Each sweep adds at most MOST_TERM to what began with at most MOST_START: below 2²⁴ every whole number is an f32. */
export const MAX_ITERATIONS = 4096;
export const MOST_START = 2 ** 20;
export const MOST_TERM = 2 ** 5;

/** As `signs.wgsl`: 64 sweeps of one fma on each value, exact. */
export const fmaSigns: Iterate = (words, terms) => {
  const x = new Float32Array(words.buffer, words.byteOffset, words.length);
  const [first, second, zero] = new Float32Array(terms.buffer, terms.byteOffset, 3) as unknown as [
    number,
    number,
    number,
  ];
  const at = (i: number) => x[i] as number;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    // The last three of d take the signs of c as they were, the first takes a new one.
    const [old, , third, fourth] = x.slice(8, 12) as unknown as [number, number, number, number];
    for (let i = 0; i < 4; i++) {
      x[i] = at(i) * at(8 + i) + first;
      x[4 + i] = at(4 + i) * at(12 + i) + second;
      x[8 + i] = at(8 + i) * at(12 + i) + zero;
    }
    [at(9), third, fourth, old].forEach((sign, i) => {
      x[12 + i] = at(12 + i) * sign + zero;
    });
  }
};
