/** Where and when words were wrong, in one kernel's outputs. */
export interface WrongWord {
  readonly job: string;
  readonly index: number;
  readonly nan: boolean;
}
/** In time order. */
export interface Burst {
  readonly atMs: number;
  readonly wrong: number;
  readonly nans: number;
}

/**
 * `nan`: nothing but NaN. `lane`: the same lane of workgroups each time. `hot`: only late, beyond chance.
 * `now-and-then`: none of these.
 */
export type ComputeFinding = 'nan' | 'lane' | 'hot' | 'now-and-then';

/** The least workgroup that is looked for, and how many wrong words of one kernel say something. */
const LEAST_PERIOD = 32;
const LEAST_WORDS = 3;

/**
 * Names what wrong words have in common.
 * @param level of chance below which errors that came only late are called hot
 * @returns null where nothing was wrong
 */
export function classifyComputeErrors(
  bursts: readonly Burst[],
  words: readonly WrongWord[],
  level: number,
): ComputeFinding | null {
  const wrong = bursts.reduce((sum, burst) => sum + burst.wrong, 0);
  if (wrong === 0) return null;
  if (wrong === bursts.reduce((sum, burst) => sum + burst.nans, 0)) return 'nan';
  if (chanceOfLateness(bursts) < level) return 'hot';
  return sameLane(words) ? 'lane' : 'now-and-then';
}

/**
 * The chance that as many bursts with errors, in any order, all come as late as these do: hypergeometric,
 * C(all − before, wrong) / C(all, wrong). One where the first burst has an error.
 */
export function chanceOfLateness(bursts: readonly Burst[]): number {
  const before = bursts.findIndex(({ wrong }) => wrong > 0);
  if (before < 0) return 1;
  const count = bursts.filter(({ wrong }) => wrong > 0).length;
  let chance = 1;
  for (let i = 0; i < count; i++) chance *= (bursts.length - before - i) / (bursts.length - i);
  return chance;
}

/** Different words of the same kernel that all lie a multiple of a workgroup apart. */
function sameLane(words: readonly WrongWord[]): boolean {
  const byJob = new Map<string, Set<number>>();
  for (const { job, index } of words) byJob.set(job, (byJob.get(job) ?? new Set()).add(index));
  const jobs = [...byJob.values()].map((set) => [...set]).filter(({ length }) => length >= LEAST_WORDS);
  return (
    jobs.length > 0 &&
    jobs.every(([first, ...rest]) => rest.every((at) => (at - (first as number)) % LEAST_PERIOD === 0))
  );
}
