import type { CompareExporter } from './exporter.js';

/** The comparison itself, `assay.compare/1`, as `--json` writes it. */
export const compareJsonExporter: CompareExporter = {
  name: 'json',
  extension: 'json',
  render: (document) => `${JSON.stringify(document, null, 2)}\n`,
};
