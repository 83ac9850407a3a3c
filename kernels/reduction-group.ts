import type { Limits } from './declaration.js';
import { subgroupIsVector } from './narrow-subgroups.js';

/** The first means: as many as the adapter's subgroups ask for. */
export const REDUCTION_GROUPS = [0, 128, 64, 256, 32, 8] as const;

/**
 * Invocations of a workgroup that bring one sum together at its end. Several subgroups where others can run while they
 * wait for each other; only one where a subgroup is a processor's vector.
 * @param chosen one of `REDUCTION_GROUPS`
 */
export function reductionGroup(chosen: number, limits: Pick<Limits, 'subgroupMaxSize'>): number {
  if (chosen !== 0) return chosen;
  return subgroupIsVector(limits) ? 8 : 128;
}
