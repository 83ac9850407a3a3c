import { MOST_WHOLE_HALF } from '../f16.js';
import { F16, F32 } from '../matrix-chains/elements.js';
import { matrixKernel } from '../matrix-chains/kernel.js';

/**
 * Products of f16 by matrix units: what the card does for AI at best. Sums in f32 are what matrix multiplication
 * needs; many consumer cards do sums in f16 twice as fast.
 */
export const matrixF16 = matrixKernel({
  id: 'matrix-f16',
  title: 'Matrix unit rate, f16',
  source: 'WGSL, chromium_experimental_subgroup_matrix; SPV_KHR_cooperative_matrix, OpCooperativeMatrixMulAddKHR',
  unit: 'flop',
  component: 'f16',
  element: F16,
  // Sums come to 512 + 4 · 256 · 1 and a product of 32 at most.
  most: { left: 1, right: 1, start: 512 },
  exact: MOST_WHOLE_HALF,
  variants: [
    { id: 'f32-sums', story: 'Four results in registers, products of f16 added up in f32.', result: 'f32', sum: F32 },
    {
      id: 'f16-sums',
      story: 'The same, added up in f16: half the registers, and on many consumer cards twice the rate.',
      ...{ result: 'f16', sum: F16 },
    },
  ],
});
