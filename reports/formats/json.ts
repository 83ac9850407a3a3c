import type { Exporter } from './exporter.js';

/** The result itself, as `writeResult` writes it: what goes in comes out, byte for byte. */
export const jsonExporter: Exporter = {
  name: 'json',
  extension: 'json',
  render: (result) => `${JSON.stringify(result, null, 2)}\n`,
};
