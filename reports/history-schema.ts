import { z } from 'zod';
import { clockKind, family, mode, tool, work } from './schema.js';

/**
 * What `assay history --json` writes, `assay.history/1`: rates over many runs, and where their level changed. Strict:
 * unknown fields are refused. A series holds what can be compared and nothing else.
 */
export const HISTORY_SCHEMA_ID = 'assay.history/1';

const count = z.number().int().nonnegative();
const text = z.string().nullable();
const interval = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

const run = z.strictObject({
  id: z.string(),
  file: z.string(),
  startedAt: z.iso.datetime(),
  suite: z.string(),
  /** False where the run was ended before its end. */
  finished: z.boolean(),
  tool,
  driver: text,
  hostKernel: z.string(),
  node: z.string(),
  powerLimitWatts: z.number().nullable(),
});

/** What cannot be told apart by its results; two cards of one model in one machine are one here. */
const card = z.strictObject({
  name: z.string(),
  vendor: z.string(),
  backend: z.string(),
  cpu: z.string(),
  software: z.boolean(),
  /** In the order of their time. */
  runs: z.array(run),
});

/** One run's rate in work per second, with its 95 % interval. */
const point = z.strictObject({
  run: z.string(),
  status: z.enum(['valid', 'unreliable']),
  value: z.number().positive(),
  low: z.number().nonnegative(),
  high: z.number().nonnegative(),
  tuning: z.record(z.string(), z.number()),
  provenance: text,
});

/** What may be behind a change, as far as results tell. */
export const suspectKinds = [
  'commit',
  'version',
  'uncommitted changes',
  'driver',
  'tuning',
  'provenance',
  'power limit',
  'host kernel',
  'node',
] as const;

const suspect = z.strictObject({ what: z.enum(suspectKinds), before: z.string(), after: z.string() });

const change = z.strictObject({
  direction: z.enum(['slower', 'faster']),
  /** Last run before it and first run after it. */
  before: z.string(),
  after: z.string(),
  /** `after` lies between these runs, ends included, with a likelihood of about 95 %. */
  earliest: z.string(),
  latest: z.string(),
  /** When `after` started. */
  when: z.iso.datetime(),
  /** Geometric mean of the rates up to the neighbouring changes, without spikes. */
  from: z.number().positive(),
  to: z.number().positive(),
  /** `to` over `from`, with its own 95 % interval. */
  ratio: interval,
  p: z.number(),
  /** Points of the series from `after` on. */
  runsSince: count,
  /** What differs between the runs among which it lies. */
  suspects: z.array(suspect),
});

const series = z.strictObject({
  /** Position in `cards`. */
  card: count,
  workload: z.string(),
  family,
  implementation: z.string(),
  mode,
  clock: clockKind,
  /** Of one execution. */
  work,
  /** In the order of time. */
  points: z.array(point),
  /** Runs that tried and have no figure to count. */
  gaps: z.array(z.strictObject({ run: z.string(), reason: z.string() })),
  changes: z.array(change),
});

export const history = z.strictObject({
  schema: z.literal(HISTORY_SCHEMA_ID),
  /** A change smaller than this fraction is not looked for. */
  minEffect: z.number().nonnegative(),
  /** That a series of independent runs without a change has none marked. */
  confidence: z.number(),
  cards: z.array(card),
  series: z.array(series),
  files: z.strictObject({
    read: count,
    /** Another file holds the run of this id already. */
    repeated: z.array(z.strictObject({ file: z.string(), first: z.string(), run: z.string() })),
    /** Of Assay, and no results: by their schema. */
    others: z.record(z.string(), count),
    refused: z.array(z.strictObject({ file: z.string(), why: z.string() })),
  }),
});

export type History = z.infer<typeof history>;
export type HistorySeries = z.infer<typeof series>;
export type HistoryChange = z.infer<typeof change>;
export type HistoryPoint = z.infer<typeof point>;
export type HistoryCard = z.infer<typeof card>;
export type HistoryRun = z.infer<typeof run>;
export type Suspect = z.infer<typeof suspect>;

/** The JSON Schema of `assay.history/1`. */
export const historyJsonSchema = (): object => ({ title: HISTORY_SCHEMA_ID, ...z.toJSONSchema(history) });
