import { z } from 'zod';

/**
 * The result file `assay.result/1`. SI units in names, nanoseconds as numbers, unknown is null and
 * never 0. Strict when written (`writeSchema`), tolerant of unknown fields when read (`readSchema`).
 */
export const SCHEMA_ID = 'assay.result/1';

/** Why a measurement is not `valid`, or a note that travels with it. Closed: every code has a sentence in reasons.ts. */
export const reasonCodes = [
  'baseline-not-installed',
  'baseline-unsupported',
  'baseline-crashed',
  'silent-cpu-fallback',
  'missing-feature',
  'exceeds-limit',
  'out-of-memory',
  'too-slow-for-adapter',
  'shader-error',
  'submission-error',
  'wrong-result',
  'writes-out-of-bounds',
  'mutates-input',
  'wrong-after-timing',
  'worker-died',
  'worker-hung',
  'device-lost',
  'interrupted',
  'clock-saturated',
  'too-few-rounds',
  'wide-interval',
  'drift',
  'clocks-disagree',
  'above-ceiling',
  'throttled',
  'host-clock',
] as const;
export const reasonCode = z.enum(reasonCodes);
export type ReasonCode = (typeof reasonCodes)[number];

export const reason = z.object({ code: reasonCode, detail: z.string() });
export type Reason = z.infer<typeof reason>;

const finite = z.number();
const nonNegative = z.number().nonnegative();
const count = z.number().int().nonnegative();

export const family = z.enum(['mining', 'ai', 'memory', 'arithmetic']);
export const mode = z.enum(['safe', 'peer-equal']);
export type Mode = z.infer<typeof mode>;
export const clockKind = z.enum(['gpu', 'host']);
export const measurementStatus = z.enum(['valid', 'unreliable', 'failed', 'skipped']);

export const correctness = z.object({
  status: z.enum(['correct', 'incorrect', 'not-checked']),
  /** How outputs were judged, in words. */
  method: z.string(),
  maxError: nonNegative.nullable(),
  tolerance: z.union([
    z.object({ kind: z.literal('exact') }),
    z.object({ kind: z.literal('bound'), bound: nonNegative, reason: z.string() }),
  ]),
  seeds: z.array(count),
});
export type Correctness = z.infer<typeof correctness>;

export const round = z.object({
  /** Position of this round within the whole run, over all implementations. */
  order: count,
  /** Index of this round within its measurement; rounds of one index are interleaved and comparable. */
  index: count,
  /** Milliseconds since the run started. */
  tMs: nonNegative,
  /** Nanoseconds for one execution of the workload, in time order, on the measurement's own clock. */
  samplesNs: z.array(nonNegative),
  /** The same samples on the host's clock, submission to completion; the clock that all implementations share. */
  hostSamplesNs: z.array(nonNegative),
  excluded: reasonCode.optional(),
});
export type Round = z.infer<typeof round>;

export const summary = z.object({
  medianNs: nonNegative,
  /** 95 % interval of the median, from a t-interval on the logarithms of the rounds' medians. */
  lowNs: nonNegative,
  highNs: nonNegative,
  q1Ns: nonNegative,
  q3Ns: nonNegative,
  p95Ns: nonNegative,
  madNs: nonNegative,
  outliers: count,
  driftPercent: finite,
});
export type Summary = z.infer<typeof summary>;

export const rate = z.object({ value: nonNegative, unit: z.string(), low: nonNegative, high: nonNegative });
export type Rate = z.infer<typeof rate>;

/** Ratio of rates, this implementation over the peer; above 1 is faster. Host clock, paired by round. */
export const comparison = z.object({
  peer: z.string(),
  ratio: nonNegative,
  low: nonNegative,
  high: nonNegative,
  verdict: z.enum(['faster', 'slower', 'same', 'ambiguous']),
});
export type Comparison = z.infer<typeof comparison>;

export const work = z.object({ operations: nonNegative, unit: z.string(), bytes: nonNegative });

