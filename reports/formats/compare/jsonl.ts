import type { CompareExporter } from './exporter.js';

/** JSON Lines: a line for each implementation on each workload, with both files. Field names are those of `assay.compare/1`. */
export const compareJsonLinesExporter: CompareExporter = {
  name: 'jsonl',
  extension: 'jsonl',
  render: ({ minEffect, first, comparisons }) =>
    comparisons
      .flatMap(({ compared, sameDevice, warnings: _, ...second }) =>
        compared.map((one) => `${JSON.stringify({ minEffect, first, second, sameDevice, ...one })}\n`),
      )
      .join(''),
};
