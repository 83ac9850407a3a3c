import type { Origin } from './origin.js';
import type { PassName } from './passes.js';

/**
 * What is wrong with a word, in the order in which it is asked:
 *
 * - `address`: the value belongs to another place, or to this one at another time (see `originsOf`). The cells may be
 *   sound; the address was not.
 * - `transfer`: the second read is right. Memory held the right value all the time, the way from it was disturbed.
 * - `stuck`: wrong again after the expected value was written once more.
 * - `retention`: first read after a pause, right when read before it, right after being rewritten.
 * - `stored`: wrong until rewritten. The write, or something after it, left a wrong value.
 */
export const ERROR_CLASSES = ['transfer', 'stored', 'stuck', 'address', 'retention'] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

export interface MemoryError {
  readonly pass: PassName;
  readonly loop: number;
  readonly chunk: number;
  /** Index of the 32-bit word inside the chunk. */
  readonly word: number;
  readonly expected: number;
  readonly first: number;
  readonly second: number;
  /** After the expected value was written again. */
  readonly afterRewrite: number;
  /** Read after memory had been left alone. */
  readonly held: boolean;
  readonly origin: Origin | null;
  readonly class: ErrorClass;
}

/** @param error with `held` only where the word was right before the pause */
export function classOf({ expected, second, afterRewrite, held, origin }: Omit<MemoryError, 'class'>): ErrorClass {
  if (origin) return 'address';
  if (second === expected) return 'transfer';
  if (afterRewrite !== expected) return 'stuck';
  return held ? 'retention' : 'stored';
}

/** Of classes that are equally frequent the graver one is named. */
const GRAVITY: readonly ErrorClass[] = ['address', 'stuck', 'stored', 'retention', 'transfer'];
/** Retention is a finding of its own only where chance explains so many errors after pauses less often than this. */
const CHANCE = 0.01;

/** Errors by class. */
export const countClasses = (errors: readonly Pick<MemoryError, 'class'>[]): Record<ErrorClass, number> =>
  Object.fromEntries(ERROR_CLASSES.map((name) => [name, errors.filter((e) => e.class === name).length])) as Record<
    ErrorClass,
    number
  >;

/**
 * The class that names the fault: the most frequent one. Words that go wrong at any time do so in pauses too; where
 * errors after pauses are no more frequent than their share of all reading explains (one-sided binomial test), they are
 * counted as `stored`.
 * @param heldShare of all words compared, the part that was compared after a pause
 */
export function findingOf(counts: Readonly<Record<ErrorClass, number>>, heldShare: number): ErrorClass | null {
  const both = counts.retention + counts.stored;
  const merged =
    counts.stored > 0 && counts.retention > 0 && binomialTail(both, heldShare, counts.retention) > CHANCE
      ? { ...counts, stored: both, retention: 0 }
      : counts;
  const most = Math.max(...Object.values(merged));
  return most === 0 ? null : (GRAVITY.find((name) => merged[name] === most) ?? null);
}

/** P(X ≥ k) of a binomial distribution of n trials with probability p. */
export function binomialTail(n: number, p: number, k: number): number {
  if (k <= 0) return 1;
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let tail = 0;
  // Terms by logarithms: n may be thousands.
  let log = n * Math.log1p(-p);
  for (let i = 0; i <= n; i++) {
    if (i >= k) tail += Math.exp(log);
    log += Math.log((n - i) / (i + 1)) + Math.log(p / (1 - p));
  }
  return Math.min(1, tail);
}
