import { f16Bits } from '../f16.js';
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

/** The weights of a norm: from 0.875 to 1.125 in steps of 2⁻¹⁰, which f16 has on both sides of 1. */
export function normWeights(width: number, seed: number): Float64Array {
  return Float64Array.from({ length: width }, (_, i) => {
    const word = wordAt(seed, i >>> 1);
    return 1 + (((word >>> (i % 2 === 0 ? 0 : 8)) & 255) - 128) * 2 ** -10;
  });
}

/** A matrix as the device has it: [n, k] in f16, or 4-bit weights and the scales of their blocks. */
export type StoredMatrix =
  | { readonly type: 'f16'; readonly weights: Uint16Array }
  | { readonly type: 'q4'; readonly weights: Uint8Array; readonly scales: Uint16Array };

/** Rows `from` to `to` of a matrix, bit for bit what `fill.wgsl` makes of its seed; for libraries that are given it. */
export function storedRows({ k, type, seed }: Matrix, from: number, to: number): StoredMatrix {
  const elements = (to - from) * k;
  if (type === 'f16') {
    const bits = Uint16Array.from({ length: 256 }, (_, byte) => f16Bits((byte - 127.5) * 2 ** f16Exponent(k)));
    return { type, weights: bytePairs(seed, (from * k) / 2, elements, (byte) => bits[byte] as number) };
  }
  const bits = Uint16Array.from({ length: 8 }, (_, step) => f16Bits((1 + step / 8) * 2 ** q4Exponent(k)));
  const words = new Uint32Array(elements / 8);
  const first = mix(seed) + (from * k) / 8;
  for (let i = 0; i < words.length; i++) words[i] = mix((first + i) >>> 0);
  return {
    type,
    // A word's nibbles from the lowest on; every machine that has Node 20 and a GPU is little-endian.
    weights: new Uint8Array(words.buffer),
    scales: bytePairs(scaleSeed(seed), (from * k) / BLOCK / 2, elements / BLOCK, (byte) => bits[byte & 7] as number),
  };
}

/** The weights of a norm in f16. */
export const storedNorm = (width: number, seed: number): Uint16Array =>
  bytePairs(seed, 0, width, (byte) => f16Bits(1 + (byte - 128) * 2 ** -10));

/** `count` elements from word `first` on: one of each word's lowest byte and one of the next. */
function bytePairs(seed: number, first: number, count: number, element: (byte: number) => number): Uint16Array {
  const out = new Uint16Array(count);
  const start = mix(seed) + first;
  for (let i = 0; i < count / 2; i++) {
    const word = mix((start + i) >>> 0);
    out[2 * i] = element(word & 255);
    out[2 * i + 1] = element((word >>> 8) & 255);
  }
  return out;
}
