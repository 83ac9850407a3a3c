import type { Dispatch } from '../declaration.js';
import { linearGrid } from '../grid.js';

/**
 * The pipelines of the compute test beside the kernels it runs. They are no `Kernel`s: nobody asks for them or for
 * their speed.
 */

/** How a word of an output is judged. */
export const COMPARISONS = ['exact', 'floats', 'halves'] as const;
export type Comparison = (typeof COMPARISONS)[number];

const GROUP = 256;
const EACH = 4;
/** Wrong words that are listed in one look at the log. */
export const CAPACITY = 1024;
export const LOG_HEAD_WORDS = 4;
export const RECORD_WORDS = 4;

const workgroups = (count: number, limit: number) => linearGrid(Math.ceil(count), limit);

/** Binds `got`, `expected`, `log`, and `bounds` where it is not exact. */
export const compareProgram = (comparison: Comparison, words: number, limit: number): Dispatch => ({
  wgsl: 'compute-test/compare.wgsl',
  modules: ['compute-test/verdicts.wgsl', `compute-test/${comparison}.wgsl`],
  constants: { GROUP, EACH, WORDS: words, CAPACITY },
  bindings: ['got', 'expected', 'log', ...(comparison === 'exact' ? [] : ['bounds'])],
  workgroups: workgroups(words / (GROUP * EACH), limit),
});

/** Binds `place` and `words`. */
export const disturbProgram = (words: number, limit: number): Dispatch => ({
  wgsl: 'compute-test/disturb.wgsl',
  constants: { GROUP, WORDS: words },
  bindings: ['place', 'words'],
  workgroups: workgroups(words / GROUP, limit),
});

export interface HashChains {
  readonly invocations: number;
  /** Different nonces. */
  readonly distinct: number;
  /** Double hashes of each. */
  readonly repeats: number;
}

/** Binds `header` and `ends`. */
export const hashProgram = ({ invocations, distinct, repeats }: HashChains, limit: number): Dispatch => ({
  wgsl: 'compute-test/sha256d.wgsl',
  modules: ['sha256-functions', 'sha256-constants', 'sha256-round', 'sha256-blocks', 'byte-swap'].map(
    (name) => `shared/${name}.wgsl`,
  ),
  aliases: { Word: 'u32' },
  constants: { GROUP, INVOCATIONS: invocations, DISTINCT: distinct, REPEATS: repeats },
  bindings: ['header', 'ends'],
  workgroups: workgroups(invocations / GROUP, limit),
});
