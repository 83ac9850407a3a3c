import { z } from 'zod';
import { FAULT_NAMES, type FaultName } from '../../harness/faults/names.js';
import { policySchema } from './policy.js';
import { CHECK_IDS, LEVELS } from './step.js';

/** Everything about a qualification that the user decides; in the journal's first line under `qualify`. */
export const qualifySettings = z.strictObject({
  level: z.enum(LEVELS),
  /** Null: all. */
  checks: z.array(z.enum(CHECK_IDS)).nullable(),
  seed: z.number().int().nonnegative(),
  policy: policySchema,
  fault: z.enum(FAULT_NAMES as [FaultName, ...FaultName[]]).nullable(),
  challenge: z.string().nullable(),
  device: z.string().nullable(),
  software: z.boolean().nullable(),
  /** Of all times. 1 but in tests. */
  timeScale: z.number().positive(),
});
export type QualifySettings = z.infer<typeof qualifySettings>;
