import type { createColors } from 'picocolors';
import { type Cell, layOut, type Row, wrapIndented } from './layout.js';

/** What tables of two sides, each with a rate, have in common: `assay check`'s and `assay compare`'s. */
export type Paint = ReturnType<typeof createColors>;

export const NONE = '–';

export interface ComparisonRow {
  readonly workload: string;
  /** Variant or implementation. */
  readonly name: string;
  readonly sides: readonly [string, string];
  readonly ratio: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly verdict: string;
  readonly paint: (text: string) => string;
}

/**
 * Rows by workload, numbers to the right.
 * @param head of the five columns: name, both sides, ratio, verdict
 */
export function comparisonTable(
  head: readonly [string, string, string, string, string],
  shown: readonly ComparisonRow[],
  width: number,
  paint: Paint,
): string {
  const aligned = (text: string, column: number): Cell => ({
    text: column === 0 ? `  ${text}` : text,
    ...(column > 0 && column < 4 && { align: 'right' as const }),
  });
  const rows: Row[] = [head.map((text, i) => ({ ...aligned(text, i), paint: paint.dim }))];
  let workload = '';
  for (const row of shown) {
    if (row.workload !== workload) rows.push({ line: '' }, { line: row.workload, paint: paint.bold });
    workload = row.workload;
    const cells = [row.name, ...row.sides, ratioText(row.ratio), row.verdict].map(aligned);
    rows.push(cells.map((cell, i) => (i === 4 ? { ...cell, paint: row.paint } : cell)));
  }
  return layOut(rows, width);
}

function ratioText(ratio: ComparisonRow['ratio']): string {
  if (ratio === null) return NONE;
  // Four digits near one, where a percent matters.
  const [value, low, high] = [ratio.value, ratio.low, ratio.high].map((x) =>
    x >= 10 ? x.toPrecision(3) : x.toFixed(3),
  );
  return `${value}\u00a0(${low}–${high})`;
}

/** A title and what is to be said under it; null where that is nothing. */
export function section(title: string, lines: readonly string[], width: number, paint: Paint): string | null {
  if (lines.length === 0) return null;
  return [paint.bold(title), ...lines.map((line) => `  ${wrapIndented(line, width - 2, 4)}`)].join('\n');
}
