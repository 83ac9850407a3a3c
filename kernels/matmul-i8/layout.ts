import type { BufferPlan, Shape, Tuning, Variant } from '../declaration.js';
import type { MatmulI8Input, MatmulI8Output } from './reference.js';
import { type Sizes, sizesOf } from './sizes.js';

export type MatmulI8Variant = Variant<MatmulI8Input, MatmulI8Output>;

/** Sizes after padding, all that decides how many bytes lie where: a is m × k, b as it is given, c is m × n. */
export type Padding = (shape: Shape, tuning: Tuning) => Sizes;

export const up = (size: number, multiple: number): number => Math.ceil(size / multiple) * multiple;

/** The least padding there is: rows of a and of b are whole words. */
export function wholeWords(shape: Shape): Sizes {
  const s = sizesOf(shape);
  return { ...s, n: s.transposeB ? s.n : up(s.n, 4), k: up(s.k, 4) };
}

export const BINDINGS = ['a', 'b', 'c'];

export function buffers({ m, n, k, batch }: Sizes): BufferPlan[] {
  return [
    { name: 'a', role: 'input', byteLength: batch * m * k },
    { name: 'b', role: 'input', byteLength: batch * k * n },
    { name: 'c', role: 'output', byteLength: 4 * batch * m * n },
  ];
}

/** A copy with zeros after every row and after every matrix; itself if nothing changes. */
export function pad(values: Int8Array, batch: number, [rows, columns]: Extent, [toRows, toColumns]: Extent): Int8Array {
  if (rows === toRows && columns === toColumns) return values;
  const out = new Int8Array(batch * toRows * toColumns);
  for (let t = 0; t < batch; t++)
    for (let i = 0; i < rows; i++) {
      const from = (t * rows + i) * columns;
      out.set(values.subarray(from, from + columns), (t * toRows + i) * toColumns);
    }
  return out;
}
type Extent = readonly [rows: number, columns: number];

/** The words of a GPU buffer, copied only when they are not aligned. */
function asIntegers(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/** How a variant that works on padded sizes lays out its buffers. */
export function layout(padded: Padding): Pick<MatmulI8Variant, 'encode' | 'decode'> {
  return {
    encode(shape, tuning, { a, b }) {
      const { m, n, k, batch, transposeB } = sizesOf(shape);
      const to = padded(shape, tuning);
      const right = transposeB ? pad(b, batch, [n, k], [to.n, to.k]) : pad(b, batch, [k, n], [to.k, to.n]);
      return { a: pad(a, batch, [m, k], [to.m, to.k]), b: right };
    },
    decode(shape, tuning, readback) {
      const { m, n, batch } = sizesOf(shape);
      const to = padded(shape, tuning);
      const from = asIntegers(readback.c as Uint8Array);
      const c = new Int32Array(batch * m * n);
      for (let t = 0; t < batch; t++)
        for (let i = 0; i < m; i++) {
          const at = (t * to.m + i) * to.n;
          c.set(from.subarray(at, at + n), (t * m + i) * n);
        }
      return { c };
    },
  };
}
