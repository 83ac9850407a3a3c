import type { BufferPlan, Shape, Tuning, Variant } from '../declaration.js';
import type { MatmulInput } from './input.js';
import type { MatmulOutput } from './reference.js';
import { type Sizes, sizesOf } from './sizes.js';
import type { Storage } from './storage.js';

export type MatmulVariant = Variant<MatmulInput, MatmulOutput>;
/** The sizes to which a variant pads a shape with zeros, which add nothing to a product. */
export type Padding = (sizes: Sizes, tuning: Tuning) => Sizes;

type Numbers = Float32Array | Int8Array | Int32Array;
const empty = <T extends Numbers>(like: T, length: number) =>
  new (like.constructor as new (length: number) => T)(length);

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
}

/** `count` matrices, every row widened to `to.columns` and rows added up to `to.rows`; itself if nothing changes. */
export function pad<T extends Numbers>(values: T, from: Matrix, to: Matrix, count: number): T {
  if (from.rows === to.rows && from.columns === to.columns) return values;
  const out = empty(values, count * to.rows * to.columns);
  for (let g = 0; g < count; g++)
    for (let i = 0; i < from.rows; i++) {
      const at = (g * from.rows + i) * from.columns;
      out.set(values.subarray(at, at + from.columns), (g * to.rows + i) * to.columns);
    }
  return out;
}

/** Takes away what `pad` added. */
export function strip<T extends Numbers>(values: T, from: Matrix, to: Matrix, count: number): T {
  const out = empty(values, count * to.rows * to.columns);
  for (let g = 0; g < count; g++)
    for (let i = 0; i < to.rows; i++) {
      const at = (g * from.rows + i) * from.columns;
      out.set(values.subarray(at, at + to.columns), (g * to.rows + i) * to.columns);
    }
  return out;
}

export const matrixA = ({ m, k }: Sizes): Matrix => ({ rows: m, columns: k });
export const matrixB = ({ n, k, transposeB }: Sizes): Matrix =>
  transposeB ? { rows: n, columns: k } : { rows: k, columns: n };
export const matrixC = ({ m, n }: Sizes): Matrix => ({ rows: m, columns: n });

/** Buffers a, b and c of these sizes. */
export function buffers({ m, n, k, batch }: Sizes, { bytes }: Storage): BufferPlan[] {
  return [
    { name: 'a', role: 'input', byteLength: bytes * batch * m * k },
    { name: 'b', role: 'input', byteLength: bytes * batch * k * n },
    { name: 'c', role: 'output', byteLength: bytes * batch * m * n },
  ];
}

/** How a variant that pads lays out a and b, and finds c. */
export function layout(storage: Storage, padding: Padding): Pick<MatmulVariant, 'encode' | 'decode'> {
  const both = (shape: Shape, tuning: Tuning): [Sizes, Sizes] => {
    const sizes = sizesOf(shape);
    return [sizes, padding(sizes, tuning)];
  };
  return {
    encode(shape, tuning, { a, b }) {
      const [from, to] = both(shape, tuning);
      return {
        a: storage.pack(pad(a, matrixA(from), matrixA(to), from.batch)),
        b: storage.pack(pad(b, matrixB(from), matrixB(to), from.batch)),
      };
    },
    decode(shape, tuning, readback) {
      const [to, from] = both(shape, tuning);
      const c = storage.unpack(readback.c as Uint8Array);
      return { c: strip(c, matrixC(from), matrixC(to), to.batch) };
    },
  };
}
