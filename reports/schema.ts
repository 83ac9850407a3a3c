import { z } from 'zod';
import { reasonCodes } from './codes.js';
import { peersAreVerified, statusMatchesContents } from './consistency.js';
import { defineTelemetrySample } from './telemetry.js';
import { defineVerdict } from './verdict.js';

export { isNote, noteCodes, type ReasonCode, reasonCodes, statusOf } from './codes.js';

/**
 * The result file `assay.result/1`. SI units in names, nanoseconds as numbers, unknown is null and
 * never 0; a number is always finite. Defined once and built twice: `result` refuses unknown fields and
 * is what a run must write; `readableResult` ignores them, so that files of later versions can be read.
 */
export const SCHEMA_ID = 'assay.result/1';

export const reasonCode = z.enum(reasonCodes);
export const family = z.enum(['mining', 'ai', 'memory', 'arithmetic']);
export const mode = z.enum(['safe', 'peer-equal']);
export const clockKind = z.enum(['gpu', 'host']);
export const tuningSource = z.enum(['default', 'tuned', 'near']);
export const measurementStatus = z.enum(['valid', 'unreliable', 'failed', 'skipped']);
export const comparisonVerdict = z.enum(['faster', 'slower', 'same', 'ambiguous']);

const finite = z.number();
const nonNegative = z.number().nonnegative();
const count = z.number().int().nonnegative();
/** SHA-256 in lower-case hexadecimal. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
/** A value with its interval, whose ends must be in order. */
const ordered = (low: number, value: number, high: number) => low <= value && value <= high;

