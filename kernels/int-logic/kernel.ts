import { type Chain, VEC4_U32 } from '../chains/chain.js';
import { ANY } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { logicRing } from './reference.js';

const chain: Chain = {
  id: 'int-logic',
  title: 'Bitwise logic rate, three operands',
  source: 'FIPS 180-4, section 4.1.2, Ch, Maj and x ⊕ y ⊕ z; one instruction on NVIDIA (LOP3), two to four elsewhere',
  unit: 'iop',
  operations: 24 * 11 * 4,
  iteration: '168 exclusive ors of three, 48 Ch and 48 Maj on four words, each counted as one',
  vector: VEC4_U32,
  modules: ['chains/word.wgsl', 'shared/sha256-functions.wgsl'],
  start: () => ANY,
  term: () => ANY,
  maxIterations: 4096,
  variants: [
    {
      id: 'ring',
      story: 'The three functions in SHA-256’s proportion; no bit is lost, and every result has several uses.',
      wgsl: 'int-logic/ring.wgsl',
      iterate: logicRing,
    },
  ],
};

/** Three-input bitwise functions in registers, each counted as one operation. */
export const intLogic = chainKernel(chain);
