import { z } from 'zod';
import {
  DEFAULT_HEALTH,
  DEFAULT_IDENTITY,
  DEFAULT_LINK,
  healthPolicy,
  identityPolicy,
  linkPolicy,
} from '../../reports/card-status/policy.js';
import { grades } from '../../reports/verdict.js';

import { DEFAULT_LOAD_POLICY, loadPolicy } from './load-policy.js';
import { CHECK_IDS, type CheckId } from './names.js';
import { DEFAULT_PERFORMANCE_POLICY, performancePolicy } from './performance-policy.js';

const checkIds = z.array(z.enum(CHECK_IDS));
const GIB = 2 ** 30;

/** `load.worstOverBest`: a check and one of its figures. */
const figureName = z
  .string()
  .regex(new RegExp(`^(${CHECK_IDS.join('|')})\\.\\w+$`), 'must be a check and its figure, e.g. memory.coveredShare');

import { computePolicy, DEFAULT_COMPUTE_POLICY, DEFAULT_SIGNATURE_POLICY, signaturePolicy } from './compute-policy.js';

/**
 * What a card must reach. Every check has a section of its own; a policy file gives those values that differ. It is
 * part of the result, so that whoever reads a verdict sees what it was held against.
 */
export const policySchema = z.strictObject({
  schema: z.literal('assay.policy/1'),
  name: z.string().min(1),
  identity: identityPolicy,
  link: linkPolicy,
  health: healthPolicy,
  load: loadPolicy,
  performance: performancePolicy,
  compute: computePolicy,
  signature: signaturePolicy,
  verdict: z.strictObject({
    /** Without an answer to these there is no PASS. `rehearsal`: on a software adapter, at any level. */
    needed: z.strictObject({ quick: checkIds, standard: checkIds, thorough: checkIds, rehearsal: checkIds }),
    /** These a card or a machine may be unable to answer; but where one was begun it must come to an end. */
    mayBeSkipped: checkIds,
    /** The first row that a card fits is its grade; one that passes and fits none has D. */
    grades: z.array(
      z.strictObject({
        grade: z.enum(grades),
        mostWarnings: z.number().int().min(0).max(100),
        /** Least figures. One that was not measured is not reached. */
        atLeast: z.record(figureName, z.number()),
      }),
    ),
  }),
  memory: z.strictObject({
    /** Of the card's memory, which must be tested. */
    leastCoverage: z.number().min(0.5).max(1),
    /** What a rehearsal on a software adapter takes of the host's. */
    rehearsalMiB: z.number().int().min(4).max(4096),
  }),
  telemetry: z.strictObject({
    /** So many readings that are all alike are not to be trusted. */
    constantSamples: z.number().int().min(3).max(3600),
    /** Share of readings that may be lost before it is a warning. */
    mostLost: z.number().min(0).max(1),
  }),
  suitability: z.strictObject({
    /** Tokens whose keys and values must fit beside a model's weights. */
    contextTokens: z.number().int().min(1).max(1_048_576),
    /** What marketplaces ask for: more than so much. */
    marketplaceBytes: z
      .number()
      .min(0)
      .max(1024 * GIB),
  }),
});
export type Policy = z.infer<typeof policySchema>;

const NEEDED: CheckId[] = ['identity', 'memory', 'compute', 'signature', 'load'];

export const DEFAULT_POLICY: Policy = {
  schema: 'assay.policy/1',
  name: 'default',
  identity: DEFAULT_IDENTITY,
  link: DEFAULT_LINK,
  health: DEFAULT_HEALTH,
  load: DEFAULT_LOAD_POLICY,
  performance: DEFAULT_PERFORMANCE_POLICY,
  verdict: {
    needed: { quick: NEEDED, standard: NEEDED, thorough: [...NEEDED, 'link'], rehearsal: ['memory', 'compute'] },
    mayBeSkipped: ['link', 'health', 'telemetry'],
    grades: [
      { grade: 'A', mostWarnings: 0, atLeast: { 'memory.coveredShare': 0.95, 'performance.fraction': 0.95 } },
      { grade: 'B', mostWarnings: 1, atLeast: { 'memory.coveredShare': 0.9, 'performance.fraction': 0.85 } },
      { grade: 'C', mostWarnings: 3, atLeast: { 'memory.coveredShare': 0.9 } },
    ],
  },
  memory: { leastCoverage: 0.9, rehearsalMiB: 256 },
  telemetry: { constantSamples: 30, mostLost: 0.05 },
  suitability: { contextTokens: 4096, marketplaceBytes: 7 * GIB },
  compute: DEFAULT_COMPUTE_POLICY,
  signature: DEFAULT_SIGNATURE_POLICY,
};
