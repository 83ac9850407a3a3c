import type { Iterate } from '../chains/replay.js';
import { WORDS } from '../chains/replay.js';

const rotr = (x: number, n: number) => (x >>> n) | (x << (32 - n));

/** As `mix.wgsl`: three times four rounds on each of four chains of four words. */
export const sha256Mix: Iterate = (words, terms) => {
  for (let lane = 0; lane < WORDS / 4; lane++) {
    const at = [0, 4, 8, 12].map((vector) => vector + lane);
    let [a, b, c, d] = at.map((i) => words[i] as number) as [number, number, number, number];
    for (let round = 0; round < 12; round++) {
      // Of four rounds the last takes a word as it is.
      const sigma1 = rotr(b, 17) ^ rotr(b, 19) ^ (b >>> 10);
      const sigma0 = rotr(a, 7) ^ rotr(a, 18) ^ (a >>> 3);
      const w = round % 4 === 3 ? b : sigma1 + c + sigma0 + b;
      const Sigma1 = rotr(c, 6) ^ rotr(c, 11) ^ rotr(c, 25);
      const Sigma0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
      const t = (d + Sigma1 + ((c & a) ^ (~c & b)) + (terms[round % 4] as number) + w) | 0;
      const fresh = (t + Sigma0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [a, b, c, d] = [fresh, a, (b + t) | 0, c];
    }
    at.forEach((i, part) => {
      words[i] = [a, b, c, d][part] as number;
    });
  }
};
