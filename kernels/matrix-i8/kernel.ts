import { I8, I32 } from '../matrix-chains/elements.js';
import { matrixKernel } from '../matrix-chains/kernel.js';

/** Products of int8 by matrix units, added up in i32. */
export const matrixI8 = matrixKernel({
  id: 'matrix-i8',
  title: 'Matrix unit rate, int8',
  source: 'WGSL, chromium_experimental_subgroup_matrix; SPV_KHR_cooperative_matrix, OpCooperativeMatrixMulAddKHR',
  unit: 'iop',
  component: 'i8',
  element: I8,
  // All of int8 but −128: the second left is the first one negated.
  most: { left: 127, right: 127, start: 2 ** 15 - 1 },
  exact: 2 ** 31 - 1,
  variants: [
    { id: 'i32-sums', story: 'Four results in registers, products of int8 added up in i32.', result: 'i32', sum: I32 },
  ],
});
