import { checkSentence } from './check-codes.js';

import type { Check, Result } from './schema.js';
import { formatBytes, formatDuration, formatPercent, formatSi } from './units.js';

/** Words for what a qualification found, the same on a terminal and on a page. */

/** What is shown of a check in a line, in this order; of others the first few. The result has all of them. */
const KEY_FIGURES: Readonly<Record<string, readonly string[]>> = {
  memory: ['coveredBytes', 'coveredShare', 'errors', 'comparedBytes', 'upperBoundPerTb', 'gbPerS'],
  telemetry: ['samples', 'lost'],
};
const SHOWN = 4;

/** Labels where the figure's own name would not be understood. */
const LABELS: Readonly<Record<string, string>> = {
  coveredBytes: 'tested',
  coveredShare: 'of its memory',
  comparedBytes: 'compared',
  upperBoundPerTb: 'errors per TB at most (95 %)',
  gbPerS: 'rate',
  words: 'words compared',
  fmaToMulAdd: 'multiply-add to multiply and add',
  f32ToInt: 'f32 to integer',
  dot4ToInt: 'int8 dot product to integer',
  matrixToFma: 'matrix units to f32 multiply-add',
  fmaF32: 'f32 multiply-add',
  sha256dScan: 'SHA-256d',
  matmulF32: 'f32 matrices',
  matmulF16: 'f16 matrices',
  ethash: 'Ethash',
  ethashReduced: 'Ethash with a reduced DAG',
};

/** `coveredShare` as `of its memory 98.2 %`. The name's end tells the unit. */
export function figureText(name: string, value: number): string {
  // The value has its unit.
  const bare = name.replace(/(BytesPerS(econd)?|PerSecond)$/, '');
  return `${LABELS[name] ?? spaced(bare)} ${valueText(name, value)}`;
}

function valueText(name: string, value: number): string {
  if (/BytesPerS(econd)?$/.test(name)) return formatSi(value, 'B/s');
  if (/gbPerS$/i.test(name)) return formatSi(value * 1e9, 'B/s');
  if (/^(copy)$/.test(name)) return formatSi(value, 'B/s');
  if (/^(fmaF32|matmulF32|matmulF16)$/.test(name)) return formatSi(value, 'FLOP/s');
  if (/^(sha256dScan|ethash|ethashReduced)$/.test(name)) return formatSi(value, 'H/s');
  if (/(^b|B)ytes(Moved)?$/.test(name)) return formatBytes(value);
  if (/([sS]hare|[fF]raction|[rR]atio|OverBest)$/.test(name)) return formatPercent(value);
  if (/(^s|S)econds$/.test(name)) return formatDuration(value * 1000);
  if (/Ms$/.test(name)) return formatDuration(value);
  if (/Watts$/.test(name)) return `${Number(value.toPrecision(3))} W`;
  if (/C$/.test(name)) return `${Number(value.toPrecision(3))} °C`;
  if (/PerS$/.test(name)) return formatSi(value, '/s');
  return Math.abs(value) >= 1e6 ? formatSi(value, '') : String(Number(value.toPrecision(4)));
}

/** `worstOverBest` as `worst over best`; a name that is a workload's stays. */
const spaced = (name: string) =>
  name.includes('/') ? name : name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

/** The figures that say most, as `name value`. */
export function keyFigures({ id, figures }: Check): string[] {
  const names = KEY_FIGURES[id] ?? Object.keys(figures).slice(0, SHOWN);
  return names.flatMap((name) => {
    const value = figures[name];
    return value === undefined || value === null ? [] : [figureText(name, value)];
  });
}

export interface ReasonWords {
  readonly code: string;
  readonly sentence: string;
  readonly detail: string;
}
export const reasonWords = ({ reasons }: Check): ReasonWords[] =>
  reasons.map(({ code, detail }) => ({ code, sentence: checkSentence(code), detail }));

/** Why nothing is said about a card; null when it was in earnest. */
export function rehearsalWords({ verdict, device }: Pick<Result, 'verdict' | 'device'>): string | null {
  if (!verdict?.rehearsal) return null;
  const why = [
    ...(verdict.fault === null ? [] : [`the fault “${verdict.fault}” was put in`]),
    ...(device.software ? [`${device.name} is a program, not a card`] : []),
  ];
  return `REHEARSAL: ${why.join(', and ') || 'nothing is said about a card'}. No verdict on any card.`;
}

/** `missing: hash rate of Etchash; …`, or nothing. */
export const missingWords = (missing: readonly string[]): string =>
  missing.length === 0 ? '' : `Not measured: ${missing.join('; ')}.`;
