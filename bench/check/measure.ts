import { nextRounds, type Step } from '../../reports/statistics/index.js';
import { ThrottleWatch } from '../run/throttle.js';
import { type CheckArena, sit } from './sitting.js';
import { logRatiosOf, type Standing, throttledOf } from './standing.js';

/**
 * Rounds of one sitting: either side goes first once. A look after ten rests on five of them, spread over the check,
 * so that what is peculiar to one (where its buffers lay, what else the machine did) is not taken for the kernel's.
 */
export const SITTING_ROUNDS = 2;
const LOOKS = [10, 20, 40] as const;

export interface CheckRules {
  readonly minEffect: number;
  /** Rounds after which to look; the last is the most. */
  readonly looks: readonly number[];
  /** On the arena's clock, by what is known so far. The first sitting is held in any case. */
  readonly deadline: () => number;
}

export interface Measuring {
  arenaOf(standing: Standing): CheckArena;
  now(): number;
  /** Called before every sitting; throws to stop. */
  began?(standing: Standing, share: number): void;
  /** Called after every sitting. */
  ended?(): void;
}

/** The usual looks up to `most`, and one there. */
export function looksUpTo(most: number): number[] {
  return [...LOOKS.filter((look) => look < most), most];
}

/**
 * Sittings over all pairs in turn until each is decided, the rounds are used up, or the time is. Rungs of a ladder are
 * tried biggest first: the first on which one of its pairs does more than be skipped is the one.
 * @param ladders per workload its rungs, each rung its pairs
 * @param standings where what is known is put as it comes, so that whoever is interrupted has it
 */
export async function measurePairs(
  ladders: readonly (readonly (readonly Standing[])[])[],
  standings: Standing[],
  rules: CheckRules,
  measuring: Measuring,
): Promise<void> {
  const { looks, deadline } = rules;
  const throttle = new ThrottleWatch();
  const take = async (standing: Standing, until: number, share: number) => {
    measuring.began?.(standing, share);
    const rounds = Math.min(SITTING_ROUNDS, until - logRatiosOf(standing).length);
    await sit(standing, measuring.arenaOf(standing), Math.max(1, rounds), throttle);
    measuring.ended?.();
  };
  const timeFor = (standing: Standing) => measuring.now() + standing.sittingMs <= deadline();

  for (const [i, rungs] of ladders.entries()) {
    for (const [r, rung] of rungs.entries()) {
      const last = r === rungs.length - 1;
      standings.push(...rung);
      for (const standing of rung)
        if (standings[0] === standing || measuring.now() < deadline())
          await take(standing, looks[0] as number, i / ladders.length / 2);
      if (last || !rung.every(mayBeSmaller)) break;
      standings.splice(standings.length - rung.length);
    }
  }

  const tired = new Set<Standing>();
  for (;;) {
    const going = stepsOf(standings, rules, false).filter(
      ([standing, { next }]) => next === 'go on' && standing.sittings > 0 && !tired.has(standing),
    );
    if (going.length === 0) return;
    let taken = 0;
    for (const [standing, { until }] of affordable(going, deadline() - measuring.now())) {
      if (!timeFor(standing)) continue;
      taken++;
      const had = logRatiosOf(standing).length + throttledOf(standing);
      await take(standing, until as number, 0.5 + progress(standings, looks) / 2);
      // A clock that tells nothing would be asked for ever.
      if (standing.apart === null && logRatiosOf(standing).length + throttledOf(standing) === had) tired.add(standing);
    }
    if (taken === 0) return;
  }
}

/**
 * Those that can be brought to where the next look is in the time that is left: a few with an answer are worth more than
 * many on the way to one. All when there is time for all, and never none.
 */
function affordable(going: readonly [Standing, Step][], ms: number): readonly [Standing, Step][] {
  let left = ms;
  const chosen = going.filter(([standing, { until }]) => {
    const rounds = (until as number) - logRatiosOf(standing).length;
    const needed = Math.ceil(rounds / SITTING_ROUNDS) * standing.sittingMs;
    if (needed > left) return false;
    left -= needed;
    return true;
  });
  return chosen.length > 0 ? chosen : going.slice(0, 1);
}

const mayBeSmaller = ({ apart, refused }: Standing) =>
  apart === 'skipped' && refused.now?.reasons[0]?.code !== 'missing-feature';

function progress(standings: readonly Standing[], looks: readonly number[]): number {
  const most = looks.at(-1) as number;
  const done = standings.map((one) => (one.apart === null ? Math.min(1, logRatiosOf(one).length / most) : 1));
  return done.reduce((sum, share) => sum + share, 0) / Math.max(1, standings.length);
}

/**
 * What the stopping rule says of the pairs that are compared; all of them are one family (Holm).
 * @param over whether no round is left
 */
export function stepsOf(
  standings: readonly Standing[],
  { minEffect, looks }: Pick<CheckRules, 'minEffect' | 'looks'>,
  over: boolean,
): [Standing, Step][] {
  const compared = standings.filter(({ apart }) => apart === null);
  const workloads = compared.map((one) => {
    const logRatios = logRatiosOf(one);
    // A budget that ended before the first look leaves too few sittings to say anything.
    const enough = !over || logRatios.length >= (looks[0] as number);
    return { name: `${one.pair.workload.id} ${one.pair.variant}`, logRatios: enough ? logRatios : [] };
  });
  const steps = nextRounds(workloads, { minEffect, looks, ...(over && { roundsLeft: 0 }) });
  return compared.map((standing, i) => [standing, steps[i] as Step]);
}
