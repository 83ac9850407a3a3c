import { alphaOf, logBound } from './finite.js';
import { type Decision, decide, testOf, type VerdictOptions, type Workload } from './verdicts.js';

export interface StoppingOptions extends VerdictOptions {
  /** Rounds after which to look, ascending; the last is the most that are ever run. Default 10, 20, 40. */
  readonly looks?: readonly number[];
  /** Further rounds that the budget pays for; 0 makes this the last look. Default: all of them. */
  readonly roundsLeft?: number;
}

export interface Step {
  readonly name: string;
  readonly next: 'go on' | 'stop';
  /**
   * `decided`: faster, slower or the same. `rounds-used-up`: still ambiguous at the last look. `budget-used-up`:
   * still ambiguous and no round left. `undecided`: more rounds may tell.
   */
  readonly reason: 'decided' | 'rounds-used-up' | 'budget-used-up' | 'undecided';
  /** Valid with all looks counted in; `judgeWorkloads` on the same rounds is not. `ambiguous` while undecided. */
  readonly verdict: Decision['verdict'];
  /** Rounds that the verdict rests on; later ones are not read. */
  readonly rounds: number;
  /** Rounds to have before asking again; null after a stop. */
  readonly until: number | null;
}

const LOOKS = [10, 20, 40] as const;

/**
 * The part of α that each look may spend: the increments of α·ln(1 + (e − 1)·t) with t the share of rounds done,
 * the spending function that resembles Pocock's bounds. The sum is α. Source: K. K. G. Lan and D. L. DeMets,
 * "Discrete Sequential Boundaries for Clinical Trials", Biometrika 70 (1983).
 *
 * @throws {RangeError} unless looks are whole numbers from 2 on, ascending, at least one
 */
export function lookLevels(looks: readonly number[], alpha: number): number[] {
  if (looks.length === 0) throw new RangeError('a stopping rule needs at least one look');
  for (const [i, look] of looks.entries())
    if (!(Number.isInteger(look) && look >= 2 && look > (looks[i - 1] ?? 0)))
      throw new RangeError(`looks must be whole numbers from 2 on, ascending; got ${looks.join(', ')}`);
  const most = looks.at(-1) as number;
  const spent = (look: number) => (look === 0 ? 0 : alpha * Math.log(1 + ((Math.E - 1) * look) / most));
  return looks.map((look, i) => spent(look) - spent(looks[i - 1] ?? 0));
}

/**
 * Which workloads need more rounds. Looks happen only at fixed counts of rounds, and each tests at its own part
 * of α (`lookLevels`), so that by Boole's inequality all of them together raise a false `faster` or `slower` on
 * any workload with probability at most α, however looks and workloads depend on each other. At a look Holm runs
 * over the undecided ones with all others counted as p = 1; who is decided stays so. When the budget ends early
 * that look gets all of α that earlier ones left.
 *
 * Without state: it is given all log ratios so far and goes through the looks again. So ask with the same
 * options throughout, and name a `roundsLeft` of 0 once only, at the end. More rounds than asked for do no harm:
 * only those up to the look are read.
 *
 * @throws {RangeError} on a log ratio that is not finite, with the workload's name, and on options out of range
 */
export function nextRounds(
  workloads: readonly Workload[],
  { looks = LOOKS, roundsLeft = Number.POSITIVE_INFINITY, minEffect = 0.01, confidence = 0.95 }: StoppingOptions = {},
): Step[] {
  if (!(roundsLeft >= 0)) throw new RangeError(`roundsLeft must be at least 0, got ${roundsLeft}`);
  logBound(minEffect);
  const alpha = alphaOf(confidence);
  const levels = lookLevels(looks, alpha);
  const most = looks.at(-1) as number;
  const decided = new Map<Workload, { verdict: Decision['verdict']; rounds: number }>();

  const look = (rounds: (workload: Workload) => number, level: number) => {
    const asked = workloads.filter((one) => !decided.has(one) && one.logRatios.length >= rounds(one));
    const tests = asked.map((one) => testOf({ ...one, logRatios: one.logRatios.slice(0, rounds(one)) }, minEffect));
    for (const [i, { verdict }] of decide(tests, level, workloads.length).entries()) {
      const one = asked[i] as Workload;
      if (verdict !== 'ambiguous') decided.set(one, { verdict, rounds: rounds(one) });
    }
  };

  const have = (one: Workload) => Math.min(one.logRatios.length, most);
  const furthest = Math.max(0, ...workloads.map(have));
  const last = roundsLeft === 0 ? furthest : Number.POSITIVE_INFINITY;
  let left = alpha;
  for (const [i, level] of levels.entries()) {
    const at = looks[i] as number;
    if (at >= last) break;
    look(() => at, level);
    left -= level;
  }
  if (roundsLeft === 0) look(have, left);

  return workloads.map((one): Step => {
    const { name } = one;
    const rounds = have(one);
    const end = decided.get(one);
    if (end) return { name, next: 'stop', reason: 'decided', ...end, until: null };
    const over = rounds >= most ? 'rounds-used-up' : roundsLeft === 0 ? 'budget-used-up' : null;
    if (over) return { name, next: 'stop', reason: over, verdict: 'ambiguous', rounds, until: null };
    const nextLook = looks.find((at) => at > rounds) as number;
    const until = Math.min(nextLook, rounds + roundsLeft);
    return { name, next: 'go on', reason: 'undecided', verdict: 'ambiguous', rounds, until };
  });
}
