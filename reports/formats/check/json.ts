import type { CheckExporter } from './exporter.js';

/** The check itself, `assay.check/1`, as the file in the results folder has it. */
export const checkJsonExporter: CheckExporter = {
  name: 'json',
  extension: 'json',
  render: (check) => `${JSON.stringify(check, null, 2)}\n`,
};
