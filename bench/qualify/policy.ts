import { z } from 'zod';
import {
  DEFAULT_HEALTH,
  DEFAULT_IDENTITY,
  DEFAULT_LINK,
  healthPolicy,
  identityPolicy,
  linkPolicy,
} from '../../reports/card-status/policy.js';
import { DEFAULT_LOAD_POLICY, loadPolicy } from './load-policy.js';
import { DEFAULT_PERFORMANCE_POLICY, performancePolicy } from './performance-policy.js';

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
});
export type Policy = z.infer<typeof policySchema>;

export const DEFAULT_POLICY: Policy = {
  schema: 'assay.policy/1',
  name: 'default',
  identity: DEFAULT_IDENTITY,
  link: DEFAULT_LINK,
  health: DEFAULT_HEALTH,
  load: DEFAULT_LOAD_POLICY,
  performance: DEFAULT_PERFORMANCE_POLICY,
};
