import colours from 'picocolors';
import type { ComparedMeasurement, ComparedResults } from '../compare.js';
import { formatRate } from '../units.js';
import { type Cell, layOut, type Row, wrapIndented } from './layout.js';

type Paint = ReturnType<typeof colours.createColors>;

const NONE = '–';
const HEAD = ['  implementation', 'first', 'second', 'second\u00a0÷\u00a0first', 'verdict'] as const;

/** What the comparison of two results says, for people. */
export function renderComparison(
  { compared, warnings, sameDevice }: ComparedResults,
  width: number,
  colour: boolean,
): string {
  const paint = colours.createColors(colour);
  const shown = compared.filter(({ ratio }) => ratio !== null);
  const rows: Row[] = [
    HEAD.map((text, i): Cell => ({ text, paint: paint.dim, ...(i > 0 && i < 4 && { align: 'right' as const }) })),
  ];
  let workload = '';
  for (const one of shown) {
    if (one.workload !== workload) rows.push({ line: '' }, { line: one.workload, paint: paint.bold });
    workload = one.workload;
    rows.push(rowOf(one, paint));
  }
  const sections = [
    shown.length > 0 ? layOut(rows, width) : 'Nothing could be compared.',
    gathered('Not compared', compared, ({ refusal }) => (refusal === null ? [] : [refusal]), width, paint),
    gathered('To be considered', compared, ({ notes }) => notes, width, paint),
    warnings.map((text) => wrapIndented(text, width, 0)).join('\n'),
    sameDevice ? null : wrapIndented('Two cards: faster and slower are theirs, and no regression.', width, 0),
  ];
  return `${sections.filter((text) => text !== null && text !== '').join('\n\n')}\n`;
}

function rowOf({ implementation, from, to, ratio, verdict }: ComparedMeasurement, paint: Paint): Cell[] {
  const rate = (m: ComparedMeasurement['from']) => (m?.rate ? formatRate(m.rate) : NONE);
  const digits = (x: number) => (x >= 10 ? x.toPrecision(3) : x.toFixed(3));
  const tint = verdict === 'slower' ? paint.red : verdict === 'faster' ? paint.green : (text: string) => text;
  return [
    { text: `  ${implementation}` },
    { text: rate(from), align: 'right' },
    { text: rate(to), align: 'right' },
    {
      text: ratio ? `${digits(ratio.value)}\u00a0(${digits(ratio.low)}–${digits(ratio.high)})` : NONE,
      align: 'right',
    },
    { text: verdict ?? NONE, paint: tint },
  ];
}

/** One line for each thing that is said of some, with those that it is said of. */
function gathered(
  title: string,
  compared: readonly ComparedMeasurement[],
  saidOf: (one: ComparedMeasurement) => readonly string[],
  width: number,
  paint: Paint,
): string | null {
  const said = new Map<string, string[]>();
  for (const one of compared)
    for (const text of saidOf(one))
      said.set(text, [...(said.get(text) ?? []), `${one.workload} ${one.implementation}`]);
  if (said.size === 0) return null;
  const lines = [...said].map(([text, [first, ...others]]) => {
    const who = others.length > 0 ? `${first} and ${others.length} more` : first;
    return `  ${wrapIndented(`${text}: ${who}`, width - 2, 4)}`;
  });
  return [paint.bold(title), ...lines].join('\n');
}
