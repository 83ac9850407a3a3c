import { isRated, isVerified, namesByText, type RatedMeasurement } from '../groups.js';
import { parseWorkloadId } from '../names.js';
import { statusText } from '../reasons.js';
import type { Measurement, Result } from '../schema.js';
import { cleanRounds, meanValue, median, sampleDeviation } from '../statistics/index.js';
import type { Exporter } from './exporter.js';
import { printable } from './layout.js';

/**
 * Language models as `llama-bench -o md` prints them (llama.cpp, tools/llama-bench: README.md, "Markdown", and
 * `markdown_printer` of llama-bench.cpp): its columns, widths, alignment row, units and rounding, so that a row can
 * stand beside those that people quote. There is no column `ngl`: no layer is anywhere else.
 */
export const llamaBenchExporter: Exporter = {
  name: 'llama-bench',
  extension: 'md',
  render: (result) => llamaBenchTable(result) ?? 'No language model has a figure.\n',
};

type Modelled = Measurement & { model: NonNullable<Measurement['model']> };

interface Column {
  readonly name: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  cell(m: Modelled & RatedMeasurement): string;
}

/** Widths are llama-bench's; a longer cell widens its column. */
const COLUMNS: readonly Column[] = [
  { name: 'model', width: 30, align: 'left', cell: ({ model }) => model.name },
  { name: 'size', width: 10, align: 'right', cell: ({ model }) => sizeText(model.weightBytes) },
  { name: 'params', width: 10, align: 'right', cell: ({ model }) => parametersText(model.parameters) },
  { name: 'backend', width: 10, align: 'left', cell: (m) => backendText(m) },
  { name: 'test', width: 15, align: 'right', cell: ({ workload }) => parseWorkloadId(workload).shape },
  { name: 't/s', width: 20, align: 'right', cell: (m) => speedText(m) },
];

const SHORT_COMMIT = 9;

/**
 * Every verified measurement of a model that has a figure, and below the table what was unreliable and what has none.
 * Null where no model has a figure.
 */
export function llamaBenchTable(result: Result): string | null {
  const models = result.measurements.filter((m): m is Modelled => m.model !== undefined);
  const shown = models.filter((m): m is Modelled & RatedMeasurement => isRated(m) && isVerified(m));
  if (shown.length === 0) return null;
  const { tool, device } = result;
  const lines = [
    ...markdown(shown),
    '',
    `build: ${tool.commit?.slice(0, SHORT_COMMIT) ?? 'unknown'} (${tool.name} ${tool.version})`,
    `device: ${[device.name, device.driver, device.backend].filter(Boolean).join(', ')}`,
    `t/s: mean ± standard deviation of ${roundsText(shown)}, each on ${clockText(shown)}; sampling is included; weights are made from a seed`,
    ...(device.software ? ['software adapter: these figures say nothing about hardware'] : []),
    ...asides(models),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function markdown(shown: readonly (Modelled & RatedMeasurement)[]): string[] {
  const cells = shown.map((m) => COLUMNS.map((column) => column.cell(m).replaceAll('|', '\\|')));
  const widths = COLUMNS.map(({ width }, i) => Math.max(width, ...cells.map((row) => (row[i] as string).length)));
  const row = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const set = (texts: readonly string[]) =>
    row(
      COLUMNS.map(({ align }, i) => {
        const [text, width] = [texts[i] as string, widths[i] as number];
        return align === 'left' ? text.padEnd(width) : text.padStart(width);
      }),
    );
  const rule = COLUMNS.map(({ align }, i) => `${'-'.repeat((widths[i] as number) - 1)}${align === 'left' ? '-' : ':'}`);
  return [set(COLUMNS.map(({ name }) => name)), row(rule), ...cells.map(set)];
}

/** `762.81 MiB`, `14.96 GiB`. */
const sizeText = (bytes: number): string =>
  bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(2)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;

/** `1.24 B`. */
const parametersText = (count: number): string =>
  count < 1e9 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e9).toFixed(2)} B`;

/** What computes: `WebGPU/subgroups` is that variant of ours; a baseline has its own name. */
const backendText = ({ implementation }: Measurement): string => implementation.replace(/^assay\//, 'WebGPU/');

/**
 * Tokens per second of each round, by its median sample: mean and standard deviation of the sample, as llama-bench has
 * them of its repetitions.
 */
function speedText({ rounds, work }: Measurement): string {
  const rates = cleanRounds(rounds).map(({ samplesNs }) => (work.operations * 1e9) / median(samplesNs));
  const deviation = rates.length > 1 ? sampleDeviation(rates) : 0;
  return `${meanValue(rates).toFixed(2)} ± ${deviation.toFixed(2)}`;
}

/** `5 rounds`, `5 to 10 rounds`. */
function roundsText(shown: readonly Measurement[]): string {
  const counts = shown.map(({ rounds }) => cleanRounds(rounds).length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `${least === most ? most : `${least} to ${most}`} round${most === 1 ? '' : 's'}`;
}

function clockText(shown: readonly Measurement[]): string {
  const clocks = new Set(shown.map(({ clock }) => clock));
  if (clocks.size > 1) return 'its own clock, the GPU’s or the host’s';
  return clocks.has('gpu') ? 'the GPU’s clock' : 'the host’s clock';
}

/** What a row does not say, or has no row: a line for each status and reason, with those whom it befell. */
function asides(models: readonly Modelled[]): string[] {
  const said: [string, string][] = [];
  for (const workload of new Set(models.map((m) => m.workload))) {
    const measured = models.filter((m) => m.workload === workload);
    const texts = measured.map(statusText);
    // One name for a workload that befell the same as a whole.
    const alike = measured.length > 1 && new Set(texts).size === 1;
    for (const [i, m] of measured.entries()) {
      if (m.status === 'valid' || (alike && i > 0)) continue;
      said.push([texts[i] as string, alike ? workload : `${workload} ${m.implementation}`]);
    }
  }
  return [...namesByText(said)].map(([text, names]) => `${text}: ${names.join(', ')}`);
}
