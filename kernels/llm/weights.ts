import { BLOCK } from '../matmul-q4/format.js';
import type { Matrix } from './models.js';

/** 32 bits to 32 bits, every one of which depends on all: lowbias32 (Chris Wellons, public domain). */
export function mix(word: number): number {
  let x = word >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Word `index` of a tensor, as `fill.wgsl` makes it. */
export const wordAt = (seed: number, index: number): number => mix((mix(seed) + index) >>> 0);

/** A uniform byte less 127.5 spreads by 73.9; a power of two brings that to about 1/√k, and f16 holds it exactly. */
export const f16Exponent = (k: number): number => -Math.round(Math.log2(73.9 * Math.sqrt(k)));
/** A uniform nibble less 8 spreads by 4.6, times 1.44 for the mean scale. */
export const q4Exponent = (k: number): number => -Math.round(Math.log2(6.6 * Math.sqrt(k)));
/** The scales of a q4 matrix are made from a seed of their own. */
export const scaleSeed = (seed: number): number => (seed ^ 0x5ca1e000) >>> 0;

/** Row `row` of a matrix, exact. */
export function matrixRow({ k, type, seed }: Matrix, row: number): Float64Array {
  const out = new Float64Array(k);
  // As `wordAt`, with what is the same for all words taken out of the loops: a large model's layer has millions.
  const base = mix(seed);
  if (type === 'f16') {
    const step = 2 ** f16Exponent(k);
    for (let i = 0; i < k; i += 2) {
      const word = mix(base + (row * k + i) / 2);
      out[i] = ((word & 255) - 127.5) * step;
      out[i + 1] = (((word >>> 8) & 255) - 127.5) * step;
    }
    return out;
  }
  const step = 2 ** q4Exponent(k);
  for (let at = 0; at < k; at += BLOCK) {
    const block = (row * k + at) / BLOCK;
    const pair = wordAt(scaleSeed(seed), block >>> 1);
    const scale = (1 + ((pair >>> (block % 2 === 0 ? 0 : 8)) & 7) / 8) * step;
    for (let i = 0; i < BLOCK; i += 8) {
      let word = mix(base + (row * k + at + i) / 8);
      for (let to = at + i; to < at + i + 8; to++) {
        out[to] = ((word & 15) - 8) * scale;
        word >>>= 4;
      }
    }
  }
  return out;
}

/** The weights of a norm: between 0.875 and 1.125 in steps of 2⁻¹⁰. */
export function normWeights(width: number, seed: number): Float64Array {
  return Float64Array.from({ length: width }, (_, i) => {
    const word = wordAt(seed, i >>> 1);
    return 1 + (((word >>> (i % 2 === 0 ? 0 : 8)) & 255) - 127.5) * 2 ** -10;
  });
}
