import type { Exporter } from './exporter.js';

/**
 * JSON Lines (jsonlines.org): a line for each measurement, rounds and samples included, each with what it is of, so
 * that lines of many runs can stand in one file. Field names are those of `assay.result/1`.
 */
export const jsonLinesExporter: Exporter = {
  name: 'jsonl',
  extension: 'jsonl',
  render: ({ id, tool, suite, seed, startedAt, finishedAt, host, device, measurements }) => {
    const { name, vendor, architecture, backend, driver, software } = device;
    const run = { run: id, tool, suite, seed, startedAt, finishedAt, host };
    const of = { ...run, device: { name, vendor, architecture, backend, driver, software } };
    return measurements.map((measurement) => `${JSON.stringify({ ...of, ...measurement })}\n`).join('');
  },
};
