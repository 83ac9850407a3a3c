/** One exporter per file behind one interface: what a result looks like elsewhere. */
import { bencherExporter } from './bencher.js';
import { csvExporter } from './csv.js';
import { csvSamplesExporter } from './csv-samples.js';
import type { Exporter } from './exporter.js';
import { biggerIsBetterExporter, smallerIsBetterExporter } from './github-action-benchmark.js';
import { googleBenchmarkExporter } from './google-benchmark.js';
import { htmlExporter } from './html.js';
import { jsonExporter } from './json.js';
import { jsonLinesExporter } from './jsonl.js';
import { junitExporter } from './junit.js';
import { llamaBenchExporter } from './llama-bench.js';
import { markdownExporter } from './markdown.js';
import { summaryExporter } from './summary.js';
import { tableExporter } from './table.js';

export type { Exporter } from './exporter.js';
export { htmlExporter } from './html.js';
export { jsonExporter } from './json.js';
export { llamaBenchExporter, llamaBenchTable } from './llama-bench.js';
export { summaryExporter, summarySentences } from './summary.js';
export { type TableOptions, tableExporter } from './table.js';

/** The exporters by name, as `--format` takes them. */
export const exporters: ReadonlyMap<string, Exporter> = new Map(
  [
    ...[tableExporter(), summaryExporter, markdownExporter, llamaBenchExporter],
    ...[csvExporter, csvSamplesExporter, jsonExporter, jsonLinesExporter, htmlExporter],
    ...[junitExporter, biggerIsBetterExporter, smallerIsBetterExporter, bencherExporter, googleBenchmarkExporter],
  ].map((exporter) => [exporter.name, exporter]),
);
