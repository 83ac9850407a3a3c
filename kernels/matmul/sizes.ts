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

/** Up to so many rows of a, b is what has to be read, and tiles would be mostly padding. */
export const FEW_ROWS = 8;
export const fewRows = (shape: Shape): boolean => sizesOf(shape).m <= FEW_ROWS;
export const manyRows = (shape: Shape): boolean => !fewRows(shape);

/** With fewer than 128 tiles a card of a hundred multiprocessors has idle ones; a short k is not worth a split. */
export function fewTiles(shape: Shape): boolean {
  const { m, n, k, batch } = sizesOf(shape);
  return k >= 1024 && batch * Math.ceil(m / 128) * Math.ceil(n / 128) < 128;
}

/** Multiplications of one execution. */
export const products = ({ m, n, k, batch }: Sizes): number => batch * m * n * k;

/** Up to 1024³ the first chapters of the story are worth reading; beyond, nobody should have to wait for them. */
export function small(shape: Shape): boolean {
  return products(sizesOf(shape)) <= 2 ** 30;
}
