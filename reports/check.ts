import { z } from 'zod';
import { calibration, clockKind, device, family, host, mode, rate, reason, reasonCode, tool } from './schema.js';
import { StoreError, writeWhole } from './store.js';

/**
 * What `assay check` writes, `assay.check/1`: the working tree's kernels against those of another revision, on one
 * device, or against what a stored result says of them. Strict: unknown fields are refused. Ratios are of rates, now over before: above 1 today's is faster.
 */
export const CHECK_SCHEMA_ID = 'assay.check/1';

/**
 * `faster`, `slower`, `same`, `ambiguous`: both sides are right and were timed. `incorrect`: today's kernel is wrong
 * or fails. `fixed`: the other revision's was, and today's is right. `new`, `gone`: only one side has the variant, or
 * can run it here. `changed`: the two do not declare the same work. `skipped`: neither runs here.
 */
export const checkVerdict = z.enum([
  'faster',
  'slower',
  'same',
  'ambiguous',
  'incorrect',
  'fixed',
  'new',
  'gone',
  'changed',
  'skipped',
]);

const count = z.number().int().nonnegative();
const nanoseconds = z.array(z.number().nonnegative());

/** One side of a comparison. */
const side = z.strictObject({
  /** `not-tried`: there was no time, or the side has no such variant. */
  status: z.enum(['correct', 'incorrect', 'failed', 'skipped', 'not-tried']),
  reasons: z.array(reason),
  tuning: z.record(z.string(), z.number()),
  /** Largest error in the oracle's measure; null when exact answers were not reached. */
  maxError: z.number().nonnegative().nullable(),
  compileMs: z.number().nonnegative().nullable(),
  /** Null unless it is correct and was timed. */
  rate: rate.nullable(),
  /** Nanoseconds of one execution; rounds of one index were neighbours in time. */
  rounds: z.array(
    z.strictObject({
      index: count,
      samplesNs: nanoseconds,
      hostSamplesNs: nanoseconds,
      excluded: reasonCode.optional(),
    }),
  ),
});

export const comparison = z.strictObject({
  workload: z.string(),
  family,
  variant: z.string(),
  verdict: checkVerdict,
  /** Both sides make the device do the very same, so nothing was timed. */
  identical: z.boolean(),
  /** Geometric mean over rounds with its own 95 % interval; null unless both sides were timed twice. */
  ratio: z.strictObject({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  /** Of the ratio; null without one. */
  clock: clockKind.nullable(),
  /** Rounds that the verdict rests on. */
  rounds: count,
  /** The processes in which they were taken: of each the rounds, and the geometric mean of their ratios. */
  processes: z.array(z.strictObject({ rounds: count, ratio: z.number() })),
  /**
   * Why the rounds ended: see `nextRounds`. `not-confirmed`: one process showed a change and a fresh one did not.
   * `no-time-to-confirm`: there was none for a fresh one. Null where none were compared.
   */
  ended: z
    .enum(['decided', 'rounds-used-up', 'budget-used-up', 'undecided', 'not-confirmed', 'no-time-to-confirm'])
    .nullable(),
  before: side,
  now: side,
  /** What the two revisions declare differently. */
  changes: z.array(z.strictObject({ what: z.string(), detail: z.string() })),
});

export const check = z.strictObject({
  schema: z.literal(CHECK_SCHEMA_ID),
  id: z.string(),
  tool,
  startedAt: z.iso.datetime(),
  /** Null while it runs, and for ever where it was killed. */
  finishedAt: z.iso.datetime().nullable(),
  host,
  device,
  calibration,
  against: z.strictObject({
    /** A branch, tag or commit; or a result file. */
    ref: z.string(),
    /** Of a revision. */
    commit: z.string().nullable(),
    tree: z.string().nullable(),
    /** Of a result file: measured at another time, which is weaker evidence. */
    result: z.strictObject({ id: z.string(), startedAt: z.iso.datetime() }).nullable(),
  }),
  now: z.strictObject({
    commit: z.string().nullable(),
    /** Files under kernels/ that are not committed as they are. */
    uncommitted: z.array(z.string()),
    /** The two trees are the same: an A/A check. */
    identical: z.boolean(),
  }),
  settings: z.strictObject({
    suite: z.string(),
    workloads: z.array(z.string()),
    families: z.array(family).nullable(),
    variants: z.union([z.enum(['all', 'shortlist']), z.array(z.string())]),
    seed: count,
    mode,
    /** A change smaller than this fraction does not matter. */
    minEffect: z.number().nonnegative(),
    /** Of all verdicts `faster` and `slower` together. */
    confidence: z.number(),
    looks: z.array(count),
    /** 1: a change is confirmed in a second process. More: the mean of each process is one value of the verdict. */
    processes: count,
    /** Null against a result file. */
    budgetSeconds: z.number().positive().nullable(),
    ambiguous: z.enum(['pass', 'fail']),
  }),
  /** Kernels and declared workloads of the other revision that are no longer there. */
  vanished: z.array(z.string()),
  comparisons: z.array(comparison),
  /** What to hold against all of it: only where the other side is from another time. */
  warnings: z.array(z.string()),
  /** Why it ended before its end; null when it did not. */
  stopped: reason.nullable(),
  exitCode: count,
});

export type CheckVerdict = z.infer<typeof checkVerdict>;
export type CheckSide = z.infer<typeof side>;
export type CheckComparison = z.infer<typeof comparison>;
export type Check = z.infer<typeof check>;

/** @throws {StoreError} when it breaks the schema (a fault of this program) or cannot be written */
export function writeCheck(path: string, value: Check): void {
  const parsed = check.safeParse(value);
  if (!parsed.success)
    throw new StoreError(`${path} was not written, for it would break the schema: ${z.prettifyError(parsed.error)}`);
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The JSON Schema of `assay.check/1`. */
export const checkJsonSchema = (): object => ({ title: CHECK_SCHEMA_ID, ...z.toJSONSchema(check) });
