import { z } from 'zod';
import { ERROR_CLASSES } from './classify.js';
import { LEVELS, PASS_NAMES } from './passes.js';

/** What a memory test has found so far; true at any moment of it. Zod-checked, since it travels between processes. */

const count = z.number().int().nonnegative();
const bitCounts = z.array(count).length(32);

export const memoryError = z.object({
  pass: z.enum(PASS_NAMES),
  loop: count,
  chunk: count,
  /** Index of the 32-bit word inside the chunk. */
  word: count,
  expected: count,
  first: count,
  second: count,
  afterRewrite: count,
  held: z.boolean(),
  origin: z.object({ chunks: z.number().int(), xor: count, otherTime: z.boolean() }).nullable(),
  class: z.enum(ERROR_CLASSES),
});

const passFigures = z.object({
  name: z.enum(PASS_NAMES),
  /** Times that it was finished; 0: it was not, and nothing may be concluded from it. */
  finished: count,
  /** Read and compared. */
  comparedBytes: z.number(),
  /** Read and written. */
  movedBytes: z.number(),
  /** On the device's clock where it has one, of the sweeps alone. */
  seconds: z.number(),
  gbPerS: z.number().nullable(),
  errors: count,
});
export type PassFigures = z.infer<typeof passFigures>;

export const memoryReport = z.object({
  seed: count,
  level: z.enum(LEVELS),
  /** Set when a fault was injected. */
  rehearsal: z.object({ fault: z.string(), detail: z.string() }).nullable(),
  /** `device`: all that it lets allocate, but a reserve. `limit`: less, because the caller wanted no more. */
  endedBy: z.enum(['device', 'limit']),
  /** All chunks; every one of them is written and read in every pass. */
  coveredBytes: z.number(),
  reserveBytes: z.number(),
  /** Finished loops over all passes. */
  loops: count,
  passes: z.array(passFigures),
  movedBytes: z.number(),
  comparedBytes: z.number(),
  deviceSeconds: z.number(),
  wallSeconds: z.number(),
  /** movedBytes over deviceSeconds. */
  gbPerS: z.number().nullable(),
  /** Wrong words, every time that one was read. */
  errors: count,
  /** Of them: recorded one by one and classified. */
  recorded: count,
  classes: z.record(z.enum(ERROR_CLASSES), count),
  /** The class that names the fault, null without errors. */
  finding: z.enum(ERROR_CLASSES).nullable(),
  /** Of errors that are no address errors: wrong bits by their number, least significant first. */
  bits: z.object({ zeroToOne: bitCounts, oneToZero: bitCounts }),
  /** Address errors by displacement, most frequent first; see `Origin`. */
  displacements: z.array(z.object({ chunks: z.number().int(), xor: count, errors: count })),
  /** Wrong words by block; blocks without are left out. */
  heat: z.object({
    blockBytes: z.number(),
    blocks: z.array(z.object({ chunk: count, block: count, errors: count })),
  }),
  chunks: z.array(
    z.object({
      chunk: count,
      bytes: z.number(),
      gbPerS: z.number().nullable(),
      ratio: z.number().nullable(),
      suspect: z.boolean(),
    }),
  ),
  /** At 95 %, in wrong words per terabyte read and compared; null before anything was. */
  upperBoundPerTb: z.number().nullable(),
  /** Most that the process had in memory. A software adapter's chunks are part of it. */
  peakRssBytes: z.number(),
  /** All that was asked for is done. */
  done: z.boolean(),
});
export type MemoryReport = z.infer<typeof memoryReport>;
