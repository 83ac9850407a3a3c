import type { Check, CheckComparison, CheckVerdict } from '../../check.js';
import { namesByText } from '../../groups.js';
import { formatPercent, formatRate } from '../../units.js';
import { code, codeCell, fitting, type MarkdownColumn, markdownTable, plainUnit } from '../markdown-text.js';
import type { CheckExporter } from './exporter.js';
import { adviceOf, answerOf, countsOf, IS_GONE, ratioText, seenIn, verdictWord } from './words.js';

/**
 * GitHub-flavoured Markdown of a check, for `$GITHUB_STEP_SUMMARY` or a comment: the answer, then what changed, what is
 * wrong or cannot be compared, what cannot be said with its next step; what is the same stands under a fold.
 */
export const checkMarkdownExporter: CheckExporter = {
  name: 'markdown',
  extension: 'md',
  render: (check) => fitting(check.comparisons.length, (most) => renderMarkdown(check, most)),
};

const NONE = '–';
/** What matters most comes first, and is the last to be left out. */
const ORDER: readonly CheckVerdict[] = [
  ...(['incorrect', 'slower', 'faster', 'changed', 'gone', 'fixed', 'ambiguous', 'new', 'same', 'skipped'] as const),
];

function renderMarkdown(check: Check, most: number): string {
  const { comparisons, vanished } = check;
  const shown = ORDER.flatMap((verdict) => comparisons.filter((c) => c.verdict === verdict)).slice(0, most);
  const of = (...verdicts: CheckVerdict[]) => shown.filter(({ verdict }) => verdicts.includes(verdict));
  const left = comparisons.length - shown.length;
  return `${[
    ...heading(check),
    tabled('Changes', of('slower', 'faster')),
    listed('Wrong', of('incorrect')),
    listed('Changed, so not compared', of('changed')),
    listed('Gone', of('gone'), vanished.length > 0 ? [`- ${IS_GONE} ${vanished.map(code).join(', ')}`] : []),
    listed('Wrong before, right now', of('fixed')),
    tabled('Ambiguous', of('ambiguous')),
    steps(of('ambiguous')),
    folded('New: verified and not compared', of('new'), names(of('new'))),
    folded('The same', of('same'), sameOnes(of('same'))),
    folded('Skipped on both sides', of('skipped'), bullets(of('skipped')).join('\n')),
    left > 0 && `${left} more ${left === 1 ? 'is' : 'are'} in the result file.`,
  ]
    .filter((part) => typeof part === 'string')
    .join('\n\n')}\n`.replaceAll('\u00a0', ' ');
}

function heading(check: Check): (string | false)[] {
  const { settings, device, against, now, tool } = check;
  const counts = countsOf(check);
  const changed = now.uncommitted.length;
  const at = now.commit === null ? 'no commit yet' : code(now.commit.slice(0, 12));
  return [
    `## Assay check: ${answerOf(check)}`,
    device.software &&
      '> [!NOTE]\n> Software adapter: the verdicts are about this processor and say nothing about hardware.',
    counts !== '' && `${counts}.`,
    [
      `${at}${changed > 0 ? ` with ${changed} uncommitted ${changed === 1 ? 'file' : 'files'}` : ''} against ${revision(against)}${now.identical ? ': the kernels are the same, byte for byte, so this is an A/A check' : ''}`,
      `${settings.suite === 'custom' ? 'chosen workloads' : `suite ${code(settings.suite)}`} on ${code(device.name)}`,
      ...[device.driver, device.backend].filter((part) => part !== null).map(code),
      code(tool.version),
    ].join(' · '),
    `Faster and slower are said of changes beyond ±${formatPercent(settings.minEffect)}, all of them together right with ${formatPercent(settings.confidence)} probability, ${seenIn(check)}.`,
    ...check.warnings,
  ];
}

/** A commit that was named by itself is said once; of a result its day. */
const revision = ({ ref, commit, result }: Check['against']) => {
  if (result) return `${code(ref)} (${code(result.id)} of ${result.startedAt.slice(0, 10)})`;
  const short = code(commit?.slice(0, 12) ?? 'unknown');
  return ref === commit ? short : `${code(ref)} (${short})`;
};

const COLUMNS: readonly MarkdownColumn[] = [
  { head: 'workload' },
  { head: 'variant' },
  { head: 'before', align: 'right' },
  { head: 'now', align: 'right' },
  { head: 'now ÷ before (95 %)', align: 'right' },
  { head: 'rounds', align: 'right' },
  { head: 'verdict' },
];

function table(rows: readonly CheckComparison[]): string {
  const rate = ({ rate }: CheckComparison['now']) => (rate ? formatRate(plainUnit(rate)) : NONE);
  return markdownTable(
    COLUMNS,
    rows.map((one) => [
      ...[codeCell(one.workload), codeCell(one.variant), rate(one.before), rate(one.now)],
      one.ratio ? ratioText(one.ratio) : NONE,
      one.rounds > 0 ? String(one.rounds) : NONE,
      one.verdict === 'slower' ? '**slower**' : verdictWord(one),
    ]),
  );
}

const tabled = (title: string, rows: readonly CheckComparison[]) => rows.length > 0 && `### ${title}\n\n${table(rows)}`;

const nameOf = ({ workload, variant }: CheckComparison) => `${code(workload)} ${code(variant)}`;

/** The same is said once, with those that it is said of. */
function bullets(rows: readonly CheckComparison[]): string[] {
  const said = rows.map((one) => {
    const advice = adviceOf(one);
    const details = advice?.details.map(code).join('; ') ?? '';
    return [[advice?.prose, details].filter(Boolean).join(' '), nameOf(one)] as const;
  });
  return [...namesByText(said)].map(([text, all]) => `- ${short(all)}: ${text}`);
}

const SHOWN_NAMES = 4;
const short = (all: readonly string[]) =>
  all.length <= SHOWN_NAMES
    ? all.join(', ')
    : `${all.slice(0, SHOWN_NAMES).join(', ')} and ${all.length - SHOWN_NAMES} more`;

function listed(title: string, rows: readonly CheckComparison[], more: readonly string[] = []): string | false {
  const lines = [...bullets(rows), ...more];
  return lines.length > 0 && `### ${title}\n\n${lines.join('\n')}`;
}

/** Under the table that names them. */
function steps(rows: readonly CheckComparison[]): string | false {
  const lines = bullets(rows);
  return lines.length > 0 && `Next steps:\n\n${lines.join('\n')}`;
}

/** Those that were timed in a table; the others, whose program did not change, by workload. */
function sameOnes(rows: readonly CheckComparison[]): string {
  const timed = rows.filter(({ identical }) => !identical);
  const variants = namesByText(
    rows.filter(({ identical }) => identical).map(({ workload, variant }) => [code(workload), code(variant)] as const),
  );
  return [
    ...(timed.length > 0 ? [table(timed)] : []),
    ...(variants.size > 0 ? ['The same program as before, byte for byte, so it was verified and not timed:'] : []),
    ...(variants.size > 0
      ? [[...variants].map(([workload, all]) => `- ${workload}: ${all.join(', ')}`).join('\n')]
      : []),
  ].join('\n\n');
}

const names = (rows: readonly CheckComparison[]) => rows.map((one) => `- ${nameOf(one)}`).join('\n');

const folded = (title: string, rows: readonly CheckComparison[], inside: string) =>
  rows.length > 0 && `<details><summary>${title} (${rows.length})</summary>\n\n${inside}\n\n</details>`;
