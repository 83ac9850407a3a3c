import { type Chain, VEC4_U32 } from '../chains/chain.js';
import { ANY } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { rotateFunnel, rotateSigma } from './reference.js';

const chain: Chain = {
  id: 'int-rotate',
  title: 'Integer rotation rate',
  source: 'FIPS 180-4, section 3.2, ROTR; a funnel shift on most cards',
  unit: 'iop',
  operations: 48 * 16,
  iteration: '48 rotations by constants on each of 16 words',
  vector: VEC4_U32,
  modules: ['chains/word.wgsl', 'shared/sha256-functions.wgsl'],
  start: () => ANY,
  term: () => ANY,
  maxIterations: 4096,
  variants: [
    {
      id: 'sigma',
      story: 'Three rotations and an exclusive or of three, as in SHA-256; only the rotations are counted.',
      wgsl: 'int-rotate/sigma.wgsl',
      iterate: rotateSigma,
    },
    {
      id: 'funnel',
      story:
        'Two words shifted through each other: the same instruction on NVIDIA and AMD, with nothing else between. ' +
        'Faster where one unit does rotations and logic, slower where there is a rotation but no funnel shift.',
      wgsl: 'int-rotate/funnel.wgsl',
      iterate: rotateFunnel,
    },
  ],
};

/** Rotations by constants in registers. The ceiling is the faster variant. */
export const intRotate = chainKernel(chain);
