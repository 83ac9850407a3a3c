import { type Chain, VEC4_U32 } from '../chains/chain.js';
import { ANY } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { addRing } from './reference.js';

const chain: Chain = {
  id: 'int-add',
  title: 'Integer addition rate',
  source: 'WGSL, addition of u32: modulo 2³²',
  unit: 'iop',
  operations: 64 * 16,
  iteration: '64 additions of two operands on each of 16 words',
  vector: VEC4_U32,
  start: () => ANY,
  term: () => ANY,
  maxIterations: 4096,
  variants: [
    {
      id: 'ring',
      story: 'Sixteen words in a ring, each adding its neighbour, so that none has to wait for the one before it.',
      wgsl: 'int-add/ring.wgsl',
      iterate: addRing,
    },
  ],
};

/** u32 additions of two operands in registers. */
export const intAdd = chainKernel(chain);
