/** One exporter per file behind one interface: what a check looks like elsewhere. */
import { checkCsvExporter } from './csv.js';
import type { CheckExporter } from './exporter.js';
import { checkJsonExporter } from './json.js';
import { checkJsonLinesExporter } from './jsonl.js';
import { checkJunitExporter } from './junit.js';
import { checkMarkdownExporter } from './markdown.js';

export type { CheckExporter } from './exporter.js';

/** The exporters by name, as `assay check --format` takes them. */
export const checkExporters: ReadonlyMap<string, CheckExporter> = new Map(
  [checkMarkdownExporter, checkJunitExporter, checkCsvExporter, checkJsonExporter, checkJsonLinesExporter].map(
    (exporter) => [exporter.name, exporter],
  ),
);
