import type { Iterate } from './replay.js';
import { WORDS } from './replay.js';

/** Index of each word's neighbour: the same component of the next vector; after the last vector the next component of the first. */
export const NEXT = Array.from({ length: WORDS }, (_, i) => (i < 12 ? i + 4 : (i - 11) % 4));

/** `sweeps` times round the ring, each word in turn made new from itself, its neighbour and its vector's number (0–3). */
export function ringOf(
  sweeps: number,
  step: (own: number, neighbour: number, vector: number, terms: Uint32Array) => number,
): Iterate {
  return (words, terms) => {
    for (let sweep = 0; sweep < sweeps; sweep++)
      for (let i = 0; i < WORDS; i++)
        words[i] = step(words[i] as number, words[NEXT[i] as number] as number, i >> 2, terms);
  };
}
