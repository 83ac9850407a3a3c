/** Plain text in columns. Widths count characters; colours are put on after the padding, so they do not count. */

export interface Cell {
  readonly text: string;
  readonly align?: 'left' | 'right';
  readonly paint?: (text: string) => string;
}

/** A row of cells, or a line over the whole width. */
export type Row = readonly Cell[] | { readonly line: string; readonly paint?: (text: string) => string };

const GAP = 2;
/** A column is not made narrower than this, so that a word stays legible. */
const MIN_COLUMN = 8;
const NBSP = /\u00a0/g;
/** Control characters and those that turn the direction of writing: a device's name must not drive the terminal. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
export const printable = (text: string): string => text.replace(UNPRINTABLE, '\ufffd');

/**
 * Lines of at most `width` characters, broken at spaces; a longer word is broken where it must be.
 * Spaces at the beginning are kept and set in every line.
 */
export function wrap(raw: string, width: number): string[] {
  const text = printable(raw);
  const indent = /^ */.exec(text)?.[0] ?? '';
  const room = Math.max(1, width - indent.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(/ +/)) {
    if (line !== '' && line.length + 1 + word.length <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    for (; rest.length > room; rest = rest.slice(room)) lines.push(rest.slice(0, room));
    line = rest;
  }
  return [...lines, line].map((l) => indent + l);
}

/** As `wrap`, with every line but the first set in by `indent` spaces. */
export function wrapIndented(text: string, width: number, indent: number): string {
  return wrap(text, width - indent)
    .join(`\n${' '.repeat(indent)}`)
    .replace(NBSP, ' ');
}

/** Rows set in columns so that no line is longer than `width`, wrapping cells where they must be. */
export function layOut(rows: readonly Row[], width: number): string {
  const tabular = rows.filter((row) => !('line' in row)) as (readonly Cell[])[];
  const widths = columnWidths(tabular, width);
  return rows
    .flatMap((row) => {
      if ('line' in row) return wrap(row.line, width).map((line) => (row.paint ?? plain)(line));
      const cells = row.map((cell, i) => wrap(cell.text, widths[i] as number));
      const height = Math.max(...cells.map((lines) => lines.length));
      return Array.from({ length: height }, (_, y) =>
        row.map((cell, i) => placed(cell, cells[i]?.[y] ?? '', widths[i] as number)).join(' '.repeat(GAP)),
      );
    })
    .map((line) => line.trimEnd().replace(NBSP, ' '))
    .join('\n');
}

const plain = (text: string) => text;

function placed({ align, paint = plain }: Cell, text: string, width: number): string {
  const padding = ' '.repeat(Math.max(0, width - text.length));
  return align === 'right' ? padding + paint(text) : paint(text) + padding;
}

/** Natural widths, the widest columns made narrower one character at a time until the row fits. */
function columnWidths(rows: readonly (readonly Cell[])[], width: number): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const longest = (texts: string[]) => Math.max(0, ...texts.map((text) => text.length));
  const texts = Array.from({ length: columns }, (_, i) => rows.map((row) => row[i]?.text ?? ''));
  const widths = texts.map(longest);
  // Breaking between words comes first; inside a word only when that was not enough.
  for (const least of [texts.map((t) => longest(t.flatMap(words))), texts.map(() => MIN_COLUMN)]) {
    for (;;) {
      const excess = widths.reduce((sum, w) => sum + w, GAP * (columns - 1)) - width;
      const slack = widths.map((w, i) => (w > Math.max(MIN_COLUMN, least[i] as number) ? w : 0));
      const widest = slack.indexOf(Math.max(...slack));
      if (excess <= 0 || !slack[widest]) break;
      widths[widest] = (widths[widest] as number) - 1;
    }
  }
  return widths;
}

/** The pieces that `wrap` would rather not break, each with the indent of its text. */
function words(text: string): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  return text
    .trim()
    .split(/ +/)
    .map((word) => indent + word);
}

/** The least width at which no word of the rows is broken. */
export function leastWidth(rows: readonly Row[]): number {
  const tabular = rows.filter((row) => !('line' in row)) as (readonly Cell[])[];
  const columns = Math.max(0, ...tabular.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...tabular.flatMap((row) => words(row[i]?.text ?? '').map((word) => word.length))),
  );
  return widths.reduce((sum, w) => sum + w, GAP * (columns - 1));
}

/** The width at which nothing wraps. */
export function naturalWidth(rows: readonly Row[]): number {
  const tabular = rows.filter((row) => !('line' in row)) as (readonly Cell[])[];
  const columns = Math.max(0, ...tabular.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...tabular.map((row) => row[i]?.text.length ?? 0)));
  return widths.reduce((sum, w) => sum + w, GAP * (columns - 1));
}
