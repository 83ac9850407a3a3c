import { f16Bits } from '../f16.js';

/**
 * Rows of a head as the kernels hold them: padded with zeros to whole quads, four elements each, which are 16 bytes
 * of f32, 8 of f16, 4 of int8. A row begins at a quad, so no load needs a bounds test.
 */
export const quadsOf = (headSize: number): number => Math.ceil(headSize / 4);

type Numbers = Float32Array | Int8Array | Uint16Array;

/** `rows` rows of `size` elements, each widened to whole quads; the very same array where nothing changes. */
export function padRows<T extends Numbers>(values: T, size: number): T {
  const wide = 4 * quadsOf(size);
  if (wide === size) return values;
  const rows = values.length / size;
  const out = new (values.constructor as new (length: number) => T)(rows * wide);
  for (let row = 0; row < rows; row++) out.set(values.subarray(row * size, (row + 1) * size), row * wide);
  return out;
}

/** The reverse, into floats. */
export function stripRows(values: Float32Array, size: number): Float32Array {
  const wide = 4 * quadsOf(size);
  if (wide === size) return values;
  const rows = values.length / wide;
  const out = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) out.set(values.subarray(row * wide, row * wide + size), row * size);
  return out;
}

/** Key and value scale of each key side by side, two f16 in a word. */
export function scalePairs(kScales: Float32Array, vScales: Float32Array): Uint16Array {
  const out = new Uint16Array(2 * kScales.length);
  for (let i = 0; i < kScales.length; i++) {
    out[2 * i] = f16Bits(kScales[i] as number);
    out[2 * i + 1] = f16Bits(vScales[i] as number);
  }
  return out;
}
