import { BEFORE } from '../../harness/revision-kernels.js';
import { suitingVariants } from '../../kernels/choose.js';
import type { Kernel, Limits } from '../../kernels/declaration.js';
import { InputError } from '../../kernels/errors.js';
import { kernelName } from '../../kernels/shape.js';
import type { Family } from '../../reports/schema.js';
import { checkVariants } from '../run/contestants.js';
import type { RunSettings } from '../run/settings.js';
import { parseEntry, type Workload } from '../suites/index.js';
import type { Candidate } from '../tune/card-arena.js';
import { type Difference, differences } from './declarations.js';
import { inputOnce, isIdentical } from './identical.js';

/** One variant on one workload, as the other revision has it and as the working tree has it. */
export interface Pair {
  readonly workload: Workload;
  readonly variant: string;
  /** Null where that side has no such variant. */
  readonly before: Candidate | null;
  readonly now: Candidate | null;
  /** What the two declare differently: then their speeds are not compared. */
  readonly changes: readonly Difference[];
  /** Both sides make the device do the very same: today's is verified and nothing is timed. */
  readonly identical: boolean;
}

export interface PairOptions {
  readonly variants: RunSettings['variants'];
  readonly limits: Limits;
  readonly seed: number;
  /** Whether pairs that are the very same program are timed like any other: in an A/A check. */
  readonly timeIdentical: boolean;
}

/**
 * The workloads that are asked for, as ladders.
 * @throws {InputError} when the families leave none, or on names that are unknown
 */
export function chooseWorkloads(
  entries: readonly string[],
  families: readonly Family[] | null,
  variants: RunSettings['variants'],
): Workload[][] {
  const all = entries.map(parseEntry);
  const chosen = all.filter(([first]) => families === null || families.includes((first as Workload).kernel.family));
  if (chosen.length === 0) {
    const there = [...new Set(all.map(([first]) => (first as Workload).kernel.family))];
    throw new InputError(
      `--family ${(families ?? []).join(' ')} leaves no workload: those asked for are ${there.join(', ')}`,
    );
  }
  checkVariants(variants, chosen.flat());
  return chosen;
}

/** Pairs of a workload, naive first; those that only the other revision has come last. */
export function pairsOf(
  workload: Workload,
  revision: readonly Kernel[],
  { variants, limits, seed, timeIdentical }: PairOptions,
): readonly Pair[] {
  const { kernel, shape } = workload;
  const other = revision.find((one) => kernelName(one) === kernelName(kernel)) ?? null;
  const of = (one: Kernel) =>
    (typeof variants === 'string'
      ? suitingVariants(one, shape, variants, limits)
      : one.variants.filter(({ id }) => variants.includes(id))
    ).map(({ id }) => id);
  const changes = other ? differences(other, kernel, shape) : [];
  const candidate = (prefix: string, id: string): Candidate => ({ implementation: `${prefix}${id}`, tuning: {} });
  const find = (one: Kernel | null, id: string) => one?.variants.find((variant) => variant.id === id) ?? null;
  const input = inputOnce(kernel, shape, seed);
  const identical = (id: string) => {
    const [was, is] = [find(other, id), find(kernel, id)];
    if (timeIdentical || changes.length > 0 || !was || !is) return false;
    return isIdentical(was, is, { shape, limits, input });
  };
  const gone = other && changes.length === 0 ? of(other).filter((id) => !find(kernel, id)) : [];
  return [
    ...of(kernel).map((id): Pair => {
      const before = find(other, id) ? candidate(BEFORE, id) : null;
      return {
        workload,
        variant: id,
        before,
        now: candidate('assay/', id),
        changes: before ? changes : [],
        identical: identical(id),
      };
    }),
    ...gone.map(
      (id): Pair => ({
        workload,
        variant: id,
        before: candidate(BEFORE, id),
        now: null,
        changes: [],
        identical: false,
      }),
    ),
  ];
}
