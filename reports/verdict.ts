import { z } from 'zod';

/** What a qualification says of a card in the end. Pure words and numbers: how they come about is for `bench/qualify/`. */
export const overalls = ['PASS', 'FAIL', 'INCONCLUSIVE'] as const;
export type Overall = (typeof overalls)[number];
export const grades = ['A', 'B', 'C', 'D'] as const;
export type Grade = (typeof grades)[number];
export const qualifyLevels = ['quick', 'standard', 'thorough'] as const;

/** The verdict, built with the strict or the tolerant builder of `schema.ts`. */
export function defineVerdict(object: typeof z.object) {
  const amount = z.number().nonnegative().nullable();
  const words = { words: z.string(), missing: z.array(z.string()) };
  return object({
    overall: z.enum(overalls),
    /** Null unless it passed. */
    grade: z.enum(grades).nullable(),
    /** Why it is so, a sentence each. */
    because: z.array(z.string()),
    mining: object({
      /** In words, for people. */
      ...words,
      /** Of memory that may be relied on; null where that is not known. */
      usableBytes: amount,
      algorithms: z.array(
        object({
          name: z.string(),
          /** Of the card's memory. */
          needsBytes: z.number().nonnegative(),
          /** Null: not known. */
          fits: z.boolean().nullable(),
          /** Hashes per second; null where they were not measured. */
          hashesPerSecond: amount,
        }),
      ),
    }),
    ai: object({
      ...words,
      usableBytes: amount,
      models: z.array(
        object({
          name: z.string(),
          weights: z.enum(['q4', 'f16']),
          /** Weights, and keys and values of `contextTokens`. */
          needsBytes: z.number().nonnegative(),
          fits: z.boolean().nullable(),
          tokensPerSecond: amount,
        }),
      ),
      contextTokens: z.number().int().positive(),
      /** What marketplaces ask for; null where it was not measured. */
      marketplace: object({ memory: z.boolean().nullable(), link: z.boolean().nullable() }),
    }),
    /** All of it: what the card was held against. */
    policy: z.looseObject({ schema: z.literal('assay.policy/1'), name: z.string() }),
    level: z.enum(qualifyLevels),
    /** On a software adapter, or with a fault put in: says nothing about any card. */
    rehearsal: z.boolean(),
    fault: z.string().nullable(),
    /** What the buyer asked to find in it. */
    challenge: z.string().nullable(),
  });
}
export type Verdict = z.infer<ReturnType<typeof defineVerdict>>;
