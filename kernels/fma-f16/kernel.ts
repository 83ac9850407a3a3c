import type { Chain } from '../chains/chain.js';
import { chainKernel } from '../chains/kernel.js';
import { halfSigns, SIGN, SWEEPS, VALUE, ZERO } from './reference.js';

const chain: Chain = {
  id: 'fma-f16',
  title: 'Fused multiply-add rate, f16',
  source: 'IEEE 754-2019, fusedMultiplyAdd on binary16; WGSL, fma() and the extension f16',
  unit: 'flop',
  operations: 2 * 16 * SWEEPS,
  iteration: '64 fma on each of 16 values, each counted as two operations',
  vector: { alias: 'vec4<f16>', module: 'chains/f16.wgsl', enables: ['f16'] },
  requires: ['shader-f16'],
  start: (index) => (index < 8 ? VALUE : SIGN),
  term: () => ZERO,
  maxIterations: 4096,
  variants: [
    {
      id: 'signs',
      story:
        'Signs that multiply each other and whole numbers beside them, four to a vector, so that pairs can go together.',
      wgsl: 'fma-f16/signs.wgsl',
      iterate: halfSigns,
    },
  ],
};

/** Chains of fma in f16: twice the rate of f32 where pairs of them are one instruction. */
export const fmaF16 = chainKernel(chain);
