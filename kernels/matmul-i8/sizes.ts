import type { Axis } from '../declaration.js';
import { BATCH as FLOAT_BATCH } from '../matmul/sizes.js';

/**
 * Shapes are those of the float products: a is m × k, b is k × n or given transposed, c is m × n, each once per batch. k
 * goes to 65536, and as many products of −128 by −128 are 2³⁰: no sum leaves an i32.
 */
export { fewRows, K, M, manyRows, N, products, type Sizes, shapeFrom, sizesOf, TRANSPOSE_B } from '../matmul/sizes.js';

export const BATCH: Axis = { ...FLOAT_BATCH, max: 65535 };
