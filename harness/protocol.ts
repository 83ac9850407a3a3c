import { z } from 'zod';
import { calibration, clockKind, correctness, device, mode, reason } from '../reports/schema.js';
import { type ComputeState, computeBeginParams, computeState, computeStepParams } from './compute-test/report.js';
import { LOAD_FAULTS } from './faults/load-faults.js';
import { MEMORY_FAULTS } from './faults/names.js';
import { LEVELS, PASS_NAMES } from './memory-test/passes.js';
import { memoryError, memoryReport } from './memory-test/report.js';

/**
 * The messages between the process that owns no GPU and the ones that do. A card's worker and every
 * baseline's child process are contestants: they answer the same methods, so that the run treats them
 * alike. Requests and answers are zod-checked on both sides; typed arrays travel by structured clone.
 */

const shape = z.record(z.string(), z.number());

export const openParams = z.object({
  /** Part of the adapter's name; null takes the first that fits. */
  deviceName: z.string().nullable(),
  /** True takes only a software adapter, false only hardware, null either. */
  software: z.boolean().nullable(),
  mode,
});
export type OpenParams = z.infer<typeof openParams>;

export const opened = z.object({
  /** The GPU that the contestant opened itself; null for a CPU baseline and where it does not tell. */
  device: device.nullable(),
  calibration: calibration.nullable(),
  /** The implementation's version and placement, e.g. `onnxruntime 1.30.0, cpu`. */
  provenance: z.string().nullable(),
});
export type Opened = z.infer<typeof opened>;

export const prepareParams = z.object({
  /** Chosen by the caller; names this preparation in `round`, `recheck` and `release`. */
  handle: z.number().int(),
  kernel: z.string(),
  shape,
  /** Full implementation id, e.g. `assay/tiled` or `onnxruntime/cpu`. */
  implementation: z.string(),
  tuning: z.record(z.string(), z.number()),
  /** The first two are verified before timing; input set i is made from seed i mod 2. */
  seeds: z.tuple([z.number().int(), z.number().int()]),
  /** Input sets are added until together they exceed this, so that repeats miss the cache. */
  rotationBytes: z.number().nonnegative(),
  /** Most sets. */
  maxInputSets: z.number().int().positive(),
  /** Predicted time of all the executions wanted above this is refused as `too-slow-for-adapter`. */
  budgetMs: z.number().positive(),
  /** A prediction from the pilot's shape, which fills a device badly, decides only beyond this many budgets. */
  pilotSlack: z.number().positive(),
  /** Executions that the run will want at least, for the prediction. */
  minExecutions: z.number().int().positive(),
  /** Warm-up lasts at least so many executions and so many milliseconds. */
  warmup: z.object({ executions: z.number().int(), ms: z.number() }),
});
export type PrepareParams = z.infer<typeof prepareParams>;

export const prepared = z.object({
  /** `ready`: verified and warmed up. Otherwise nothing is held under the handle. */
  status: z.enum(['ready', 'skipped', 'failed']),
  reasons: z.array(reason),
  correctness,
  clock: clockKind,
  tuning: z.record(z.string(), z.number()),
  batch: z.number().int().nonnegative(),
  inputSets: z.number().int().nonnegative(),
  compileMs: z.number().nullable(),
  deviceBytes: z.number().nullable(),
  /** Predicted nanoseconds of one sample; null when not ready. */
  sampleNs: z.number().nullable(),
  provenance: z.string().nullable(),
});
export type Prepared = z.infer<typeof prepared>;

/** When the card's sentinel is timed too; a process that owns no card has none. */
export const sentinelTimes = z.enum(['none', 'before', 'after', 'both']);
export type SentinelTimes = z.infer<typeof sentinelTimes>;

export const roundParams = z.object({
  handle: z.number().int(),
  samples: z.number().int().positive(),
  sentinel: sentinelTimes.optional(),
});
export const rounded = z.object({
  /** Nanoseconds per execution, in time order; equal to `hostSamplesNs` when the clock is the host's. */
  samplesNs: z.array(z.number()),
  hostSamplesNs: z.array(z.number()),
  /** Samples dropped because the device's stamps ran backwards or read zero. */
  discarded: z.number().int(),
  /** Nanoseconds of the sentinel; null where it was not asked for, or there is none. */
  sentinelNs: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
  /** What is wrong with the output that the round's last execution left; empty when it is right. */
  reasons: z.array(reason),
});
export type Rounded = z.infer<typeof rounded>;

export const handleParams = z.object({ handle: z.number().int() });

/** Judges the output that the last timed execution left behind, guard words and inputs included. */
export const rechecked = z.object({ correctness, reasons: z.array(reason) });
export type Rechecked = z.infer<typeof rechecked>;

export const computeParams = z.object({
  kernel: z.string(),
  variant: z.string().nullable(),
  tuning: z.record(z.string(), z.number()),
  input: z.unknown(),
});
export type ComputeParams = z.infer<typeof computeParams>;

export const empty = z.object({});

/** Loads the kernels of another revision beside ours: their variants are then `before/<variant>`. */
export const besideParams = z.object({
  /** Absolute path; holds `kernels/` and, compiled, `dist/kernels/`. */
  root: z.string(),
});
export type BesideParams = z.infer<typeof besideParams>;

