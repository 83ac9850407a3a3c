import { computesOnCpu, isOurs, workloadName } from './names.js';
import { isNote, type Measurement, type ReasonCode, type Result } from './schema.js';

export type RatedMeasurement = Measurement & { rate: NonNullable<Measurement['rate']> };

/** The measurements of one workload, in the result's order. */
export interface WorkloadGroup {
  readonly workload: string;
  readonly family: Measurement['family'];
  readonly measurements: readonly Measurement[];
}

/** Measurements by workload, in order of first appearance. */
export function groupByWorkload(result: Pick<Result, 'measurements'>): WorkloadGroup[] {
  const groups = new Map<string, Measurement[]>();
  for (const measurement of result.measurements) {
    const group = groups.get(measurement.workload);
    if (group) group.push(measurement);
    else groups.set(measurement.workload, [measurement]);
  }
  return [...groups].map(([workload, measurements]) => ({
    workload,
    family: (measurements[0] as Measurement).family,
    measurements,
  }));
}

export function isRated(measurement: Measurement): measurement is RatedMeasurement {
  return measurement.rate !== null;
}

/** False of another program's figure, which stands beside what this run has seen and is never compared with it. */
export function isVerified({ reasons }: Pick<Measurement, 'reasons'>): boolean {
  return !reasons.some(({ code }) => code === 'not-verified');
}

/** The one with the highest rate, valid or unreliable: whoever shows it must show its status. */
export function fastest(measurements: readonly Measurement[]): RatedMeasurement | null {
  return measurements
    .filter(isRated)
    .reduce<RatedMeasurement | null>((best, m) => (best && best.rate.value >= m.rate.value ? best : m), null);
}

export function bestOurs(group: WorkloadGroup): RatedMeasurement | null {
  return fastest(group.measurements.filter((m) => isOurs(m.implementation)));
}

export function bestBaseline(group: WorkloadGroup): RatedMeasurement | null {
  return fastest(group.measurements.filter((m) => !isOurs(m.implementation) && isVerified(m)));
}

/** Number of measurements by status. */
export function countByStatus(measurements: readonly Measurement[]): Record<Measurement['status'], number> {
  const counts = { valid: 0, unreliable: 0, failed: 0, skipped: 0 };
  for (const { status } of measurements) counts[status]++;
  return counts;
}

/** A workload and the measurement that stands for it. */
export interface Headline {
  readonly group: WorkloadGroup;
  readonly shown: RatedMeasurement;
}

/**
 * Of the shapes of one kernel and type the one with the highest rate, so that a long suite stays one
 * paragraph. Ours come first; a baseline stands in where no variant of ours has a figure, unless it
 * computes on the CPU, for then it says nothing of the card, or nobody verified it.
 */
export function headlines(groups: readonly WorkloadGroup[]): Headline[] {
  const best = new Map<string, Headline>();
  for (const group of groups) {
    const onCard = group.measurements.filter((m) => !computesOnCpu(m.implementation) && isVerified(m));
    const shown = bestOurs(group) ?? fastest(onCard);
    const name = workloadName(group.workload);
    const held = best.get(name);
    if (shown && (!held || outranks(shown, held.shown))) best.set(name, { group, shown });
  }
  return [...best.values()];
}

function outranks(a: RatedMeasurement, b: RatedMeasurement): boolean {
  const [ours, theirs] = [isOurs(a.implementation), isOurs(b.implementation)];
  return ours === theirs ? a.rate.value > b.rate.value : ours;
}

/**
 * Whether all of a workload was skipped for the same reasons, so that one line can stand for it.
 * @param by compare the reasons' codes alone, or their details too
 */
export function skippedAlike({ measurements }: WorkloadGroup, by: 'code' | 'detail'): boolean {
  const reasons = new Set(
    measurements.map((m) =>
      JSON.stringify([m.status, by === 'detail' ? m.reasons : m.reasons.map(({ code }) => code)]),
    ),
  );
  return measurements.length > 1 && reasons.size === 1 && measurements[0]?.status === 'skipped';
}

/** What is said of several, once each in order of first appearance, with the names of those that it is said of. */
export function namesByText(said: Iterable<readonly [text: string, name: string]>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [text, name] of said) {
    const held = names.get(text);
    if (held) held.push(name);
    else names.set(text, [name]);
  }
  return names;
}

/** Whom a reason befell, and what it said there. */
export interface ReasonCase {
  readonly measurement: Measurement;
  readonly detail: string;
}

/** Every reason code that is not a note, in order of first appearance, with all its cases. */
export function casesByReason(measurements: readonly Measurement[]): Map<ReasonCode, readonly ReasonCase[]> {
  const befell = new Map<ReasonCode, ReasonCase[]>();
  for (const measurement of measurements)
    for (const { code, detail } of measurement.reasons)
      if (!isNote(code)) {
        const cases = befell.get(code);
        if (cases) cases.push({ measurement, detail });
        else befell.set(code, [{ measurement, detail }]);
      }
  return befell;
}
