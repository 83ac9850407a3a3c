/** One exporter per file behind one interface: what a result looks like elsewhere. */
import type { Exporter } from './exporter.js';
import { htmlExporter } from './html.js';
import { jsonExporter } from './json.js';
import { llamaBenchExporter } from './llama-bench.js';
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
  [tableExporter(), summaryExporter, llamaBenchExporter, jsonExporter, htmlExporter].map((exporter) => [
    exporter.name,
    exporter,
  ]),
);
