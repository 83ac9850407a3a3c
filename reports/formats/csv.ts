import { clean } from '../html/markup.js';
import type { Measurement, Result } from '../schema.js';
import { isNote } from '../schema.js';
import { cleanRounds } from '../statistics/index.js';
import { isTuned } from '../tuning.js';
import type { Exporter } from './exporter.js';

/**
 * Comma-separated values by RFC 4180: a header, CRLF after every record, quotes around what needs them. Numbers are
 * plain, with a point; what is unknown is empty. Text that a spreadsheet would take for a formula has an apostrophe
 * before it.
 */
export type CsvValue = string | number | boolean | null;

export interface CsvColumn<Row> {
  readonly name: string;
  /** What it holds, with its unit; docs/formats.md has the same words. */
  readonly about: string;
  of(row: Row): CsvValue;
}

interface Row {
  readonly result: Result;
  readonly m: Measurement;
}

/** A column that is a field of the run. */
const run = (name: string, about: string, of: (result: Result) => CsvValue): CsvColumn<Row> => ({
  ...{ name, about },
  of: ({ result }) => of(result),
});
/** A column that is a field of the measurement. */
const own = (name: string, about: string, of: (m: Measurement) => CsvValue): CsvColumn<Row> => ({
  ...{ name, about },
  of: ({ m }) => of(m),
});

/** `csv`: a row for each measurement, whatever its status. */
export const CSV_COLUMNS: readonly CsvColumn<Row>[] = [
  run('run', 'id of the run', ({ id }) => id),
  run('started_at', 'ISO 8601, UTC', ({ startedAt }) => startedAt),
  run('version', 'of Assay', ({ tool }) => tool.version),
  run('commit', 'of Assay, where it is known', ({ tool }) => tool.commit),
  run('suite', 'suite, or custom', ({ suite }) => suite),
  run('device', 'name of the adapter', ({ device }) => device.name),
  run('driver', 'its driver', ({ device }) => device.driver),
  run('backend', 'API below WebGPU', ({ device }) => device.backend),
  run(
    'software',
    'true: a software adapter, whose figures say nothing about hardware',
    ({ device }) => device.software,
  ),
  own('family', 'mining, ai, memory or arithmetic', ({ family }) => family),
  own('workload', 'id of the workload', ({ workload }) => workload),
  own('implementation', 'a variant of ours (assay/…) or a baseline', ({ implementation }) => implementation),
  own('provenance', 'version of a baseline, and what it ran on', ({ provenance }) => provenance),
  own('status', 'valid, unreliable, failed or skipped', ({ status }) => status),
  own('reasons', 'codes of what keeps it from being valid, parted by spaces', (m) => codes(m, false)),
  own('notes', 'codes that only inform', (m) => codes(m, true)),
  own('correctness', 'correct, incorrect or not-checked', ({ correctness }) => correctness.status),
  own(
    'max_error',
    'largest error that was found, as the tolerance counts it',
    ({ correctness }) => correctness.maxError,
  ),
  own('mode', 'safe, or peer-equal: without bounds checks', ({ mode }) => mode),
  own('clock', 'gpu or host', ({ clock }) => clock),
  own('rounds', 'rounds that count', ({ rounds }) => cleanRounds(rounds).length),
  own('samples', 'samples in them', ({ rounds }) => cleanRounds(rounds).reduce((n, r) => n + r.samplesNs.length, 0)),
  own('batch', 'executions in a sample', ({ batch }) => batch),
  own('median_ns', 'nanoseconds for one execution', ({ summary }) => summary?.medianNs ?? null),
  own('low_ns', 'lower end of its 95 % interval', ({ summary }) => summary?.lowNs ?? null),
  own('high_ns', 'upper end', ({ summary }) => summary?.highNs ?? null),
  own('q1_ns', 'first quartile of the samples', ({ summary }) => summary?.q1Ns ?? null),
  own('q3_ns', 'third quartile', ({ summary }) => summary?.q3Ns ?? null),
  own('p95_ns', '95th percentile', ({ summary }) => summary?.p95Ns ?? null),
  own('mad_ns', 'median absolute deviation, not scaled', ({ summary }) => summary?.madNs ?? null),
  own('outliers', 'samples that are outliers; they are kept', ({ summary }) => summary?.outliers ?? null),
  own('drift_percent', 'change from the first round to the last', ({ summary }) => summary?.driftPercent ?? null),
  own('rate', 'work per second', ({ rate }) => rate?.value ?? null),
  own('rate_low', 'lower end of its 95 % interval', ({ rate }) => rate?.low ?? null),
  own('rate_high', 'upper end', ({ rate }) => rate?.high ?? null),
  own('rate_unit', 'hash/s, flop/s, iop/s, byte/s, token/s', ({ rate }) => rate?.unit ?? null),
  own('operations', 'work in one execution', ({ work }) => work.operations),
  own('work_unit', 'what is counted', ({ work }) => work.unit),
  own('bytes', 'least bytes that one execution moves', ({ work }) => work.bytes),
  own('ceiling', 'tightest measured limit, in the unit of the rate', ({ ceiling }) => ceiling?.value ?? null),
  own('ceiling_of', 'what it follows from', ({ ceiling }) => ceiling?.of ?? null),
  own('ceiling_fraction', 'rate over it', ({ ceiling }) => ceiling?.fraction ?? null),
  own('peer', 'best baseline of the same workload', ({ versusBaseline }) => versusBaseline?.peer ?? null),
  own('ratio', 'ratio of rates, ours over the peer, on the host’s clock', (m) => m.versusBaseline?.ratio ?? null),
  own('ratio_low', 'lower end of its 95 % interval', (m) => m.versusBaseline?.low ?? null),
  own('ratio_high', 'upper end', (m) => m.versusBaseline?.high ?? null),
  own('verdict', 'faster, slower, same or ambiguous', (m) => m.versusBaseline?.verdict ?? null),
  own('tuning', 'name=value, parted by spaces', ({ tuning }) =>
    Object.entries(tuning)
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  ),
  own('tuned', 'true: found by assay tune', (m) => isTuned(m)),
  own('compile_ms', 'milliseconds from source to pipeline', ({ compileMs }) => compileMs),
  own('device_bytes', 'bytes held on the device', ({ deviceBytes }) => deviceBytes),
  own('joules_per_unit', 'energy for one unit of work', ({ energy }) => energy?.joulesPerUnit ?? null),
];

const codes = ({ reasons }: Measurement, note: boolean) =>
  [...new Set(reasons.filter(({ code }) => isNote(code) === note).map(({ code }) => code))].join(' ');

export const csvExporter: Exporter = {
  name: 'csv',
  extension: 'csv',
  render: (result) =>
    csvText(
      CSV_COLUMNS,
      result.measurements.map((m) => ({ result, m })),
    ),
};

/** A header and a record for each row, each ended by CRLF. */
export function csvText<R>(columns: readonly CsvColumn<R>[], rows: readonly R[]): string {
  const record = (fields: readonly string[]) => `${fields.join(',')}\r\n`;
  return [
    record(columns.map(({ name }) => name)),
    ...rows.map((row) => record(columns.map((column) => field(column.of(row))))),
  ].join('');
}

/**
 * A spreadsheet runs what begins like this (OWASP, "CSV Injection", which also has the apostrophe). A negative number is
 * no formula, so this is for text alone.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function field(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = clean(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