export const measurement = z
  .object({
    workload: z.string(),
    family,
    implementation: z.string(),
    /** The implementation's own version and what it ran on, e.g. `onnxruntime 1.30.0, cpu`. */
    provenance: z.string().nullable(),
    tuning: z.record(z.string(), finite),
    mode,
    work,
    correctness,
    clock: clockKind,
    /** Executions per sample. */
    batch: count,
    /** Input sets rotated through so that a repeat does not find its input in the cache. */
    inputSets: count,
    /** Milliseconds from source to pipeline; null where the implementation does not tell. */
    compileMs: nonNegative.nullable(),
    rounds: z.array(round),
    summary: summary.nullable(),
    rate: rate.nullable(),
    ceiling: z.object({ of: z.string(), value: nonNegative, fraction: nonNegative }).nullable(),
    /** Against the best valid or unreliable baseline of the same workload. */
    versusBaseline: comparison.nullable(),
    energy: z.object({ joulesPerUnit: nonNegative, source: z.string() }).nullable(),
    status: measurementStatus,
    reasons: z.array(reason),
  })
  .superRefine((m, ctx) => {
    const rated = m.status === 'valid' || m.status === 'unreliable';
    if (!rated && (m.rate !== null || m.versusBaseline !== null))
      ctx.addIssue({ code: 'custom', path: ['rate'], message: `must be null when the status is ${m.status}` });
    if (rated && (m.summary === null || m.rate === null || m.correctness.status !== 'correct'))
      ctx.addIssue({
        code: 'custom',
        path: ['status'],
        message: `${m.status} needs a summary, a rate and a correct output`,
      });
  });
export type Measurement = z.infer<typeof measurement>;

export const calibration = z.object({
  clock: clockKind,
  /** Smallest positive step that the clock took. */
  resolutionNs: nonNegative,
  /** Median duration of an empty pass: reported, not subtracted. */
  overheadNs: nonNegative,
  /** Median host time of an empty submission, from submit to completion. */
  hostOverheadNs: nonNegative,
  /** True when the steps are so coarse that they come from timestamp quantisation (65.536 µs). */
  quantised: z.boolean(),
});
export type Calibration = z.infer<typeof calibration>;

export const device = z.object({
  name: z.string(),
  vendor: z.string(),
  architecture: z.string(),
  description: z.string(),
  backend: z.string(),
  software: z.boolean(),
  driver: z.string().nullable(),
  features: z.array(z.string()),
  limits: z.record(z.string(), z.number()),
  toggles: z.object({ enabled: z.array(z.string()), disabled: z.array(z.string()) }),
  identity: z
    .object({
      pciId: z.string().nullable(),
      subsystemId: z.string().nullable(),
      busAddress: z.string().nullable(),
      uuidHash: z.string().nullable(),
      vbios: z.string().nullable(),
      source: z.string(),
    })
    .nullable(),
  vramBytes: nonNegative.nullable(),
  powerLimitWatts: nonNegative.nullable(),
});
export type Device = z.infer<typeof device>;

export const host = z.object({
  os: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  memoryBytes: nonNegative,
  node: z.string(),
});

export const check = z.object({
  id: z.string(),
  status: z.enum(['pass', 'warn', 'fail', 'inconclusive', 'skipped']),
  reasons: z.array(z.object({ code: z.string(), detail: z.string() })),
  figures: z.record(z.string(), z.number().nullable()),
  evidence: z.unknown().optional(),
});

export const tool = z.object({
  name: z.string(),
  version: z.string(),
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
});

export const result = z.object({
  schema: z.literal(SCHEMA_ID),
  id: z.string(),
  tool,
  suite: z.string(),
  seed: count,
  startedAt: z.iso.datetime(),
  /** Null when the run did not finish: killed, interrupted, or its worker died. */
  finishedAt: z.iso.datetime().nullable(),
  host,
  device,
  calibration,
  measurements: z.array(measurement),
  checks: z.array(check),
  telemetry: z.array(z.looseObject({ tMs: nonNegative, source: z.string() })),
  /** Things that happened to the run itself: a worker died, the journal was truncated, it was resumed. */
  events: z.array(z.object({ tMs: nonNegative, code: z.string(), detail: z.string() })),
});
export type Result = z.infer<typeof result>;
