import colours from 'picocolors';
import type { ComparedMeasurement, ComparedResults } from '../compare.js';
import { namesByText } from '../groups.js';
import { formatRate } from '../units.js';
import { type ComparisonRow, comparisonTable, NONE, type Paint, section } from './comparison-table.js';
import { wrapIndented } from './layout.js';

const HEAD = ['implementation', 'first', 'second', 'second\u00a0÷\u00a0first', 'verdict'] as const;

/** What the comparison of two results says, for people. */
export function renderComparison(
  { compared, warnings, sameDevice }: ComparedResults,
  width: number,
  colour: boolean,
): string {
  const paint = colours.createColors(colour);
  const shown = compared.filter(({ ratio }) => ratio !== null);
  const sections = [
    shown.length > 0
      ? comparisonTable(
          HEAD,
          shown.map((one) => rowOf(one, paint)),
          width,
          paint,
        )
      : 'Nothing could be compared.',
    gathered('Not compared', compared, ({ refusal }) => (refusal === null ? [] : [refusal]), width, paint),
    gathered('To be considered', compared, ({ notes }) => notes, width, paint),
    warnings.map((text) => wrapIndented(text, width, 0)).join('\n'),
    sameDevice ? null : wrapIndented('Two cards: faster and slower are theirs, and no regression.', width, 0),
  ];
  return `${sections.filter((text) => text !== null && text !== '').join('\n\n')}\n`;
}

function rowOf(one: ComparedMeasurement, paint: Paint): ComparisonRow {
  const { workload, implementation, from, to, ratio, verdict } = one;
  const rate = (m: ComparedMeasurement['from']) => (m?.rate ? formatRate(m.rate) : NONE);
  return {
    ...{ workload, name: implementation, sides: [rate(from), rate(to)], ratio, verdict: verdict ?? NONE },
    paint: verdict === 'slower' ? paint.red : verdict === 'faster' ? paint.green : (text) => text,
  };
}

/** One line for each thing that is said of some, with those that it is said of. */
function gathered(
  title: string,
  compared: readonly ComparedMeasurement[],
  saidOf: (one: ComparedMeasurement) => readonly string[],
  width: number,
  paint: Paint,
): string | null {
  const said = compared.flatMap((one) =>
    saidOf(one).map((text) => [text, `${one.workload} ${one.implementation}`] as const),
  );
  const lines = [...namesByText(said)].map(
    ([text, [first, ...others]]) => `${text}: ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`,
  );
  return section(title, lines, width, paint);
}
