import type { Chain } from '../chains/chain.js';
import { SIGNS, wholeFloats, ZERO } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { fmaSigns, MAX_ITERATIONS, MOST_START, MOST_TERM, SWEEPS } from './reference.js';

const start = wholeFloats(MOST_START);
const term = wholeFloats(MOST_TERM);

const chain: Chain = {
  id: 'fma-f32',
  title: 'Fused multiply-add rate, f32',
  source: 'IEEE 754-2019, fusedMultiplyAdd; WGSL, fma(). The compute roof of Williams, Waterman, Patterson: Roofline',
  unit: 'flop',
  // An fma counts as two: a multiplication and an addition.
  operations: 2 * 16 * SWEEPS,
  iteration: '64 fma on each of 16 values, each counted as two operations',
  vector: { alias: 'vec4<f32>', module: 'chains/f32.wgsl' },
  start: (index) => (index < 8 ? start : SIGNS),
  term: (index) => (index < 2 ? term : ZERO),
  maxIterations: MAX_ITERATIONS,
  variants: [
    {
      id: 'signs',
      story: 'Eight values, and eight signs that multiply each other and them; whole numbers, so that all is exact.',
      wgsl: 'fma-f32/signs.wgsl',
      iterate: fmaSigns,
    },
  ],
};

/** Chains of fma in registers: what the card's f32 units do when nothing else holds them back. */
export const fmaF32 = chainKernel(chain);
