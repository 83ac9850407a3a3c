import { type Across, acrossWorkloads } from '../across.js';
import { familyNames } from '../names.js';
import type { Result } from '../schema.js';
import { ratioVerdict } from '../statistics/index.js';
import { formatComparison, formatInterval, formatRatio } from '../units.js';
import { layOut, type Row, wrapIndented } from './layout.js';

export const ACROSS_TITLE = 'Ours against baselines';
export const ACROSS_ABOUT =
  'The fastest of ours over each baseline: geometric mean over the workloads that both have a figure for, on the host’s clock.';

/** As for a single workload. */
const MIN_EFFECT = 0.01;

/** The cells of a line, for every way of showing it. */
export function acrossCells(line: Across): readonly [string, string, string, string, string] {
  const { family, peer, ratio, low, high, workloads, unreliable, least, most } = line;
  const doubt = unreliable > 0 ? `, ${unreliable === workloads ? 'all' : unreliable} unreliable` : '';
  return [
    familyNames[family],
    peer,
    `${formatComparison({ ratio, verdict: ratioVerdict({ low, high }, MIN_EFFECT) })} ${formatInterval({ value: ratio, low, high })}`,
    `${workloads} workloads${doubt}`,
    `${formatRatio(least.ratio)} (${least.workload}) to ${formatRatio(most.ratio)} (${most.workload})`,
  ];
}

/** Null where no baseline shares two workloads with ours. */
export function acrossTable(result: Result, width: number): string | null {
  const lines = acrossWorkloads(result);
  if (lines.length === 0) return null;
  const rows = lines.flatMap((line): Row[] => {
    const [family, peer, ratio, count, range] = acrossCells(line);
    return [
      [{ text: `  ${family}` }, { text: peer }, { text: ratio, align: 'right' }, { text: count }],
      { line: `      ${range}` },
    ];
  });
  return [ACROSS_TITLE, `  ${wrapIndented(ACROSS_ABOUT, width - 2, 2)}`, layOut(rows, width)].join('\n');
}
