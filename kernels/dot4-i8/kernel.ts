import { type Chain, VEC4_U32 } from '../chains/chain.js';
import { ANY } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { dotRing } from './reference.js';

const LANGUAGE_FEATURE = 'packed_4x8_integer_dot_product';

const chain: Chain = {
  id: 'dot4-i8',
  title: 'Dot product rate, int8',
  source: 'WGSL, dot4I8Packed(), with an addition of its result; eight operations each',
  unit: 'iop',
  operations: 8 * 16 * 16,
  iteration: '16 dot products of four int8 with addition on each of 16 words, each counted as eight operations',
  vector: VEC4_U32,
  requires: [LANGUAGE_FEATURE],
  languageFeatures: [LANGUAGE_FEATURE],
  start: () => ANY,
  term: () => ANY,
  maxIterations: 4096,
  variants: [
    {
      id: 'ring',
      story: 'Sixteen words in a ring, to each the dot product of its neighbour with a term is added.',
      wgsl: 'dot4-i8/ring.wgsl',
      iterate: dotRing,
    },
  ],
};

/** dot4I8Packed with accumulation in registers: what the card does for int8 without matrix units. */
export const dot4I8 = chainKernel(chain);
