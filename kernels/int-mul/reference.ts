import { ringOf } from '../chains/ring.js';

/** As `ring.wgsl`: 64 sweeps of w ← w · neighbour, modulo 2³². */
export const mulRing = ringOf(64, (own, neighbour) => Math.imul(own, neighbour));
