import { type Chain, VEC4_U32 } from '../chains/chain.js';
import { ANY } from '../chains/domain.js';
import { chainKernel } from '../chains/kernel.js';
import { sha256Mix } from './reference.js';

/** Of four rounds, three with a word of the schedule: shifts and rotations, three-input logic, additions of up to three. */
export const FOUR_ROUNDS = { rotations: 42, logic: 22, additions: 22 } as const;

const chain: Chain = {
  id: 'int-sha256',
  title: 'SHA-256’s mix of integer operations',
  source: 'FIPS 180-4, section 6.2.2; additions of three operands and functions of three words counted as one',
  unit: 'iop',
  operations: 4 * 3 * (FOUR_ROUNDS.rotations + FOUR_ROUNDS.logic + FOUR_ROUNDS.additions),
  iteration: '12 rounds, nine with a word of the schedule, on each of four chains of four words: 86 operations in four',
  vector: VEC4_U32,
  modules: ['chains/word.wgsl', 'shared/sha256-functions.wgsl'],
  start: () => ANY,
  term: () => ANY,
  maxIterations: 4096,
  variants: [
    {
      id: 'mix',
      story: 'SHA-256’s operations in its proportions and dependences, on a state so small that four chains fit.',
      wgsl: 'int-sha256/mix.wgsl',
      iterate: sha256Mix,
    },
  ],
};

/**
 * Rotations, logic and additions as SHA-256 mixes them: where they are done by different units at the same time,
 * this is more than their ceilings one by one allow.
 */
export const intSha256 = chainKernel(chain);
