import type { Axis, Shape } from '../declaration.js';

const MAX = 65536;
export const M: Axis = { name: 'm', token: 'm', meaning: 'rows of a and c', min: 1, max: MAX };
export const N: Axis = { name: 'n', token: 'n', meaning: 'columns of b and c', min: 1, max: MAX };
export const K: Axis = { name: 'k', token: 'k', meaning: 'columns of a, rows of b', min: 1, max: MAX };
export const BATCH: Axis = {
  ...{ name: 'batch', token: 'b', meaning: 'independent products' },
  ...{ min: 1, max: 4096, default: 1 },
};
export const TRANSPOSE_B: Axis = {
  ...{ name: 'transposeB', token: 'bt', meaning: 'b is given transposed, n × k, as weights are stored' },
  ...{ min: 0, max: 1, flag: true },
};

export interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  readonly transposeB: boolean;
}

/** A shape's sizes; one without a batch is one product, and one without the flag has b as k × n. */
export function sizesOf(shape: Shape): Sizes {
  const { m, n, k, batch = 1, transposeB } = shape as { m: number; n: number; k: number } & Shape;
  return { m, n, k, batch, transposeB: transposeB === 1 };
}

/** The shape of c = a · b, of so many products; with `transposeB` b is n × k. */
export function shapeFrom(m: number, n: number, k: number, { batch = 1, transposeB = false } = {}): Shape {
  return { m, n, k, batch, transposeB: transposeB ? 1 : 0 };
}
