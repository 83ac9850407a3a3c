import { fastest, groupByWorkload, isRated, type RatedMeasurement } from './groups.js';
import { isOurs, parseWorkloadId } from './names.js';
import type { Measurement, Result } from './schema.js';

/** Floating-point and integer work have a chart each: their operations are not the same. */
export const rooflineKinds = ['float', 'integer'] as const;
export type RooflineKind = (typeof rooflineKinds)[number];

/** As in a result: what is counted on each chart. */
export const operationUnits: Readonly<Record<RooflineKind, string>> = { float: 'flop/s', integer: 'iop/s' };

export interface Roof {
  /** The ceiling's kernel, e.g. `fma-f32`; of a mixture the workload that mixes so, e.g. `ethash mix`. */
  readonly label: string;
  /** Operations or bytes per second. */
  readonly value: number;
  /** Whether every ceiling behind it was measured reliably. */
  readonly reliable: boolean;
  /** Whether a workload of the chart stands under it; else it is a ceiling that was measured beside. */
  readonly bounds: boolean;
}

type RooflineOf = NonNullable<Measurement['roofline']>;

/** One implementation of one workload. */
export interface RooflinePoint {
  readonly workload: string;
  readonly implementation: string;
  readonly ours: boolean;
  readonly status: Measurement['status'];
  /** Null when no byte has to be moved. */
  readonly operationsPerByte: number | null;
  /** Operations per second. */
  readonly rate: number;
  readonly compute: Roof | null;
  readonly memory: Roof | null;
  /** The lower of the measured roofs at this point, in operations per second. */
  readonly limit: { readonly by: 'compute' | 'memory'; readonly value: number; readonly fraction: number } | null;
}

export interface Roofline {
  readonly kind: RooflineKind;
  readonly points: readonly RooflinePoint[];
  readonly computeRoofs: readonly Roof[];
  readonly memoryRoofs: readonly Roof[];
}

/**
 * Where the workloads of a result stand between its device's measured roofs (Williams, Waterman, Patterson:
 * Roofline, CACM 52(4), 2009): of each workload the fastest variant of ours and every baseline, but none that
 * computes on the CPU, for the roofs are the card's. Null when nothing of this kind was measured.
 */
export function rooflineOf(result: Pick<Result, 'measurements'>, kind: RooflineKind): Roofline | null {
  const reliable = reliability(result);
  const points = groupByWorkload(result).flatMap(({ measurements }) =>
    shown(measurements.filter((m) => m.roofline?.kind === kind && !m.implementation.endsWith('/cpu'))).flatMap(
      (m) => pointOf(m, reliable) ?? [],
    ),
  );
  if (points.length === 0) return null;
  const unit = operationUnits[kind];
  const beside = result.measurements.filter((m) => m.family === 'arithmetic' && m.rate?.unit === unit && isRated(m));
  return {
    kind,
    points,
    computeRoofs: highest([...points.flatMap((p) => p.compute ?? []), ...(beside as RatedMeasurement[]).map(ceiling)]),
    memoryRoofs: highest(points.flatMap((p) => p.memory ?? [])),
  };
}

/** The fastest of ours, then the baselines as they come. */
function shown(measurements: readonly Measurement[]): Measurement[] {
  const ours = fastest(measurements.filter((m) => isOurs(m.implementation)));
  return [...(ours ? [ours] : []), ...measurements.filter((m) => !isOurs(m.implementation))];
}

function pointOf(m: Measurement, reliable: (workload: string) => boolean): RooflinePoint | null {
  const { roofline, workload, implementation, status } = m;
  if (roofline === null || roofline.rate === null) return null;
  const { rate, operationsPerByte } = roofline;
  const compute = roofOf(roofline.compute, workload, reliable);
  const memory = roofOf(roofline.memory, workload, reliable);
  const limits = [
    ...(compute ? [{ by: 'compute' as const, value: compute.value }] : []),
    ...(memory && operationsPerByte !== null
      ? [{ by: 'memory' as const, value: memory.value * operationsPerByte }]
      : []),
  ].filter(({ value }) => Number.isFinite(rate / value));
  const lowest = limits.sort((a, b) => a.value - b.value)[0];
  return {
    ...{ workload, implementation, ours: isOurs(implementation), status, operationsPerByte, rate, compute, memory },
    limit: lowest ? { ...lowest, fraction: rate / lowest.value } : null,
  };
}

function roofOf(roof: RooflineOf['compute'], workload: string, reliable: (workload: string) => boolean): Roof | null {
  if (roof === null || !(roof.value > 0)) return null;
  const kernels = [...new Set(roof.of.map((id) => parseWorkloadId(id).kernel))];
  const label = kernels.length === 1 ? (kernels[0] as string) : `${parseWorkloadId(workload).kernel} mix`;
  return { label, value: roof.value, reliable: roof.of.every(reliable), bounds: true };
}

function ceiling({ workload, rate, status }: RatedMeasurement): Roof {
  return { label: parseWorkloadId(workload).kernel, value: rate.value, reliable: status === 'valid', bounds: false };
}

/** One roof by label, the highest that was seen; from high to low. */
function highest(roofs: readonly Roof[]): Roof[] {
  const best = new Map<string, Roof>();
  for (const roof of roofs) {
    const held = best.get(roof.label);
    const higher = held && held.value >= roof.value ? held : roof;
    best.set(roof.label, { ...higher, bounds: roof.bounds || held?.bounds === true });
  }
  return [...best.values()].filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
}

/** Whether the fastest measurement of a workload is valid; a workload that the result lacks is not known to be. */
function reliability({ measurements }: Pick<Result, 'measurements'>): (workload: string) => boolean {
  const best = new Map(groupByWorkload({ measurements }).map((g) => [g.workload, fastest(g.measurements)?.status]));
  return (workload) => best.get(workload) === 'valid';
}
