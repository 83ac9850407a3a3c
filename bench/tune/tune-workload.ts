import { median, rateOf, summarise } from '../../harness/statistics/index.js';
import type { Tuning, Variant } from '../../kernels/declaration.js';
import type { Rate } from '../../reports/schema.js';
import type { Workload } from '../suites/index.js';
import { isRefused, type Refused } from './arena.js';
import type { Candidate, CardArena } from './card-arena.js';
import { finalRounds, standingOf } from './final.js';
import type { FastestVariant, VariantOutcome } from './outcome.js';
import { type Costs, FINAL_ROUNDS } from './rungs.js';
import { capacityFor } from './settings.js';
import { challengers, defaultOf, spaceSize, tuningKey } from './space.js';
import { tuneVariant } from './tune-variant.js';

type AnyVariant = Variant<unknown, unknown>;

/** A variant with its default as it was first seen. */
export interface Look {
  readonly variant: AnyVariant;
  readonly candidate: Candidate;
  readonly refusal: Refused | null;
  /** Nanoseconds of one execution; null without a round. */
  readonly ns: number | null;
  readonly costs: Costs;
  readonly deviceBytes: number;
}

const LOOK_ROUNDS = 2;
/** More are never tried, however much time there is. */
const MOST_CHALLENGERS = 1000;
/** Variants slower than the fastest by more than this are not compared with it once more. */
const OUT_OF_REACH = 2;

export const implementationOf = ({ id }: AnyVariant) => `assay/${id}`;
export const isTunable = ({ tuning }: AnyVariant) => spaceSize(tuning ?? {}) > 1;

/**
 * Verifies and times each variant's default: what a configuration costs here, and where the time is best spent.
 * @param before looks at a bigger shape, which have verified the odd shapes already: that is part of the cost
 */
export async function lookAtDefaults(
  arena: CardArena,
  variants: readonly AnyVariant[],
  before: readonly Look[],
): Promise<Look[]> {
  const looks: Look[] = [];
  for (const variant of variants) {
    const candidate = { implementation: implementationOf(variant), tuning: defaultOf(variant.tuning ?? {}) };
    const start = arena.now();
    let refusal = await arena.prepare(candidate);
    const took = arena.now() - start;
    const prepareMs = took + (before.find((look) => look.variant === variant)?.costs.prepareMs ?? 0);
    const times: number[] = [];
    for (let i = 0; i < LOOK_ROUNDS && !refusal; i++) {
      const taken = await arena.round(candidate);
      if (isRefused(taken)) refusal = taken;
      else times.push(...taken.samplesNs);
    }
    const roundMs = (arena.now() - start - took) / LOOK_ROUNDS;
    const deviceBytes = arena.deviceBytes(candidate);
    await arena.release(candidate);
    const ns = refusal || times.length === 0 ? null : median(times);
    looks.push({ variant, candidate, refusal, ns, costs: { prepareMs, roundMs }, deviceBytes });
  }
  return looks;
}

/** Whether a smaller shape should be tried: what can be tuned does not fit here, or not in the time. */
export function isTooBig(looks: readonly Look[]): boolean {
  const tunable = looks.filter(({ variant }) => isTunable(variant));
  return tunable.every(({ refusal }) =>
    refusal?.reasons.some(({ code }) => ['too-slow-for-adapter', 'exceeds-limit', 'out-of-memory'].includes(code)),
  );
}

/** Too slow to be compared with anything: whatever beat it would not have been shown to. */
export const isTooSlow = ({ refusal }: Look) =>
  refusal?.reasons.some(({ code }) => code === 'too-slow-for-adapter') ?? false;

/** Shares of the time: a variant whose default is twice as slow as another's gets half of what that one gets. */
export function weightOf(look: Look, looks: readonly Look[]): number {
  const best = Math.min(...looks.filter(({ variant }) => isTunable(variant)).map(({ ns }) => ns ?? Infinity));
  if (!Number.isFinite(best)) return 1;
  return look.ns === null ? 0.1 : Math.max(0.1, best / look.ns);
}

export interface OneSettings {
  readonly seed: number;
  readonly deadline: number;
  /** What an earlier tuning found best: tried first. */
  readonly known: Tuning | null;
  readonly mostRounds: number | undefined;
}

