import { z } from 'zod';
import type { Card } from '../../harness/card.js';
import type { Tuning } from '../../kernels/declaration.js';
import type { Mode } from '../../reports/schema.js';
import { toolIdentity } from '../run/provenance.js';
import type { Workload } from '../suites/index.js';
import { readCache } from './cache.js';
import { cachePath } from './cache-file.js';
import { type ChosenTuning, chooseTuning, DEFAULT_TUNING, damageWarning, staleWarning } from './choose.js';

/** One of our implementations on one workload, and the tuning that it runs with; as the journal keeps it. */
export const chosenRecord = z.strictObject({
  workload: z.string(),
  implementation: z.string(),
  tuning: z.record(z.string(), z.number()),
  source: z.enum(['tuned', 'near']),
  tunedOn: z.string(),
});
export type ChosenRecord = z.infer<typeof chosenRecord>;

/** The tunings of a run: chosen once, before anything is measured, so that a resumed run measures the same thing. */
export class RunTunings {
  /** Those that are not the default. */
  readonly records: readonly ChosenRecord[];
  readonly #byKey: ReadonlyMap<string, ChosenTuning>;

  constructor(records: readonly ChosenRecord[]) {
    this.records = records;
    this.#byKey = new Map(records.map((r) => [key(r.workload, r.implementation), r]));
  }

  of(workload: string, implementation: string): ChosenTuning {
    return this.#byKey.get(key(workload, implementation)) ?? DEFAULT_TUNING;
  }
}

const key = (workload: string, implementation: string) => `${workload} ${implementation}`;

/**
 * What the cache knows for our variants on these workloads.
 * @param ours implementation ids that take part in a workload
 * @param warned told once per kind of trouble, a line each; none of it stops a run
 */
export function tuningsFromCache(
  card: Pick<Card, 'device' | 'limits'>,
  mode: Mode,
  workloads: readonly Workload[],
  ours: (workload: Workload) => readonly string[],
  warned: (text: string) => void,
  path: string = cachePath(),
): RunTunings {
  const { entries, damage } = readCache(path);
  if (damage !== null) warned(damageWarning(path, damage));
  if (entries.length === 0) return new RunTunings([]);
  const identity = { device: card.device, limits: card.limits, mode, toolVersion: toolIdentity().version };
  const records: ChosenRecord[] = [];
  const stale = new Map<string, ReturnType<typeof chooseTuning>['stale'][number]>();
  for (const workload of workloads)
    for (const implementation of ours(workload)) {
      const variant = workload.kernel.variants.find((v) => `assay/${v.id}` === implementation);
      if (!variant) continue;
      const choice = chooseTuning(entries, workload, variant, identity);
      for (const one of choice.stale) stale.set(`${one.workload} ${one.variant}`, one);
      const { tuning, source, tunedOn } = choice.chosen;
      if (source !== 'default' && tunedOn !== null)
        records.push({ workload: workload.id, implementation, tuning: { ...(tuning as Tuning) }, source, tunedOn });
    }
  const warning = staleWarning(path, [...stale.values()]);
  if (warning) warned(warning);
  return new RunTunings(records);
}
