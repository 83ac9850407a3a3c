import type { Tuning } from '../../kernels/declaration.js';
import type { Rate } from '../../reports/schema.js';
import { median, rateOf, summarise } from '../../reports/statistics/index.js';
import type { Workload } from '../suites/index.js';
import type { Candidate, CardArena } from './card-arena.js';
import { finalRounds, standingOf } from './final.js';
import { implementationOf, type Look } from './look.js';
import type { FastestVariant, VariantOutcome } from './outcome.js';
import { FINAL_ROUNDS } from './rungs.js';
import { capacityFor } from './settings.js';
import { challengers, spaceSize, tuningKey } from './space.js';
import { tuneVariant } from './tune-variant.js';

/** More are never tried, however much time there is. */
const MOST_CHALLENGERS = 1000;
/** Variants slower than the fastest by more than this are not compared with it once more. */
const OUT_OF_REACH = 2;

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
