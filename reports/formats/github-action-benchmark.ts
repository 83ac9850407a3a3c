import { statusText } from '../reasons.js';
import type { Measurement, Result } from '../schema.js';
import { cleanRounds } from '../statistics/index.js';
import { formatInterval } from '../units.js';
import type { Exporter } from './exporter.js';
import { hasInterval, namedMeasurements, oneLine, trackedMeasurements } from './naming.js';

/**
 * What the action benchmark-action/github-action-benchmark reads with `tool: customBiggerIsBetter` and
 * `customSmallerIsBetter` (its README.md, and `extractCustomBenchmarkResult` of src/extract.ts): an array of
 * `{name, unit, value, range?, extra?}`. The direction belongs to the file, so there are two.
 *
 * Values stay in base units, hash/s or ns: the action compares numbers with those of earlier runs by name, and a prefix
 * that changed between two runs would look like a factor of a thousand.
 */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

/** Work per second of every verified measurement. */
export const biggerIsBetterExporter: Exporter = {
  name: 'customBiggerIsBetter',
  extension: 'json',
  render: (result) =>
    render(
      namedMeasurements(trackedMeasurements(result)).map(({ name, measurement: m }) =>
        entry(name, m.rate.unit, m.rate, context(result, m)),
      ),
    ),
};

/** Nanoseconds for one execution, and for ours the milliseconds from source to pipeline. */
export const smallerIsBetterExporter: Exporter = {
  name: 'customSmallerIsBetter',
  extension: 'json',
  render: (result) =>
    render(
      namedMeasurements(trackedMeasurements(result)).flatMap(({ name, measurement: m }): Entry[] => {
        const extra = context(result, m);
        const { summary, compileMs } = m;
        return [
          ...(summary
            ? [entry(name, 'ns', { value: summary.medianNs, low: summary.lowNs, high: summary.highNs }, extra)]
            : []),
          // Compiled once, so there is no interval.
          ...(compileMs !== null ? [{ name: inCode(`${name} compile`), unit: 'ms', value: compileMs, extra }] : []),
        ];
      }),
    ),
};

const render = (entries: readonly Entry[]) => `${JSON.stringify(entries, null, 2)}\n`;

function entry(name: string, unit: string, figure: { value: number; low: number; high: number }, about: string): Entry {
  const { value, low, high } = figure;
  if (!hasInterval(figure)) return { name: inCode(name), unit: inCode(unit), value, extra: about };
  const range = formatInterval(figure).replaceAll('\u00a0', ' ');
  const extra = `${about}\n95 % interval: ${low} to ${high} ${oneLine(unit)}`;
  return { name: inCode(name), unit: inCode(unit), value, range, extra };
}

/** What the tooltip of a point shows: whether the figure can be relied on, and what it is of. */
function context({ device }: Result, m: Measurement): string {
  return [
    oneLine(statusText(m)),
    `${cleanRounds(m.rounds).length} rounds`,
    oneLine(device.name) + (device.software ? ', a software adapter: says nothing about hardware' : ''),
  ].join('\n');
}

/** The action's comments set names in a code span in a cell of a table, and escape nothing (`buildComment`). */
const inCode = (text: string) => oneLine(text).replaceAll('`', "'").replaceAll('|', '¦');