export async function tuneOne(
  arena: CardArena,
  { kernel, shape }: Workload,
  { variant, candidate: reference, costs, deviceBytes }: Look,
  { seed, deadline, known, mostRounds }: OneSettings,
): Promise<VariantOutcome> {
  const space = variant.tuning ?? {};
  const others = distinct(known, challengers(space, seed), reference.tuning);
  const found = await tuneVariant(
    others.map((tuning): Candidate => ({ implementation: reference.implementation, tuning })),
    reference,
    arena,
    { deadline, costs, capacity: capacityFor(deviceBytes), mostRounds },
  );
  await arena.releaseAll();
  const rate = (candidate: Candidate | null): Rate | null => {
    const rounds = candidate && found.rounds.get(candidate);
    return rounds && rounds.length > 0 ? rateOf(kernel.work(shape), summarise(rounds)) : null;
  };
  return {
    ...{ variant: variant.id, space, spaceSize: spaceSize(space), tried: found.tried },
    untried: spaceSize(space) - found.tried,
    refused: found.refused.map(({ candidate, refusal }) => ({ tuning: candidate.tuning, ...refusal })),
    ranking: found.ranking.map((r) => ({ tuning: r.candidate.tuning, ratio: Math.exp(-r.logRatio) })),
    rungs: found.rungs,
    defaultTuning: reference.tuning,
    defaultRate: rate(reference),
    winner: found.winner?.tuning ?? null,
    winnerRate: rate(found.winner),
    challenger: found.challenger?.candidate.tuning ?? null,
    ratio: found.challenger?.ratio ?? null,
    decision: found.decision,
    rounds: found.challenger ? (found.rounds.get(found.challenger.candidate)?.length ?? 0) : 0,
  };
}

function distinct(known: Tuning | null, rest: Iterable<Tuning>, except: Tuning): Tuning[] {
  const seen = new Set([tuningKey(except)]);
  const list: Tuning[] = [];
  for (const tuning of (function* () {
    if (known) yield known;
    yield* rest;
  })()) {
    if (list.length >= MOST_CHALLENGERS) break;
    if (seen.has(tuningKey(tuning))) continue;
    seen.add(tuningKey(tuning));
    list.push(tuning);
  }
  return list;
}

/**
 * The kernel's variants against each other, each with its winner, in rounds of their own; those out of reach of the
 * fastest are left out.
 * @returns null when none runs, or when there is only one
 */
export async function compareVariants(
  arena: CardArena,
  { kernel, shape }: Workload,
  looks: readonly Look[],
  tuned: readonly VariantOutcome[],
  { deadline, mostRounds }: Pick<OneSettings, 'deadline' | 'mostRounds'>,
): Promise<FastestVariant | null> {
  if (looks.length < 2) return null;
  const { operations } = kernel.work(shape);
  const entrants = looks.flatMap((look) => {
    const outcome = tuned.find((t) => t.variant === look.variant.id);
    const tuning = outcome ? outcome.winner : look.candidate.tuning;
    const rate = outcome?.winnerRate?.value;
    const ns = rate ? (operations * 1e9) / rate : look.ns;
    if (tuning === null || ns === null) return [];
    return [{ variant: look.variant.id, ns, candidate: { implementation: implementationOf(look.variant), tuning } }];
  });
  const best = Math.min(...entrants.map(({ ns }) => ns));
  const near = entrants.filter(({ ns }) => ns <= OUT_OF_REACH * best);
  const order = [...near].sort(
    (a, b) =>
      kernel.variants.findIndex((v) => v.id === a.variant) - kernel.variants.findIndex((v) => v.id === b.variant),
  );
  const [only] = order;
  if (!only) return null;
  const fastest = near.find(({ ns }) => ns === best) ?? only;
  const roundMs = median(looks.filter(({ ns }) => ns !== null).map(({ costs }) => costs.roundMs));
  // Without time for rounds of their own, what was seen of each in its own must do.
  if (order.length === 1 || arena.now() + order.length * FINAL_ROUNDS.outOfTime * roundMs > deadline)
    return { variant: fastest.variant, second: null, ratio: null };
  const final = await finalRounds(
    order.map(({ candidate }) => candidate),
    arena,
    { deadline, roundMs, mostRounds },
  );
  await arena.releaseAll();
  const ranked = order
    .flatMap(({ variant, candidate }) => {
      const rounds = final.rounds.get(candidate);
      return rounds && rounds.length > 0 ? [{ variant, rounds, ns: summarise(rounds).medianNs }] : [];
    })
    .sort((a, b) => a.ns - b.ns);
  const [first, second] = ranked;
  if (!first) return null;
  return {
    variant: first.variant,
    second: second?.variant ?? null,
    ratio: second ? standingOf(first.rounds, second.rounds) : null,
  };
}
