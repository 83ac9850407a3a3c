import { type Chain, VEC4_U32 } from '../chains/chain.js';
import { ANY, ODD } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { mulRing } from './reference.js';

const chain: Chain = {
  id: 'int-mul',
  title: 'Integer multiplication rate',
  source: 'WGSL, multiplication of u32: modulo 2³²',
  unit: 'iop',
  operations: 64 * 16,
  iteration: '64 multiplications on each of 16 words',
  vector: VEC4_U32,
  start: () => ODD,
  term: () => ANY,
  maxIterations: 4096,
  variants: [
    {
      id: 'ring',
      story: 'Sixteen odd words in a ring, each multiplied by its neighbour.',
      wgsl: 'int-mul/ring.wgsl',
      iterate: mulRing,
    },
  ],
};

/** u32 multiplications, low half, in registers. */
export const intMul = chainKernel(chain);
