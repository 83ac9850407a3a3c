import type { Axis, Shape } from '../declaration.js';

/** Shape of c = a · b: a is m × k, b is k × n or given transposed, c is m × n, each once per batch. */
export interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  readonly transposeB: number;
}

const MAX = 65536;
export const M: Axis = { name: 'm', token: 'm', meaning: 'rows of a and c', min: 1, max: MAX };
export const N: Axis = { name: 'n', token: 'n', meaning: 'columns of b and c', min: 1, max: MAX };
/** 65536 products of −128 by −128 are 2³⁰: no sum leaves an i32. */
export const K: Axis = { name: 'k', token: 'k', meaning: 'columns of a, rows of b', min: 1, max: MAX };
export const BATCH: Axis = {
  ...{ name: 'batch', token: 'b', meaning: 'products of their own, one after the other' },
  ...{ min: 1, max: MAX - 1, default: 1 },
};
export const TRANSPOSE_B: Axis = {
  ...{ name: 'transposeB', token: 'bt', meaning: 'b is given as n × k, as weights are stored' },
  ...{ min: 0, max: 1, flag: true },
};

export const sizesOf = (shape: Shape): Sizes => shape as unknown as Sizes;

/** Multiplications of one execution. */
export const products = ({ m, n, k, batch }: Sizes): number => batch * m * n * k;

/** Rows of a for which memory is the limit, and a variant for a vector at a time is worth while. */
const FEW_ROWS = 8;
export const fewRows = ({ m }: Shape): boolean => (m as number) <= FEW_ROWS;
export const manyRows = (shape: Shape): boolean => !fewRows(shape);
