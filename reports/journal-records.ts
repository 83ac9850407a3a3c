import { z } from 'zod';
import { statusMatchesContents } from './consistency.js';
import {
  calibration,
  check,
  device,
  event,
  host,
  measurementFields,
  mode,
  round,
  telemetrySample,
  tool,
  verdict,
} from './schema.js';

/**
 * The lines of a journal. A line is one finished thing; together they are enough to build the result
 * and to go on where a run stopped.
 */
const key = { workload: z.string(), implementation: z.string() };
const count = z.number().int().nonnegative();

/** First line, and again when the run is resumed: what was asked. */
export const startRecord = z.strictObject({
  type: z.literal('start'),
  id: z.string(),
  tool,
  suite: z.string(),
  /** The suite's workload ids in the order in which they run. */
  workloads: z.array(z.string()),
  seed: count,
  mode,
  rounds: z.number().int().positive(),
  /** `--device` as given; null when any would do. */
  deviceSelector: z.string().nullable(),
  /** Every other option that a resumed run needs, by name. */
  options: z.record(z.string(), z.json()),
  host,
  startedAt: z.iso.datetime(),
});

export const deviceRecord = z.strictObject({ type: z.literal('device'), device, calibration });

/** A measurement has been verified and warmed up; its rounds follow. */
export const preparedRecord = measurementFields
  .pick({
    ...{ workload: true, family: true, implementation: true, provenance: true, mode: true, work: true, model: true },
    ...{ tuning: true, tuningSource: true, tunedOn: true },
    ...{ correctness: true, clock: true, batch: true, inputSets: true, compileMs: true, deviceBytes: true },
  })
  .extend({ type: z.literal('prepared') });

export const roundRecord = z.strictObject({ type: z.literal('round'), ...key, round });

/** The last word on a measurement: everything but its rounds, which have lines of their own. */
export const measurementRecord = z.strictObject({
  type: z.literal('measurement'),
  measurement: measurementFields.omit({ rounds: true }).superRefine(statusMatchesContents),
});

export const checkRecord = z.strictObject({ type: z.literal('check'), check });
/** A qualification's verdicts on what came before it; the last one counts. */
export const verdictRecord = z.strictObject({ type: z.literal('verdict'), verdict });
export const telemetryRecord = z.strictObject({ type: z.literal('telemetry'), sample: telemetrySample });
export const eventRecord = event.extend({ type: z.literal('event') });

/** The run came to an end by itself, whatever the end was. */
export const endRecord = z.strictObject({
  type: z.literal('end'),
  finishedAt: z.iso.datetime(),
  /** As the process will exit; 5 and 130 leave the run unfinished. */
  exitCode: count,
});

export const journalRecord = z.discriminatedUnion('type', [
  startRecord,
  deviceRecord,
  preparedRecord,
  roundRecord,
  measurementRecord,
  checkRecord,
  verdictRecord,
  telemetryRecord,
  eventRecord,
  endRecord,
]);
export type JournalRecord = z.infer<typeof journalRecord>;
export type StartRecord = z.infer<typeof startRecord>;
export type PreparedRecord = z.infer<typeof preparedRecord>;
