import { z } from 'zod';

/** What this program's kernel reaches of the reference figure on a sound card. */
const kernel = z.strictObject({
  reach: z.number().min(0.05).max(1.2),
  /** Far below it the card fails; false where `reach` rests on too few cards, so that it can only warn. */
  mayFail: z.boolean(),
});

/** What the performance check asks; see docs/load-test.md. */
export const performancePolicy = z.strictObject({
  /** Of what the kernel reaches on a sound card. */
  warnBelow: z.number().min(0).max(1),
  failBelow: z.number().min(0).max(1),
  /** A rate so far above the reference speaks against the reference. */
  suspectAbove: z.number().min(1).max(10),
  rounds: z.number().int().min(1).max(50),
  kernels: z.strictObject({
    ...{ copy: kernel, fmaF32: kernel, sha256dScan: kernel, matmulF32: kernel, matmulF16: kernel, ethash: kernel },
  }),
});
export type PerformancePolicy = z.infer<typeof performancePolicy>;

export const DEFAULT_PERFORMANCE_POLICY: PerformancePolicy = {
  ...{ warnBelow: 0.9, failBelow: 0.7, suspectAbove: 1.3, rounds: 5 },
  kernels: {
    // The two that are ceilings by construction; the others do more than their reference counts, or less.
    copy: { reach: 0.85, mayFail: true },
    fmaF32: { reach: 0.9, mayFail: true },
    sha256dScan: { reach: 0.6, mayFail: false },
    matmulF32: { reach: 0.5, mayFail: false },
    matmulF16: { reach: 0.4, mayFail: false },
    ethash: { reach: 0.7, mayFail: false },
  },
};
