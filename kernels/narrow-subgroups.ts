import type { Constant, Limits } from './declaration.js';

/**
 * Whether subgroups may have fewer lanes than a file shares its loads among, eight in most. The constant lets a compiler
 * leave out the plain path that such a file ends with where nobody needs it: in attention that was nine tenths of the
 * time to compile.
 */
export const narrowSubgroups = ({ subgroupMinSize }: Pick<Limits, 'subgroupMinSize'>, lanes = 8): Constant => ({
  type: 'bool',
  value: subgroupMinSize < lanes,
});

/**
 * Whether a subgroup is the vector of a processor that stands in for a card: no card's is so narrow. Shuffles are cheap
 * there, a barrier is a loop over all invocations, and nothing else runs meanwhile.
 */
export const subgroupIsVector = ({ subgroupMaxSize }: Pick<Limits, 'subgroupMaxSize'>): boolean => subgroupMaxSize <= 8;
