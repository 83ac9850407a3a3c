import type { Measurement, Result, Round } from '../schema.js';
import { type CsvColumn, csvText } from './csv.js';
import type { Exporter } from './exporter.js';

interface Row {
  readonly result: Result;
  readonly m: Measurement;
  readonly round: Round;
  /** Within its round, from 0. */
  readonly sample: number;
}

/** `csv-samples`: the long form, a row for each sample of each round, in the order of the result. */
export const CSV_SAMPLES_COLUMNS: readonly CsvColumn<Row>[] = [
  { name: 'run', about: 'id of the run', of: ({ result }) => result.id },
  { name: 'workload', about: 'id of the workload', of: ({ m }) => m.workload },
  { name: 'implementation', about: 'a variant of ours (assay/…) or a baseline', of: ({ m }) => m.implementation },
  { name: 'status', about: 'of the measurement', of: ({ m }) => m.status },
  { name: 'round', about: 'rounds of one index are neighbours in time and comparable', of: ({ round }) => round.index },
  { name: 'order', about: 'position of the round in the whole run', of: ({ round }) => round.order },
  { name: 't_ms', about: 'milliseconds from the start of the run to the round', of: ({ round }) => round.tMs },
  {
    name: 'excluded',
    about: 'why the round does not count; empty where it does',
    of: ({ round }) => round.excluded ?? null,
  },
  { name: 'sample', about: 'position within the round', of: ({ sample }) => sample },
  { name: 'batch', about: 'executions in the sample', of: ({ m }) => m.batch },
  { name: 'clock', about: 'gpu or host: the clock of the next column', of: ({ m }) => m.clock },
  { name: 'ns', about: 'nanoseconds for one execution', of: ({ round, sample }) => round.samplesNs[sample] ?? null },
  {
    name: 'host_ns',
    about: 'likewise on the host’s clock, submission to completion',
    of: ({ round, sample }) => round.hostSamplesNs[sample] ?? null,
  },
];

export const csvSamplesExporter: Exporter = {
  name: 'csv-samples',
  extension: 'csv',
  render: (result) =>
    csvText(
      CSV_SAMPLES_COLUMNS,
      result.measurements.flatMap((m) =>
        m.rounds.flatMap((round) =>
          // Where samples were left out on one clock only, the other has more.
          Array.from({ length: Math.max(round.samplesNs.length, round.hostSamplesNs.length) }, (_, sample) => ({
            ...{ result, m, round, sample },
          })),
        ),
      ),
    ),
};
