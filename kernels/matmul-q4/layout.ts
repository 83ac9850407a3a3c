import type { BufferPlan, Shape, Tuning, Variant } from '../declaration.js';
import { floatsFromF16, toF16 } from '../f16.js';
import { up } from '../tiles.js';
import { BLOCK, BLOCK_BYTES, type Sizes } from './format.js';
import type { MatmulQ4Input, MatmulQ4Output } from './reference.js';

export type MatmulQ4Variant = Variant<MatmulQ4Input, MatmulQ4Output>;

/** Sizes after padding with rows of zeros; k stays as it is, whole blocks. */
export type Padding = (shape: Shape, tuning: Tuning) => Sizes;

export const sizesOf = (shape: Shape): Sizes => shape as unknown as Sizes;

/** The least padding there is: a row of c is whole words. */
export function wholeWords(shape: Shape): Sizes {
  const s = sizesOf(shape);
  return { ...s, n: up(s.n, 2) };
}

export const BINDINGS = ['a', 'weights', 'scales', 'c'];

export function buffers({ m, n, k }: Sizes): BufferPlan[] {
  const blocks = n * (k / BLOCK);
  return [
    { name: 'a', role: 'input', byteLength: 2 * m * k },
    { name: 'weights', role: 'input', byteLength: blocks * BLOCK_BYTES },
    { name: 'scales', role: 'input', byteLength: 2 * up(blocks, 2) },
    { name: 'c', role: 'output', byteLength: 2 * m * n },
  ];
}

/** `values` with zeros behind them; itself if it is long enough. */
function extended<T extends Uint8Array | Uint16Array>(values: T, length: number): T {
  if (values.length === length) return values;
  const out = new (values.constructor as new (length: number) => T)(length);
  out.set(values);
  return out;
}

/** How a variant that works on padded sizes lays out its buffers: f16 as f16, weights as they were given. */
export function layout(padded: Padding): Pick<MatmulQ4Variant, 'encode' | 'decode'> {
  return {
    encode(shape, tuning, { a, weights, scales }) {
      const { m, n, k } = padded(shape, tuning);
      const blocks = n * (k / BLOCK);
      return {
        a: extended(toF16(a), m * k),
        weights: extended(weights, blocks * BLOCK_BYTES),
        scales: extended(toF16(scales), up(blocks, 2)),
      };
    },
    decode(shape, tuning, readback) {
      const { m, n } = sizesOf(shape);
      const width = padded(shape, tuning).n;
      const from = floatsFromF16(readback.c as Uint8Array);
      const c = new Float32Array(m * n);
      for (let i = 0; i < m; i++) c.set(from.subarray(i * width, i * width + n), i * n);
      return { c };
    },
  };
}
