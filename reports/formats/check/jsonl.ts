import type { CheckExporter } from './exporter.js';

/**
 * JSON Lines: a line for each variant on each workload, rounds included, each with what it is of. Field names are those
 * of `assay.check/1`, but that `now` is the side's, as `before` is; today's tree is `workingTree`.
 */
export const checkJsonLinesExporter: CheckExporter = {
  name: 'jsonl',
  extension: 'jsonl',
  render: ({ id, tool, startedAt, finishedAt, host, device, against, now, settings, comparisons }) => {
    const { name, vendor, architecture, backend, driver, software } = device;
    const of = {
      ...{ check: id, tool, startedAt, finishedAt, host },
      device: { name, vendor, architecture, backend, driver, software },
      ...{ against, workingTree: now, settings },
    };
    return comparisons.map((comparison) => `${JSON.stringify({ ...of, ...comparison })}\n`).join('');
  },
};
