/** One exporter per file behind one interface: what a comparison of results looks like elsewhere. */
import { compareCsvExporter } from './csv.js';
import type { CompareExporter } from './exporter.js';
import { compareJsonExporter } from './json.js';
import { compareJsonLinesExporter } from './jsonl.js';
import { compareJunitExporter } from './junit.js';
import { compareMarkdownExporter } from './markdown.js';

export type { CompareExporter } from './exporter.js';

/** The exporters by name, as `assay compare --format` takes them. */
export const compareExporters: ReadonlyMap<string, CompareExporter> = new Map(
  [
    compareMarkdownExporter,
    compareJunitExporter,
    compareCsvExporter,
    compareJsonExporter,
    compareJsonLinesExporter,
  ].map((exporter) => [exporter.name, exporter]),
);
