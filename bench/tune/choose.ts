import { checkedPlan, effectiveTuning } from '../../harness/limits.js';
import { sourceHash } from '../../harness/source-hash.js';
import type { Kernel, Limits, Shape, Tuning, Variant } from '../../kernels/declaration.js';
import { ShapeError } from '../../kernels/errors.js';
import { kernelName, kernelNameOf, parseShape, workloadId } from '../../kernels/shape.js';
import type { Device, Mode } from '../../reports/schema.js';
import type { Workload } from '../suites/index.js';
import type { CacheEntry } from './cache-file.js';

/** The tuning that a measurement uses, and where it comes from. */
export interface ChosenTuning {
  readonly tuning: Tuning;
  /** `tuned`: found for this very workload. `near`: found for another shape of the kernel. */
  readonly source: 'default' | 'tuned' | 'near';
  /** The workload for which it was found; null for the default. */
  readonly tunedOn: string | null;
}
export const DEFAULT_TUNING: ChosenTuning = { tuning: {}, source: 'default', tunedOn: null };

/** The adapter as it is now, and this program. */
export interface TuningIdentity {
  readonly device: Pick<Device, 'name' | 'driver' | 'backend'>;
  readonly limits: Limits;
  readonly mode: Mode;
  readonly toolVersion: string;
}

/** An entry that would have been used, had not something changed since. */
export interface StaleEntry {
  readonly workload: string;
  readonly variant: string;
  /** What differs, in words. */
  readonly why: string;
}

export interface Choice {
  readonly chosen: ChosenTuning;
  readonly stale: readonly StaleEntry[];
}

/**
 * The tuning for one variant on one workload: what was found for this workload; else what was found for the nearest
 * shape of the same kernel, variant and adapter, none of whose sizes is more than sixteen times larger or smaller,
 * and which this shape can be planned with; else the default. It is verified before it is timed in any case.
 */
export function chooseTuning(
  entries: readonly CacheEntry[],
  { kernel, shape, id }: Workload,
  variant: Variant<unknown, unknown>,
  now: TuningIdentity,
): Choice {
  if (!variant.tuning) return { chosen: DEFAULT_TUNING, stale: [] };
  const related = entries.filter(
    (e) =>
      e.variant === variant.id &&
      e.device === now.device.name &&
      e.backend === now.device.backend &&
      e.mode === now.mode &&
      kernelNameOf(e.workload) === kernelName(kernel),
  );
  const stale: StaleEntry[] = [];
  const fresh = (entry: CacheEntry, at: Shape): boolean => {
    const why = whyStale(entry, kernel, variant, at, now);
    if (why !== null) stale.push({ workload: entry.workload, variant: variant.id, why });
    return why === null;
  };
  const use = (entry: CacheEntry, source: 'tuned' | 'near'): Choice => ({
    chosen: entry.differs ? { tuning: entry.tuning, source, tunedOn: entry.workload } : DEFAULT_TUNING,
    stale: [],
  });
  const exact = related.filter((e) => e.workload === id).find((e) => fresh(e, shape));
  if (exact) return use(exact, 'tuned');
  const others = related
    .filter((e) => e.workload !== id)
    .flatMap((entry) => {
      const at = shapeOf(entry, kernel);
      const distance = at && distanceOf(kernel, shape, at);
      return at !== null && distance !== null ? [{ entry, at, distance }] : [];
    })
    .sort((a, b) => a.distance - b.distance);
  const near = others.find(
    ({ entry, at }) => fresh(entry, at) && fits(kernel, variant, shape, entry.tuning, now.limits),
  );
  return near ? use(near.entry, 'near') : { chosen: DEFAULT_TUNING, stale };
}

function whyStale(
  entry: CacheEntry,
  kernel: Kernel,
  variant: Variant<unknown, unknown>,
  shape: Shape,
  { device, limits, toolVersion }: TuningIdentity,
): string | null {
  if (entry.driver !== device.driver)
    return `the driver was "${entry.driver ?? 'unknown'}" and is "${device.driver ?? 'unknown'}"`;
  if (entry.toolVersion !== toolVersion) return `the program was ${entry.toolVersion} and is ${toolVersion}`;
  try {
    return sourceHash(kernel, variant, shape, entry.tuning, limits) === entry.sourceHash
      ? null
      : 'the kernel has changed';
  } catch (error) {
    if (error instanceof ShapeError) return 'the tuning space has changed';
    throw error;
  }
}

const FARTHEST = 16;

/** Sum over the axes of |log₂ of the ratio of sizes|; null when a flag differs or one size is too far off. */
export function distanceOf(kernel: Kernel, a: Shape, b: Shape): number | null {
  let sum = 0;
  for (const { name, flag } of kernel.axes) {
    const [x, y] = [a[name] as number, b[name] as number];
    if (x === y) continue;
    const ratio = Math.max(x, y) / Math.min(x, y);
    if (flag || ratio > FARTHEST) return null;
    sum += Math.log2(ratio);
  }
  return sum;
}

/** Null when this program does not know the workload of the entry. */
function shapeOf({ workload }: CacheEntry, kernel: Kernel): Shape | null {
  try {
    const shape = parseShape(kernel, workload.split('/').at(-1) as string);
    return workloadId(kernel, shape) === workload ? shape : null;
  } catch (error) {
    if (error instanceof ShapeError) return null;
    throw error;
  }
}

function fits(
  kernel: Kernel,
  variant: Variant<unknown, unknown>,
  shape: Shape,
  tuning: Tuning,
  limits: Limits,
): boolean {
  try {
    checkedPlan(kernel, variant, shape, effectiveTuning(variant, tuning), limits);
    return true;
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}

/** One line for people: how many entries are passed over, one of them and why, and what to do. */
export function staleWarning(path: string, stale: readonly StaleEntry[]): string | null {
  const [first] = stale;
  if (!first) return null;
  const many = stale.length > 1 ? `${stale.length} entries are stale, e.g. ` : '';
  const kernels = [...new Set(stale.map(({ workload }) => kernelNameOf(workload)))].join(' ');
  return (
    `tuning cache ${path}: ${many}${first.workload} ${first.variant}: ${first.why}; ` +
    `${stale.length > 1 ? 'they are' : 'it is'} ignored, \`assay tune ${kernels}\` renews ${stale.length > 1 ? 'them' : 'it'}`
  );
}

export function damageWarning(path: string, damage: string): string {
  return `tuning cache ${path} is damaged (${damage}); what cannot be read is ignored, \`assay tune\` renews it`;
}
