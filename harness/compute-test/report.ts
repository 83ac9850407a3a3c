import { z } from 'zod';
import { COMPUTE_FAULTS } from '../faults/compute-faults.js';

const count = z.number().int().nonnegative();

/** A wrong word: which kernel's, where, and when. */
export const computeError = z.object({
  job: z.string(),
  /** Milliseconds from the begin of the test to the end of the burst that it was found in. */
  atMs: z.number().nonnegative(),
  /** Of the word in the output. */
  index: count,
  expected: count,
  got: count,
  nan: z.boolean(),
});
export type ComputeError = z.infer<typeof computeError>;

/** A submission of executions of one kernel, each compared word by word. */
export const computeBurst = z.object({
  job: z.string(),
  atMs: z.number().nonnegative(),
  executions: count,
  wrong: count,
  nans: count,
});
export type ComputeBurst = z.infer<typeof computeBurst>;

export const computeJob = z.object({
  id: z.string(),
  about: z.string(),
  /** Why this card cannot be asked; null when it is. */
  skipped: z.string().nullable(),
  executions: count,
  /** Words compared, as the comparison itself counted. */
  words: count,
  operations: z.number().nonnegative(),
  wrong: count,
  nans: count,
});

export const computeReport = z.object({
  elapsedMs: z.number().nonnegative(),
  jobs: z.array(computeJob),
  rehearsal: z.object({ fault: z.enum(COMPUTE_FAULTS), detail: z.string() }).nullable(),
});
export type ComputeReport = z.infer<typeof computeReport>;

export const computeBeginParams = z.object({
  seed: z.number().int().min(0).max(0xffffffff),
  /** `small`: sizes for a software adapter; `full` loads a card. */
  size: z.enum(['small', 'full']),
  /** How long the test is meant to take; places the faults that come with warmth. */
  budgetMs: z.number().positive(),
  fault: z.enum(COMPUTE_FAULTS).exactOptional(),
});
export type ComputeTestOptions = z.infer<typeof computeBeginParams>;

export const computeStepParams = z.object({ ms: z.number().positive().max(1000) });
export const computeState = z.object({
  report: computeReport,
  /** Since the last answer. */
  bursts: z.array(computeBurst),
  errors: z.array(computeError),
});
export type ComputeState = z.infer<typeof computeState>;
