import { oneLine } from './naming.js';

/** A name that is longer is cut: no name of ours comes near. */
const MOST = 300;

/**
 * A name or a detail as a code span, so that nothing in it is read as markup, a link, or a mention of somebody. Its fence
 * is longer than any run of backticks inside (CommonMark 0.31, 6.1), and a pipe is escaped for the cell of a table (GFM,
 * 4.10: "It is possible to include a pipe in a cell's content by escaping it, including inside other inline spans").
 */
export function codeCell(text: string): string {
  // Readers disagree about a backslash before an escaped pipe.
  return fenced(clipped(text).replace(/\\+(?=\|)/g, '\ufffd')).replaceAll('|', '\\|');
}

/** As `codeCell`, outside of tables, where a pipe is a character like any other. */
export function code(text: string): string {
  return fenced(clipped(text));
}

function clipped(raw: string): string {
  const characters = [...oneLine(raw)];
  return characters.length > MOST ? `${characters.slice(0, MOST).join('')}…` : characters.join('');
}

function fenced(text: string): string {
  if (text.trim() === '') return '(empty)';
  const runs: readonly string[] = text.match(/`+/g) ?? [];
  // The shortest that does not occur; a run inside may be longer.
  let fence = '`';
  while (runs.includes(fence)) fence += '`';
  const pad = /^[` ]|[` ]$/.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

export interface MarkdownColumn {
  readonly head: string;
  readonly align?: 'right';
}

/** A table of GitHub-flavoured Markdown; cells are Markdown already. */
export function markdownTable(columns: readonly MarkdownColumn[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ head }) => head)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** Leaves something for what else the step has to say. */
const MOST_BYTES = 1000 * 1024;

/**
 * GitHub takes at most 1024 KiB for a step ("$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of
 * 1024k"); what would be larger loses its last rows.
 * @param render with at most so many rows; it says how many it left out
 */
export function fitting(all: number, render: (most: number) => string): string {
  for (let most = all; ; most = Math.floor(most / 2)) {
    const text = render(most);
    if (Buffer.byteLength(text) <= MOST_BYTES || most === 0) return text;
  }
}

/** A unit stands outside of code spans, so it may only have the characters of one. */
export const plainUnit = ({ value, unit }: { readonly value: number; readonly unit: string }) => ({
  value,
  unit: unit.replace(/[^\p{L}\p{N}/%. -]/gu, '\ufffd').slice(0, 40),
});
