import type { Check, CheckComparison, CheckSide } from '../../check.js';
import { type CsvColumn, type CsvValue, csvText } from '../csv.js';
import type { CheckExporter } from './exporter.js';

interface Row {
  readonly check: Check;
  readonly one: CheckComparison;
}

/** A column that is a field of the check. */
const of = (name: string, about: string, value: (check: Check) => CsvValue): CsvColumn<Row> => ({
  ...{ name, about },
  of: ({ check }) => value(check),
});
/** A column that is a field of one variant on one workload. */
const own = (name: string, about: string, value: (one: CheckComparison) => CsvValue): CsvColumn<Row> => ({
  ...{ name, about },
  of: ({ one }) => value(one),
});

/** The columns of a side. */
const side = (which: 'before' | 'now', whose: string): CsvColumn<Row>[] => {
  const field = (name: string, about: string, value: (side: CheckSide) => CsvValue) =>
    own(`${which}_${name}`, `${whose}: ${about}`, (one) => value(one[which]));
  return [
    field('status', 'correct, incorrect, failed, skipped or not-tried', ({ status }) => status),
    field('reasons', 'codes of why it was refused, parted by spaces', ({ reasons }) =>
      [...new Set(reasons.map(({ code }) => code))].join(' '),
    ),
    field('max_error', 'largest error, as the tolerance counts it', ({ maxError }) => maxError),
    field('compile_ms', 'milliseconds from source to pipeline', ({ compileMs }) => compileMs),
    field('rate', 'work per second', ({ rate }) => rate?.value ?? null),
    field('rate_low', 'lower end of its 95 % interval', ({ rate }) => rate?.low ?? null),
    field('rate_high', 'upper end', ({ rate }) => rate?.high ?? null),
  ];
};

/** `csv` of a check: a row for each variant on each workload, whatever its verdict. */
export const CHECK_CSV_COLUMNS: readonly CsvColumn<Row>[] = [
  of('check', 'id of the check', ({ id }) => id),
  of('started_at', 'ISO 8601, UTC', ({ startedAt }) => startedAt),
  of('version', 'of Assay', ({ tool }) => tool.version),
  of('against', 'the other revision, as it was asked for', ({ against }) => against.ref),
  of('against_commit', 'its commit', ({ against }) => against.commit),
  of('now_commit', 'of the working tree', ({ now }) => now.commit),
  of('uncommitted', 'files under kernels/ that are not committed as they are', ({ now }) => now.uncommitted.length),
  of('suite', 'suite, or custom', ({ settings }) => settings.suite),
  of('device', 'name of the adapter', ({ device }) => device.name),
  of('driver', 'its driver', ({ device }) => device.driver),
  of('backend', 'API below WebGPU', ({ device }) => device.backend),
  of('software', 'true: a software adapter, whose figures say nothing about hardware', ({ device }) => device.software),
  of('min_effect', 'fraction that a change must exceed', ({ settings }) => settings.minEffect),
  of('confidence', 'of all verdicts together', ({ settings }) => settings.confidence),
  own('family', 'mining, ai, memory or arithmetic', ({ family }) => family),
  own('workload', 'id of the workload', ({ workload }) => workload),
  own('variant', 'of the kernel', ({ variant }) => variant),
  own(
    'verdict',
    'faster, slower, same, ambiguous, incorrect, fixed, new, gone, changed or skipped',
    ({ verdict }) => verdict,
  ),
  own('identical', 'true: both sides make the device do the very same', ({ identical }) => identical),
  own('ratio', 'rate now over rate before', ({ ratio }) => ratio?.value ?? null),
  own('ratio_low', 'lower end of its 95 % interval', ({ ratio }) => ratio?.low ?? null),
  own('ratio_high', 'upper end', ({ ratio }) => ratio?.high ?? null),
  own('clock', 'gpu or host', ({ clock }) => clock),
  own('rounds', 'rounds that the verdict rests on', ({ rounds }) => rounds),
  own('ended', 'why the rounds ended', ({ ended }) => ended),
  own('rate_unit', 'hash/s, flop/s, iop/s, byte/s, token/s', (one) => (one.now.rate ?? one.before.rate)?.unit ?? null),
  ...side('before', 'the other revision’s'),
  ...side('now', 'the working tree’s'),
  own('changes', 'what the two declare differently', ({ changes }) => changes.map(({ detail }) => detail).join('; ')),
];

export const checkCsvExporter: CheckExporter = {
  name: 'csv',
  extension: 'csv',
  render: (check) =>
    csvText(
      CHECK_CSV_COLUMNS,
      check.comparisons.map((one) => ({ check, one })),
    ),
};
