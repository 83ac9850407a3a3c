import type { BufferPlan, Shape, Tuning, Variant } from '../declaration.js';
import { matrixA, matrixB, matrixC, pad, strip } from '../matmul/layout.js';
import { up } from '../tiles.js';
import { asIntegers } from '../views.js';
import type { MatmulI8Input, MatmulI8Output } from './reference.js';
import { type Sizes, sizesOf } from './sizes.js';

export type MatmulI8Variant = Variant<MatmulI8Input, MatmulI8Output>;

/** Sizes after padding, all that decides how many bytes lie where: a is m × k, b as it is given, c is m × n. */
export type Padding = (shape: Shape, tuning: Tuning) => Sizes;

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

/** How a variant that works on padded sizes lays out its buffers. */
export function layout(padded: Padding): Pick<MatmulI8Variant, 'encode' | 'decode'> {
  return {
    encode(shape, tuning, { a, b }) {
      const [from, to] = [sizesOf(shape), padded(shape, tuning)];
      return {
        a: pad(a, matrixA(from), matrixA(to), from.batch),
        b: pad(b, matrixB(from), matrixB(to), from.batch),
      };
    },
    decode(shape, tuning, readback) {
      const [to, from] = [sizesOf(shape), padded(shape, tuning)];
      return { c: strip(asIntegers(readback.c as Uint8Array), matrixC(from), matrixC(to), to.batch) };
    },
  };
}
