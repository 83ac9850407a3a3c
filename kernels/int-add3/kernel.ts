import { type Chain, VEC4_U32 } from '../chains/chain.js';
import { ANY } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { add3Ring } from './reference.js';

const chain: Chain = {
  id: 'int-add3',
  title: 'Integer addition rate, three operands',
  source: 'WGSL, addition of u32: modulo 2³²; one instruction on NVIDIA (IADD3) and AMD (V_ADD3_U32), two elsewhere',
  unit: 'iop',
  operations: 64 * 16,
  iteration: '64 additions of three operands on each of 16 words, each counted as one',
  vector: VEC4_U32,
  start: () => ANY,
  term: () => ANY,
  maxIterations: 4096,
  variants: [
    {
      id: 'ring',
      story: 'Sixteen words in a ring, each adding its neighbour and a term that the compiler does not know.',
      wgsl: 'int-add3/ring.wgsl',
      iterate: add3Ring,
    },
  ],
};

/** a + b + c of u32 in registers, counted as one operation. */
export const intAdd3 = chainKernel(chain);
