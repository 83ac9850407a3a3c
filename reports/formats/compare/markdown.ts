import { type CompareDocument, type ComparedPair, gotWorse } from '../../compare-document.js';
import { namesByText } from '../../groups.js';
import { formatPercent, formatRate } from '../../units.js';
import { ratioText } from '../check/words.js';
import { code, codeCell, fitting, type MarkdownColumn, markdownTable, plainUnit } from '../markdown-text.js';
import type { CompareExporter } from './exporter.js';

/**
 * GitHub-flavoured Markdown of a comparison: for each file after the first the answer, a table of what differs, what was
 * not compared and why; what is the same stands under a fold.
 */
export const compareMarkdownExporter: CompareExporter = {
  name: 'markdown',
  extension: 'md',
  render: (document) =>
    fitting(Math.max(0, ...document.comparisons.map(({ compared }) => compared.length)), (most) =>
      renderMarkdown(document, most),
    ),
};

type Second = CompareDocument['comparisons'][number];

const NONE = '–';
const COLUMNS: readonly MarkdownColumn[] = [
  { head: 'workload' },
  { head: 'implementation' },
  { head: 'first', align: 'right' },
  { head: 'second', align: 'right' },
  { head: 'second ÷ first (95 %)', align: 'right' },
  { head: 'verdict' },
];

function renderMarkdown({ first, minEffect, comparisons }: CompareDocument, most: number): string {
  const bound = `Faster and slower are said of differences beyond ±${formatPercent(minEffect)}.`;
  const parts = ['## Assay compare', `First: ${titled(first)}. ${bound}`];
  return `${[...parts, ...comparisons.map((second) => section(second, most))].join('\n\n')}\n`.replaceAll(
    '\u00a0',
    ' ',
  );
}

const titled = ({ file, device, startedAt }: CompareDocument['first']) =>
  `${code(file)}, ${code(device.name)}, ${startedAt.slice(0, 10)}`;

function section(second: Second, most: number): string {
  const { compared, warnings, sameDevice } = second;
  const rank = ({ verdict }: ComparedPair) => ['slower', 'faster', 'ambiguous', 'same', null].indexOf(verdict);
  const shown = [...compared].sort((a, b) => rank(a) - rank(b)).slice(0, most);
  const differ = shown.filter(({ verdict }) => verdict === 'slower' || verdict === 'faster');
  const left = compared.length - shown.length;
  const refused = shown.filter(({ ratio }) => ratio === null);
  return [
    `### ${titled(second)}`,
    `**${answer(second)}.**`,
    warnings.length > 0 && `> [!NOTE]\n${warnings.map((text) => `> - ${code(text)}`).join('\n')}`,
    !sameDevice && 'Two cards: faster and slower are theirs, and no regression.',
    differ.length > 0 && table(differ, sameDevice),
    titledTable('Ambiguous', shown, 'ambiguous', sameDevice),
    shown.some(({ verdict }) => verdict === 'ambiguous') &&
      'For ambiguous ones measure again with more `--rounds`, or ask for a larger `--min-effect`.',
    gathered('Not compared', refused, ({ refusal }) => (refusal === null ? [] : [refusal])),
    gathered('To be considered', shown, ({ notes }) => notes),
    folded(shown, sameDevice),
    left > 0 && `${left} more ${left === 1 ? 'is' : 'are'} in the result files.`,
  ]
    .filter((part) => typeof part === 'string')
    .join('\n\n');
}

function answer({ compared, sameDevice }: Second): string {
  const many = (verdict: ComparedPair['verdict']) => compared.filter((one) => one.verdict === verdict).length;
  const counts = (['slower', 'faster', 'same', 'ambiguous'] as const).flatMap((verdict) =>
    many(verdict) > 0 ? [`${many(verdict)} ${verdict}`] : [],
  );
  const wrong = compared.filter((one) => one.verdict !== 'slower' && gotWorse(one, sameDevice)).length;
  if (counts.length + wrong === 0) return 'Nothing could be compared';
  return [...(wrong > 0 ? [`${wrong} no longer right`] : []), ...counts].join(', ');
}

function table(rows: readonly ComparedPair[], sameDevice: boolean): string {
  const rate = (side: ComparedPair['from']) => (side?.rate ? formatRate(plainUnit(side.rate)) : NONE);
  return markdownTable(
    COLUMNS,
    rows.map((one) => [
      ...[codeCell(one.workload), codeCell(one.implementation), rate(one.from), rate(one.to)],
      one.ratio ? ratioText(one.ratio) : NONE,
      gotWorse(one, sameDevice) ? `**${one.verdict}**` : (one.verdict ?? NONE),
    ]),
  );
}

function titledTable(title: string, shown: readonly ComparedPair[], verdict: 'ambiguous', sameDevice: boolean) {
  const rows = shown.filter((one) => one.verdict === verdict);
  return rows.length > 0 && `#### ${title}\n\n${table(rows, sameDevice)}`;
}

function folded(shown: readonly ComparedPair[], sameDevice: boolean): string | false {
  const rows = shown.filter(({ verdict }) => verdict === 'same');
  return (
    rows.length > 0 &&
    `<details><summary>The same (${rows.length})</summary>\n\n${table(rows, sameDevice)}\n\n</details>`
  );
}

/** One line for each thing that is said of some; what it says has words of the results in it. */
function gathered(
  title: string,
  rows: readonly ComparedPair[],
  saidOf: (one: ComparedPair) => readonly string[],
): string | false {
  const said = rows.flatMap((one) =>
    saidOf(one).map((text) => [text, `${code(one.workload)} ${code(one.implementation)}`] as const),
  );
  const lines = [...namesByText(said)].map(
    ([text, [name, ...others]]) => `- ${code(text)}: ${name}${others.length > 0 ? ` and ${others.length} more` : ''}`,
  );
  return lines.length > 0 && `#### ${title}\n\n${lines.join('\n')}`;
}
