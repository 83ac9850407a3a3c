import { z } from 'zod';

/** What the compute and the signature check ask; see docs/compute-test.md. */
export const computePolicy = z.strictObject({
  /** Submissions of each kernel, at least, or too little was looked at. Any wrong word fails. */
  leastBursts: z.number().int().min(1).max(100_000),
  /** A chance so small that errors came only late is called heat. */
  hotLevel: z.number().min(1e-6).max(0.1),
});
export const signaturePolicy = z.strictObject({
  /** What a restriction of a card made for mining means. */
  restricted: z.enum(['warn', 'fail']),
  rounds: z.number().int().min(3).max(100),
});

export const DEFAULT_COMPUTE_POLICY: z.infer<typeof computePolicy> = { leastBursts: 4, hotLevel: 0.01 };
export const DEFAULT_SIGNATURE_POLICY: z.infer<typeof signaturePolicy> = { restricted: 'warn', rounds: 5 };
