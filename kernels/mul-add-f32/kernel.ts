import type { Chain } from '../chains/chain.js';
import { SIGNS, wholeFloats } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { apart, MAX_ITERATIONS, MOST_START, MOST_TERM, SWEEPS } from './reference.js';

const start = wholeFloats(MOST_START);
const term = wholeFloats(MOST_TERM);

const chain: Chain = {
  id: 'mul-add-f32',
  title: 'Rate of multiplications and additions apart, f32',
  source: 'IEEE 754-2019, multiplication and addition, each rounded by itself',
  unit: 'flop',
  operations: 16 * SWEEPS,
  iteration: '16 multiplications on each of 8 values and 16 additions on each of 8 others',
  vector: { alias: 'vec4<f32>', module: 'chains/f32.wgsl' },
  start: (index) => (index < 8 ? start : SIGNS),
  term: () => term,
  maxIterations: MAX_ITERATIONS,
  variants: [
    {
      id: 'apart',
      story:
        'Products feed products and sums feed sums, half of each, so that no compiler can fuse one with the other.',
      wgsl: 'mul-add-f32/apart.wgsl',
      iterate: apart,
    },
  ],
};

/** f32 multiplications and additions, as many of each, that cannot be contracted into fma. */
export const mulAddF32 = chainKernel(chain);
