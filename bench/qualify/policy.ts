import { z } from 'zod';
import { computePolicy, DEFAULT_COMPUTE_POLICY, DEFAULT_SIGNATURE_POLICY, signaturePolicy } from './compute-policy.js';

/**
 * What a card must reach. Every check has a section of its own; a policy file gives those values that differ. It is
 * part of the result, so that whoever reads a verdict sees what it was held against.
 */
export const policySchema = z.strictObject({
  schema: z.literal('assay.policy/1'),
  name: z.string().min(1),
  compute: computePolicy,
  signature: signaturePolicy,
});
export type Policy = z.infer<typeof policySchema>;

export const DEFAULT_POLICY: Policy = {
  schema: 'assay.policy/1',
  name: 'default',
  compute: DEFAULT_COMPUTE_POLICY,
  signature: DEFAULT_SIGNATURE_POLICY,
};
