import { NOT_CHECKED } from '../../harness/oracles.js';
import type { Answer } from '../../harness/protocol.js';
import { isVerified } from '../../reports/groups.js';
import { isOurs } from '../../reports/names.js';
import {
  type Calibration,
  type Measurement,
  type Mode,
  type Reason,
  type Round,
  statusOf,
} from '../../reports/schema.js';
import { compareRounds, judgeReliability, rateOf, summarise } from '../../reports/statistics/index.js';
import type { Workload } from '../suites/index.js';
import { type ChosenTuning, DEFAULT_TUNING } from '../tune/choose.js';
import { type RateOfKernel, standing } from './bounds.js';

/** What is known of a measurement before its rounds. */
export interface Begun {
  readonly workload: Workload;
  readonly implementation: string;
  readonly mode: Mode;
  readonly provenance: string | null;
  readonly prepared: Answer<'prepare'>;
  readonly chosen: ChosenTuning;
}

/** The fields that every measurement has, whatever its end. */
export function fieldsOf({ workload, implementation, mode, provenance, prepared, chosen }: Begun) {
  return {
    workload: workload.id,
    family: workload.kernel.family,
    implementation,
    provenance: prepared.provenance ?? provenance,
    tuning: prepared.tuning,
    tuningSource: chosen.source,
    tunedOn: chosen.tunedOn,
    mode,
    work: workload.kernel.work(workload.shape),
    ...(workload.kernel.model && { model: { ...workload.kernel.model } }),
    correctness: prepared.correctness,
    clock: prepared.clock,
    batch: prepared.batch,
    inputSets: prepared.inputSets,
    compileMs: prepared.compileMs,
    deviceBytes: prepared.deviceBytes,
  };
}

export const UNRATED = {
  summary: null,
  rate: null,
  ceiling: null,
  roofline: null,
  versusBaseline: null,
  energy: null,
} as const;

/** A measurement that has no number: it was skipped, or it is wrong. Its rounds are kept. */
export function unrated(
  begun: Begun,
  status: 'skipped' | 'failed',
  reasons: Reason[],
  rounds: readonly Round[] = [],
  correctness = begun.prepared.correctness,
): Measurement {
  return { ...fieldsOf(begun), ...UNRATED, correctness, rounds: [...rounds], status, reasons };
}

/** An implementation that could not even be asked. */
export function absent(
  workload: Workload,
  implementation: string,
  mode: Mode,
  reason: Reason,
  status: 'skipped' | 'failed' = 'skipped',
): Measurement {
  const prepared: Answer<'prepare'> = {
    ...{ status, reasons: [reason], correctness: NOT_CHECKED, clock: 'host', tuning: {}, batch: 0 },
    ...{ inputSets: 0, compileMs: null, deviceBytes: null, sampleNs: null, provenance: null },
  };
  const begun = { workload, implementation, mode, provenance: null, prepared, chosen: DEFAULT_TUNING };
  return unrated(begun, status, [reason]);
}

/** Summary, rate, fraction of the ceiling, and status with its reasons, from finished and rechecked rounds. */
export function conclude(
  begun: Begun,
  rounds: readonly Round[],
  rechecked: Answer<'recheck'>,
  calibration: Calibration,
  rateOfKernel: RateOfKernel,
): Measurement {
  const { prepared } = begun;
  if (rechecked.reasons.length > 0) return unrated(begun, 'failed', rechecked.reasons, rounds, rechecked.correctness);
  const fields = fieldsOf(begun);
  const usable = rounds.filter((round) => round.samplesNs.length > 0);
  const summary = usable.length > 0 ? summarise(usable) : null;
  const rate = summary && rateOf(fields.work, summary);
  if (!summary || !rate)
    return unrated(begun, 'failed', [{ code: 'clock-saturated', detail: 'the clock gave no usable sample' }], rounds);
  const { ceiling, roofline } = standing(begun.workload, rateOfKernel, rate.value);
  const reasons = [
    ...prepared.reasons,
    ...judgeReliability({
      ...{ rounds: [...rounds], summary, calibration, clock: prepared.clock, batch: prepared.batch },
      ceilingFraction: ceiling?.fraction ?? null,
    }),
  ];
  const { correctness } = prepared;
  const maxError = Math.max(correctness.maxError ?? 0, rechecked.correctness.maxError ?? 0);
  return {
    ...fields,
    ...{ correctness: { ...correctness, maxError }, rounds: [...rounds], summary, rate, ceiling, roofline },
    ...{ versusBaseline: null, energy: null, status: statusOf(reasons), reasons },
  };
}

const isRated = (m: Measurement) => m.status === 'valid' || m.status === 'unreliable';

/** Adds to each of our measurements how it stands against the fastest baseline of the same workload, paired by round. */
export function againstBaselines(measurements: readonly Measurement[]): Measurement[] {
  const peers = measurements.filter((m) => isRated(m) && isVerified(m) && !isOurs(m.implementation));
  const best = peers.reduce<Measurement | null>(
    (a, b) => (a && (a.rate?.value ?? 0) >= (b.rate?.value ?? 0) ? a : b),
    null,
  );
  return measurements.map((m) => {
    if (!best || !isRated(m) || !isOurs(m.implementation)) return m;
    const ratio = compareRounds(m.rounds, best.rounds);
    if (!ratio) return m;
    const { pairs: _, ...comparison } = ratio;
    return { ...m, versusBaseline: { peer: best.implementation, ...comparison } };
  });
}