function define(object: typeof z.object) {
  const reason = object({ code: reasonCode, detail: z.string() });

  const correctness = object({
    status: z.enum(['correct', 'incorrect', 'not-checked']),
    /** How outputs were judged, in words. */
    method: z.string(),
    maxError: nonNegative.nullable(),
    tolerance: z.discriminatedUnion('kind', [
      object({ kind: z.literal('exact') }),
      object({ kind: z.literal('bound'), bound: nonNegative, reason: z.string() }),
    ]),
    seeds: z.array(count),
  });

  const round = object({
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
    /** Samples left out because the device's stamps ran backwards or were never written. */
    discarded: count,
    /** What a short arithmetic kernel took before and after it, on the card's clock; absent where none was timed. */
    sentinelNs: object({ before: nonNegative, after: nonNegative }).optional(),
    /** Why this round does not count towards the summary; its samples are kept all the same. */
    excluded: reasonCode.optional(),
  });

  const summary = object({
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
  }).refine((s) => ordered(s.lowNs, s.medianNs, s.highNs), { error: 'lowNs ≤ medianNs ≤ highNs', path: ['medianNs'] });

  const rate = object({
    value: nonNegative,
    /** Work per second, e.g. `hash/s`, `flop/s`, `byte/s`. */
    unit: z.string(),
    low: nonNegative,
    high: nonNegative,
  }).refine((r) => ordered(r.low, r.value, r.high), { error: 'low ≤ value ≤ high', path: ['value'] });

  /** Ratio of rates, this implementation over the peer; above 1 is faster. Host clock, paired by round. */
  const comparison = object({
    peer: z.string(),
    ratio: nonNegative,
    low: nonNegative,
    high: nonNegative,
    verdict: comparisonVerdict,
  });

  const work = object({ operations: nonNegative, unit: z.string(), bytes: nonNegative });

  /** A whole model: its name with the type of its weights, and how many and how large these are. */
  const model = object({ name: z.string(), parameters: count, weightBytes: count });

  const roof = object({ of: z.array(z.string()), value: nonNegative });
  const roofline = object({
    kind: z.enum(['float', 'integer']),
    /** Arithmetic operations and least bytes of one execution. */
    operations: nonNegative,
    bytes: nonNegative,
    /** Null when no byte has to be moved. */
    operationsPerByte: nonNegative.nullable(),
    /** Operations per second; null without a rate. */
    rate: nonNegative.nullable(),
    /** Operations per second of this mixture of operations; null when a part of it was not measured. */
    compute: roof.nullable(),
    /** Bytes per second; null when it was not measured. */
    memory: roof.nullable(),
  });

  const measurementFields = object({
    workload: z.string(),
    family,
    implementation: z.string(),
    /** The implementation's own version and what it ran on, e.g. `onnxruntime 1.30.0, cpu`. */
    provenance: z.string().nullable(),
    tuning: z.record(z.string(), finite),
    /** `tuned`: found by `assay tune` for this very workload; `near`: for another shape of it. */
    tuningSource,
    /** The workload for which the tuning was found; null for the default. */
    tunedOn: z.string().nullable(),
    mode,
    work,
    /** Where the workload is a whole model; absent otherwise, and from older results. */
    model: model.optional(),
    correctness,
    clock: clockKind,
    /** Executions per sample. */
    batch: count,
    /** Input sets rotated through so that a repeat does not find its input in the cache. */
    inputSets: count,
    /** Milliseconds from source to pipeline; null where the implementation does not tell. */
    compileMs: nonNegative.nullable(),
    /** Bytes that the implementation holds on the device, all input sets included; null where it does not tell. */
    deviceBytes: nonNegative.nullable(),
    rounds: z.array(round),
    summary: summary.nullable(),
    rate: rate.nullable(),
    /** The tightest limit that follows from what was measured on the same device, in the unit of the rate. */
    ceiling: object({ of: z.string(), value: nonNegative, fraction: nonNegative }).nullable(),
    /** Where the workload stands between the device's measured roofs; null where it declares none. */
    roofline: roofline.nullable(),
    /** Against the best valid or unreliable baseline of the same workload. */
    versusBaseline: comparison.nullable(),
    energy: object({ joulesPerUnit: nonNegative, source: z.string() }).nullable(),
    status: measurementStatus,
    reasons: z.array(reason),
  });
  const measurement = measurementFields.superRefine(statusMatchesContents);

  const calibration = object({
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

  /** One form of matrix product: result (M×N) += left (M×K) · right (K×N). */
  const subgroupMatrixConfig = object({
    componentType: z.string(),
    resultComponentType: z.string(),
    M: count,
    N: count,
    K: count,
  });

  const device = object({
    name: z.string(),
    vendor: z.string(),
    architecture: z.string(),
    description: z.string(),
    backend: z.string(),
    software: z.boolean(),
    driver: z.string().nullable(),
    features: z.array(z.string()),
    limits: z.record(z.string(), finite),
    /** What its matrix units compute; absent where none can be used, and from older results. */
    subgroupMatrixConfigs: z.array(subgroupMatrixConfig).optional(),
    toggles: object({ enabled: z.array(z.string()), disabled: z.array(z.string()) }),
    identity: object({
      pciId: z.string().nullable(),
      subsystemId: z.string().nullable(),
      busAddress: z.string().nullable(),
      uuidHash: z.string().nullable(),
      vbios: z.string().nullable(),
      source: z.string(),
    }).nullable(),
    vramBytes: nonNegative.nullable(),
    powerLimitWatts: nonNegative.nullable(),
  });

  const host = object({
    os: z.string(),
    kernel: z.string(),
    cpu: z.string(),
    memoryBytes: nonNegative,
    node: z.string(),
  });

  const check = object({
    id: z.string(),
    status: z.enum(['pass', 'warn', 'fail', 'inconclusive', 'skipped']),
    reasons: z.array(object({ code: z.string(), detail: z.string() })),
    figures: z.record(z.string(), finite.nullable()),
    evidence: z.unknown().optional(),
  });

  const tool = object({
    name: z.string(),
    version: z.string(),
    commit: z.string().nullable(),
    dirty: z.boolean().nullable(),
  });

  const telemetrySample = defineTelemetrySample(object);
  const verdict = defineVerdict(object);
  const event = object({ tMs: nonNegative, code: z.string(), detail: z.string() });

  const result = object({
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
    measurements: z.array(measurement).superRefine(peersAreVerified),
    checks: z.array(check),
    telemetry: z.array(telemetrySample),
    /** Things that happened to the run itself: a worker died, the journal was truncated, it was resumed. */
    events: z.array(event),
    /**
     * Where the journal stood that this was built from: number of lines, and SHA-256 of the last, to which all others
     * are chained. Null where its lines are not chained; absent from older results.
     */
    journal: object({ lines: count, sha256Head: sha256Hex }).nullable().optional(),
    /** A qualification's verdicts; absent from a plain run. */
    verdict: verdict.optional(),
  });

  return {
    ...{ reason, correctness, round, summary, rate, comparison, work, measurementFields, measurement },
    ...{ calibration, subgroupMatrixConfig, device, host, check, tool, telemetrySample, event, verdict, result },
  };
}

// The two builders differ in what they do with unknown keys and in nothing that the output type shows.
const strict = define(z.strictObject as unknown as typeof z.object);

export const { reason, correctness, round, summary, rate, comparison, work, measurementFields, measurement } = strict;
export const { calibration, subgroupMatrixConfig, device, host, check, tool, telemetrySample, event, verdict, result } =
  strict;
/** As `result`, but unknown fields are ignored. */
export const readableResult = define(z.object).result;

export type Mode = z.infer<typeof mode>;
export type Family = z.infer<typeof family>;
export type Reason = z.infer<typeof reason>;
export type Correctness = z.infer<typeof correctness>;
export type Round = z.infer<typeof round>;
export type Summary = z.infer<typeof summary>;
export type Rate = z.infer<typeof rate>;
export type Comparison = z.infer<typeof comparison>;
export type Measurement = z.infer<typeof measurement>;
export type MeasurementStatus = z.infer<typeof measurementStatus>;
export type Calibration = z.infer<typeof calibration>;
export type Device = z.infer<typeof device>;
export type Host = z.infer<typeof host>;
export type Check = z.infer<typeof check>;
export type Tool = z.infer<typeof tool>;
export type Result = z.infer<typeof result>;
