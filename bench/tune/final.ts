import { compareRounds, type PairedRound, type Ratio } from '../../reports/statistics/index.js';
import { type Arena, isRefused, type Refused } from './arena.js';
import { FINAL_ROUNDS, roundsOfFinal } from './rungs.js';

export interface FinalOutcome<C> {
  /** Rounds of those that came through, the last check included; rounds of one index were neighbours in time. */
  readonly rounds: ReadonlyMap<C, readonly PairedRound[]>;
  readonly refused: readonly { readonly candidate: C; readonly refusal: Refused }[];
}

export interface FinalLimits {
  /** On the arena's clock. */
  readonly deadline: number;
  /** What a round of one of them costs. */
  readonly roundMs: number;
  readonly mostRounds?: number | undefined;
}

/** Rounds of a few finalists, all held at once, interleaved in alternating order, then checked once more. */
export async function finalRounds<C>(
  finalists: readonly C[],
  arena: Arena<C>,
  { deadline, roundMs, mostRounds }: FinalLimits,
): Promise<FinalOutcome<C>> {
  const rounds = new Map<C, PairedRound[]>();
  const refused: { candidate: C; refusal: Refused }[] = [];
  const out = (candidate: C, refusal: Refused) => {
    refused.push({ candidate, refusal });
    rounds.delete(candidate);
  };
  for (const one of finalists) {
    const refusal = await arena.prepare(one);
    if (refusal) out(one, refusal);
    else rounds.set(one, []);
  }
  const count = roundsOfFinal(rounds.size, deadline - arena.now(), roundMs, mostRounds);
  for (let index = 0; index < count; index++) {
    if (index >= FINAL_ROUNDS.outOfTime && arena.now() > deadline) break;
    const turns = finalists.filter((one) => rounds.has(one));
    for (const one of index % 2 === 0 ? turns : turns.reverse()) {
      const taken = await arena.round(one);
      if (isRefused(taken)) out(one, taken);
      else rounds.get(one)?.push({ index, samplesNs: [...taken.samplesNs], hostSamplesNs: [...taken.hostSamplesNs] });
    }
  }
  for (const one of finalists) {
    if (!rounds.has(one)) continue;
    const refusal = await arena.recheck(one);
    if (refusal) out(one, refusal);
  }
  return { rounds, refused };
}

/**
 * Ratio of rates, challenger over default, paired by round on the device's clock: both are ours, so it is the same.
 * These rounds chose nobody, so that the luck that made a challenger win the search does not count for it.
 */
export function standingOf(challenger: readonly PairedRound[], reference: readonly PairedRound[]): Ratio | null {
  return compareRounds(challenger, reference, { clock: 'own' });
}

/** A challenger replaces the default only when its whole interval lies above equality. */
export const beatsDefault = (ratio: Ratio | null): boolean => ratio !== null && ratio.low > 1;
