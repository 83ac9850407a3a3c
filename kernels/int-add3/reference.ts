import { ringOf } from '../chains/ring.js';

/** As `ring.wgsl`: 64 sweeps of w ← w + neighbour + the term of its vector, modulo 2³². */
export const add3Ring = ringOf(64, (own, neighbour, vector, terms) => own + neighbour + (terms[vector] as number));
