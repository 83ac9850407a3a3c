import type { PairedRound, Ratio } from '../../reports/statistics/index.js';
import type { Arena, Refused } from './arena.js';
import { beatsDefault, finalRounds, standingOf } from './final.js';
import { type SearchLimits, search } from './halving.js';
import { SEARCH_SHARE } from './rungs.js';

/** What came of tuning one variant on one workload; `C` is one configuration. */
export interface VariantSearch<C> {
  /** Configurations that were verified, the default included, whether they passed or not. */
  readonly tried: number;
  readonly refused: readonly { readonly candidate: C; readonly refusal: Refused }[];
  /** Challengers that were timed, best first, with the logarithm of their time over the default's. */
  readonly ranking: readonly { readonly candidate: C; readonly logRatio: number }[];
  readonly rungs: readonly { readonly size: number; readonly rounds: number }[];
  /** Null when nothing runs here. */
  readonly winner: C | null;
  /** The best challenger and how its rate stands to the default's; null when there was none to compare. */
  readonly challenger: { readonly candidate: C; readonly ratio: Ratio | null } | null;
  readonly decision: 'faster' | 'default-kept' | 'default-alone' | 'default-refused' | 'nothing-runs';
  /** The final's rounds, by configuration. */
  readonly rounds: ReadonlyMap<C, readonly PairedRound[]>;
}

/**
 * Searches the challengers by halving, then decides between the best and the default in rounds of their own. A
 * finalist that is refused makes way for the next in the ranking.
 *
 * @param challengers in the order in which they are tried while there is time
 * @param reference the default
 * @param deadline on the arena's clock
 */
export async function tuneVariant<C>(
  challengers: readonly C[],
  reference: C,
  arena: Arena<C>,
  { deadline, costs, capacity, mostRounds }: SearchLimits,
): Promise<VariantSearch<C>> {
  const start = arena.now();
  const refusal = await arena.prepare(reference);
  const refused: { candidate: C; refusal: Refused }[] = refusal ? [{ candidate: reference, refusal }] : [];
  const found = await search(challengers, refusal ? null : reference, arena, {
    deadline: start + (deadline - start) * SEARCH_SHARE,
    ...{ costs, capacity, mostRounds },
  });
  refused.push(...found.refused);
  const said = { ranking: found.ranking, rungs: found.rungs, tried: 1 + challengers.length - found.untried.length };
  const isOut = (candidate: C) => refused.some((r) => r.candidate === candidate);

  let rounds: ReadonlyMap<C, readonly PairedRound[]> = new Map();
  for (const { candidate } of found.ranking) {
    if (rounds.size > 0 && arena.now() > deadline) break;
    const final = await finalRounds(isOut(reference) ? [candidate] : [reference, candidate], arena, {
      deadline,
      roundMs: found.costs.roundMs,
      mostRounds,
    });
    refused.push(...final.refused);
    rounds = final.rounds;
    await arena.release(candidate);
    const taken = rounds.get(candidate);
    if (!taken) continue;
    await arena.release(reference);
    if (isOut(reference))
      return {
        ...{ ...said, refused, rounds, winner: candidate, decision: 'default-refused' },
        challenger: { candidate, ratio: null },
      };
    const ratio = standingOf(taken, rounds.get(reference) ?? []);
    const faster = beatsDefault(ratio);
    return {
      ...{ ...said, refused, rounds, winner: faster ? candidate : reference, challenger: { candidate, ratio } },
      decision: faster ? 'faster' : 'default-kept',
    };
  }
  await arena.release(reference);
  const none = isOut(reference);
  return {
    ...{ ...said, refused, rounds, winner: none ? null : reference, challenger: null },
    decision: none ? 'nothing-runs' : 'default-alone',
  };
}