/** See `MemoryTestOptions`. The test keeps the card's memory until `memoryEnd`. */
export const memoryBeginParams = z.object({
  seed: z.number().int().min(0).max(0xffffffff),
  level: z.enum(LEVELS),
  loops: z.number().int().positive().exactOptional(),
  budgetMs: z.number().positive().exactOptional(),
  holdMs: z.number().nonnegative().exactOptional(),
  limitBytes: z.number().positive().exactOptional(),
  chunkBytes: z.number().positive().exactOptional(),
  fault: z.enum(MEMORY_FAULTS).exactOptional(),
});
export const memoryStepParams = z.object({
  /** Works for so long, or a submission longer. */
  ms: z.number().positive(),
});
export const memoryState = z.object({
  /** All that is known so far. */
  report: memoryReport,
  progress: z.object({
    loop: z.number().int(),
    pass: z.enum(PASS_NAMES),
    /** Of this loop, between 0 and 1. */
    fraction: z.number(),
  }),
  /** Those found since the last answer; a long list comes in parts. */
  errors: z.array(memoryError),
});
export type MemoryState = z.infer<typeof memoryState>;

/** Loads the card with what is prepared under these handles, window by window; see `LoadSession`. */
export const loadBeginParams = z.object({
  handles: z.array(z.number().int()).min(1),
  submissionMs: z.number().positive(),
  spanMs: z.number().positive(),
  fault: z.enum(LOAD_FAULTS).nullable(),
  seed: z.number().int().min(0).max(0xffffffff),
});
export const loadBegun = z.object({
  /** Executions of each in one cycle. */
  counts: z.array(z.number().int().positive()),
  /** What a fault does here; null without one. */
  rehearsal: z.string().nullable(),
});
export const loadStepParams = z.object({
  ms: z.number().positive(),
  busyMs: z.number().nonnegative(),
  restMs: z.number().nonnegative(),
});
export const loadWindow = z.object({
  cycles: z.number().int().nonnegative(),
  ns: z.number().nonnegative(),
  cpuNs: z.number().nonnegative(),
  partNs: z.array(z.number().nonnegative()),
  discarded: z.number().int().nonnegative(),
  wallMs: z.number().nonnegative(),
});
/** A fault that befalls the process itself, for rehearsals. */
export const sufferParams = z.object({ how: z.enum(['device-lost', 'hang']) });

export const methods = {
  open: { params: openParams, result: opened },
  prepare: { params: prepareParams, result: prepared },
  round: { params: roundParams, result: rounded },
  recheck: { params: handleParams, result: rechecked },
  release: { params: handleParams, result: empty },
  beside: { params: besideParams, result: empty },
  compute: { params: computeParams, result: z.object({ output: z.unknown() }) },
  memoryBegin: { params: memoryBeginParams, result: memoryState },
  memoryStep: { params: memoryStepParams, result: memoryState },
  memoryEnd: { params: empty, result: empty },
  loadBegin: { params: loadBeginParams, result: loadBegun },
  loadStep: { params: loadStepParams, result: loadWindow },
  loadEnd: { params: empty, result: empty },
  suffer: { params: sufferParams, result: empty },
  computeBegin: { params: computeBeginParams, result: computeState },
  computeStep: { params: computeStepParams, result: computeState },
  computeEnd: { params: empty, result: empty },
} as const;

export type Method = keyof typeof methods;
export type Params<M extends Method> = z.infer<(typeof methods)[M]['params']>;
export type Answer<M extends Method> = z.infer<(typeof methods)[M]['result']>;

/** Exit status of a worker whose device was lost, told apart from a crash by its parent. */
export const DEVICE_LOST_EXIT = 75;

export const request = z.object({ id: z.number().int(), method: z.string(), params: z.unknown() });
export const response = z.object({
  id: z.number().int(),
  result: z.unknown().optional(),
  error: z
    .object({ name: z.string(), message: z.string(), stack: z.string().optional(), remedy: z.string().optional() })
    .optional(),
});

/** What a contestant's process implements; `serveContestant` puts it on the wire. */
export interface Contestant {
  open(params: OpenParams): Promise<Opened>;
  prepare(params: PrepareParams): Promise<Prepared>;
  round(params: z.infer<typeof roundParams>): Promise<Rounded>;
  recheck(params: z.infer<typeof handleParams>): Promise<Rechecked>;
  release(params: z.infer<typeof handleParams>): Promise<void>;
  /** Only a card's worker computes for callers. */
  compute?(params: ComputeParams): Promise<{ output: unknown }>;
  /** Likewise. @throws {InputError} */
  beside?(params: BesideParams): Promise<void>;
  /** Likewise. @throws {InputError | OutOfMemoryError} */
  memoryBegin?(params: z.infer<typeof memoryBeginParams>): Promise<MemoryState>;
  memoryStep?(params: z.infer<typeof memoryStepParams>): Promise<MemoryState>;
  memoryEnd?(): Promise<void>;
  /** Likewise. */
  loadBegin?(params: z.infer<typeof loadBeginParams>): Promise<z.infer<typeof loadBegun>>;
  loadStep?(params: z.infer<typeof loadStepParams>): Promise<z.infer<typeof loadWindow>>;
  loadEnd?(): Promise<void>;
  /** Likewise: ends as a lost device ends it, or never answers again. */
  suffer?(params: z.infer<typeof sufferParams>): Promise<void>;
  /** Likewise; what is on the device stays there until `computeEnd`. */
  computeBegin?(params: z.infer<typeof computeBeginParams>): Promise<ComputeState>;
  computeStep?(params: z.infer<typeof computeStepParams>): Promise<ComputeState>;
  computeEnd?(): Promise<void>;
  close(): Promise<void>;
}
