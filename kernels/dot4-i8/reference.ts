import { ringOf } from '../chains/ring.js';

/** WGSL, dot4I8Packed: the scalar product of four int8 each. */
export function dot4(x: number, y: number): number {
  let sum = 0;
  for (let shift = 24; shift >= 0; shift -= 8) sum += ((x << shift) >> 24) * ((y << shift) >> 24);
  return sum;
}

/** As `ring.wgsl`: 16 sweeps of w ← w + neighbour · the term of its vector. */
export const dotRing = ringOf(16, (own, neighbour, vector, terms) => own + dot4(neighbour, terms[vector] as number));
