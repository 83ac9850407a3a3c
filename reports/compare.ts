import { isRated, isVerified } from './groups.js';
import type { Comparison, Measurement, Result } from './schema.js';
import {
  cleanRounds,
  decide,
  differenceOfMeans,
  intervalOf,
  type MeanEstimate,
  meanOf,
  median,
  ratioPValues,
} from './statistics/index.js';

/** One implementation on one workload in two results. */
export interface ComparedMeasurement {
  readonly workload: string;
  readonly family: Measurement['family'];
  readonly implementation: string;
  readonly from: Measurement | null;
  readonly to: Measurement | null;
  /** Rates of `to` over `from`; null where they are not compared. */
  readonly ratio: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly clock: Measurement['clock'] | null;
  readonly verdict: Comparison['verdict'] | null;
  /** Why they are not compared; null where they are. */
  readonly refusal: string | null;
  /** What differs and does not forbid it: tuning, versions, clocks. */
  readonly notes: readonly string[];
}

export interface ComparedResults {
  readonly sameDevice: boolean;
  /** What to hold against the whole comparison. */
  readonly warnings: readonly string[];
  readonly compared: readonly ComparedMeasurement[];
}

export interface CompareOptions {
  /** A change smaller than this does not matter, as a fraction. */
  readonly minEffect?: number;
  readonly confidence?: number;
}

/** Runs at different times saw different machines: twice what neighbours in one run are asked for in CI. */
export const APART_MIN_EFFECT = 0.04;

/** As far as can be told: of two cards of one model in one machine it cannot. */
export const sameCard = (a: Result['device'], b: Result['device']): boolean =>
  a.name === b.name && a.vendor === b.vendor && a.software === b.software;
const sameMachine = (a: Result, b: Result) => sameCard(a.device, b.device) && a.host.cpu === b.host.cpu;

/**
 * What `to` did beside `from`, implementation by implementation: the ratio of the geometric means of their rounds with
 * Welch's interval (`differenceOfMeans`), since rounds of different runs are no pairs; faster and slower by Holm over all.
 * What is not the same work, or not verified on both sides, is not compared, and says why.
 */
export function compareResults(
  from: Result,
  to: Result,
  { minEffect = APART_MIN_EFFECT, confidence = 0.95 }: CompareOptions = {},
): ComparedResults {
  const sameDevice = sameMachine(from, to);
  const kinds = from.device.software === to.device.software;
  const names = new Map<string, [Measurement | null, Measurement | null]>();
  for (const m of from.measurements) names.set(keyOf(m), [m, null]);
  for (const m of to.measurements) names.set(keyOf(m), [names.get(keyOf(m))?.[0] ?? null, m]);
  const found = [...names.values()].map(([a, b]) => {
    const refusal = kinds ? refusalOf(a, b) : 'a software adapter and hardware are not compared';
    const clock = a && b && a.clock === b.clock ? a.clock : 'host';
    const estimate = refusal === null && a && b ? logRatio(a, b, clock) : null;
    return { a, b, clock, estimate, refusal: refusal ?? (estimate ? null : 'fewer than two clean rounds on a side') };
  });
  // What is not compared is no member of the family that Holm's correction is over.
  const tried = found.filter(({ estimate }) => estimate !== null);
  const tests = tried.map(({ estimate }) => ratioPValues(estimate as MeanEstimate, minEffect));
  const decisions = decide(tests, 1 - confidence, tests.length);
  return {
    sameDevice,
    warnings: warningsOf(from, to, sameDevice),
    compared: found.map((one) => {
      const { a, b, clock, estimate, refusal } = one;
      const { workload, family, implementation } = (a ?? b) as Measurement;
      const named = { workload, family, implementation, from: a, to: b };
      if (!estimate) return { ...named, ratio: null, clock: null, verdict: null, refusal, notes: [] };
      const { mean, low, high } = intervalOf(estimate, confidence);
      return {
        ...named,
        ratio: { value: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) },
        ...{ clock, verdict: decisions[tried.indexOf(one)]?.verdict ?? null, refusal: null },
        notes: notesOf(a as Measurement, b as Measurement),
      };
    }),
  };
}

const keyOf = ({ workload, implementation }: Measurement) => JSON.stringify([workload, implementation]);

function refusalOf(a: Measurement | null, b: Measurement | null): string | null {
  if (!a) return 'not in the first';
  if (!b) return 'not in the second';
  for (const [side, m] of [
    ['first', a],
    ['second', b],
  ] as const) {
    if (!isVerified(m)) return `not verified in the ${side}`;
    if (!isRated(m)) return `${m.status} in the ${side}${m.reasons[0] ? `: ${m.reasons[0].code}` : ''}`;
  }
  for (const field of ['unit', 'operations', 'bytes'] as const)
    if (a.work[field] !== b.work[field])
      return `other work: ${field} ${a.work[field]} in the first, ${b.work[field]} in the second`;
  if (a.mode !== b.mode) return `mode ${a.mode} in the first, ${b.mode} in the second`;
  return null;
}

function notesOf(a: Measurement, b: Measurement): string[] {
  const notes: string[] = [];
  if (a.clock !== b.clock) notes.push('on the host’s clock, the only one that both have');
  if (JSON.stringify(a.tuning) !== JSON.stringify(b.tuning)) notes.push('other tuning');
  const [was, is] = [a, b].map(({ provenance }) => provenance?.split(' (')[0] ?? 'unknown');
  if (was !== is) notes.push(`${was}, then ${is}`);
  const doubted = [a, b].filter((m) => m.status === 'unreliable').length;
  if (doubted > 0) notes.push(doubted === 2 ? 'both unreliable' : 'one is unreliable');
  return notes;
}

function warningsOf(from: Result, to: Result, sameDevice: boolean): string[] {
  const warnings: string[] = [];
  if (from.id === to.id) warnings.push('Both are the same run.');
  if (sameDevice)
    warnings.push(
      'They are from different times, which is weaker evidence than turns in one run: `assay check` against a revision takes those.',
    );
  if (from.device.driver !== to.device.driver)
    warnings.push(`The drivers differ: ${from.device.driver ?? 'unknown'}, then ${to.device.driver ?? 'unknown'}.`);
  if (from.tool.commit !== to.tool.commit || from.tool.version !== to.tool.version)
    warnings.push('They were measured by different versions of this program, whose kernels may differ.');
  if (from.device.software || to.device.software)
    warnings.push('Figures of a software adapter say nothing about hardware.');
  return warnings;
}

/** The ratio's logarithm; null where a side has fewer than two clean rounds, or a clock that read zero. */
function logRatio(a: Measurement, b: Measurement, clock: Measurement['clock']): MeanEstimate | null {
  const [x, y] = [a, b].map((m) => {
    const times = cleanRounds(m.rounds).map((r) => median(clock === 'host' ? r.hostSamplesNs : r.samplesNs));
    return times.length >= 2 && times.every((ns) => ns > 0) ? meanOf(times.map((ns) => -Math.log(ns))) : null;
  });
  return x && y ? differenceOfMeans(x, y) : null;
}
