import type { CompareDocument, ComparedPair } from '../../compare-document.js';
import { type CsvColumn, type CsvValue, csvText } from '../csv.js';
import type { CompareExporter } from './exporter.js';

interface Row {
  readonly document: CompareDocument;
  readonly second: CompareDocument['comparisons'][number];
  readonly one: ComparedPair;
}

const column = (name: string, about: string, of: (row: Row) => CsvValue): CsvColumn<Row> => ({ name, about, of });

/** `csv` of a comparison: a row for each implementation on each workload, for each file after the first. */
export const COMPARE_CSV_COLUMNS: readonly CsvColumn<Row>[] = [
  column('first_file', 'the first result', ({ document }) => document.first.file),
  column('first_run', 'id of its run', ({ document }) => document.first.id),
  column('first_device', 'name of its adapter', ({ document }) => document.first.device.name),
  column('second_file', 'the result that is held against it', ({ second }) => second.file),
  column('second_run', 'id of its run', ({ second }) => second.id),
  column('second_device', 'name of its adapter', ({ second }) => second.device.name),
  column('same_device', 'true: both ran on one card', ({ second }) => second.sameDevice),
  column('software', 'true: one of them is a software adapter', ({ document, second }) =>
    Boolean(document.first.device.software || second.device.software),
  ),
  column('min_effect', 'fraction that a difference must exceed', ({ document }) => document.minEffect),
  column('family', 'mining, ai, memory or arithmetic', ({ one }) => one.family),
  column('workload', 'id of the workload', ({ one }) => one.workload),
  column('implementation', 'a variant of ours (assay/…) or a baseline', ({ one }) => one.implementation),
  column('verdict', 'faster, slower, same or ambiguous: the second beside the first', ({ one }) => one.verdict),
  column('refusal', 'why they are not compared; empty where they are', ({ one }) => one.refusal),
  column('ratio', 'rate in the second over rate in the first', ({ one }) => one.ratio?.value ?? null),
  column('ratio_low', 'lower end of its 95 % interval', ({ one }) => one.ratio?.low ?? null),
  column('ratio_high', 'upper end', ({ one }) => one.ratio?.high ?? null),
  column('clock', 'gpu or host', ({ one }) => one.clock),
  column('first_status', 'valid, unreliable, failed or skipped', ({ one }) => one.from?.status ?? null),
  column('first_rate', 'work per second', ({ one }) => one.from?.rate?.value ?? null),
  column('second_status', 'valid, unreliable, failed or skipped', ({ one }) => one.to?.status ?? null),
  column('second_rate', 'work per second', ({ one }) => one.to?.rate?.value ?? null),
  column(
    'rate_unit',
    'hash/s, flop/s, iop/s, byte/s, token/s',
    ({ one }) => (one.to?.rate ?? one.from?.rate)?.unit ?? null,
  ),
  column('notes', 'what differs and does not forbid it', ({ one }) => one.notes.join('; ')),
];

export const compareCsvExporter: CompareExporter = {
  name: 'csv',
  extension: 'csv',
  render: (document) =>
    csvText(
      COMPARE_CSV_COLUMNS,
      document.comparisons.flatMap((second) => second.compared.map((one) => ({ document, second, one }))),
    ),
};
