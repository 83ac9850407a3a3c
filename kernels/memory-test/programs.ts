import type { Dispatch } from '../declaration.js';
import type { PatternKind } from './reference.js';

/**
 * The pipelines of the memory test. It is no `Kernel`: it has no inputs and no output, works on all of the card's
 * memory at once and is never timed for its own sake, so a declaration would be made of exceptions.
 */
export type Operation =
  | 'fill'
  | 'verify'
  | 'step'
  | 'swap'
  | 'every-20th'
  | 'all-but-20th'
  | 'scrub'
  | 'peek'
  | 'poke'
  | 'alias'
  | 'load';

export type Program = Pick<Dispatch, 'wgsl' | 'modules' | 'constants'>;

export const GROUP = 256;
/** Bytes of `Params` in params.wgsl. */
export const PARAMS_BYTES = 64;

const PARAMS = 'memory-test/params.wgsl';
const ERRORS = 'memory-test/errors.wgsl';
const PATTERNS: Readonly<Record<PatternKind, string>> = {
  hash: 'memory-test/hash.wgsl',
  'walking-bits': 'memory-test/walking.wgsl',
  'modulo-20': 'memory-test/modulo-20.wgsl',
};
/** Operations that compute a pattern, those that record errors (log and heat map), those that bind a list of words. */
const PATTERNED: readonly Operation[] = ['fill', 'verify', 'step'];
export const RECORDING: readonly Operation[] = ['verify', 'step'];
export const LISTED: readonly Operation[] = ['peek', 'poke'];
const SINGLE: readonly Operation[] = ['peek', 'poke', 'load'];

/** Vectors (or pairs, or words) that one invocation of an operation takes. */
export const eachOf = (operation: Operation, each: number): number => (SINGLE.includes(operation) ? 1 : each);

/** @param each vectors per invocation, see `eachOf` */
export function program(operation: Operation, pattern: PatternKind, each: number): Program {
  const records = RECORDING.includes(operation) || operation === 'scrub';
  return {
    wgsl: `memory-test/${operation}.wgsl`,
    modules: [PARAMS, ...(PATTERNED.includes(operation) ? [PATTERNS[pattern]] : []), ...(records ? [ERRORS] : [])],
    constants: { GROUP, ...(SINGLE.includes(operation) ? {} : { EACH: each }) },
  };
}
