import { acrossWorkloads } from '../across.js';
import {
  casesByReason,
  countByStatus,
  groupByWorkload,
  type ReasonCase,
  skippedAlike,
  type WorkloadGroup,
} from '../groups.js';
import { familyNames } from '../names.js';
import { explainReason, reasonLabel, statusText } from '../reasons.js';
import type { Check, Measurement, ReasonCode, Result } from '../schema.js';
import { formatComparison, formatInterval, formatPercent, formatRate } from '../units.js';
import { ACROSS_ABOUT, ACROSS_TITLE, acrossCells } from './across.js';
import type { Exporter } from './exporter.js';
import { code, codeCell, fitting, type MarkdownColumn, markdownTable, plainUnit } from './markdown-text.js';

/**
 * GitHub-flavoured Markdown, for `$GITHUB_STEP_SUMMARY` or an issue: a table for each family, every reason with its next
 * step, ours against baselines.
 */
export const markdownExporter: Exporter = {
  name: 'markdown',
  extension: 'md',
  render: (result) => fitting(result.measurements.length, (most) => renderMarkdown(result, most)),
};

const NONE = '–';

const COLUMNS: readonly MarkdownColumn[] = [
  { head: 'workload' },
  { head: 'implementation' },
  { head: 'rate', align: 'right' },
  { head: '95 %', align: 'right' },
  { head: 'of ceiling' },
  { head: 'vs best baseline' },
  { head: 'status' },
];

function renderMarkdown(result: Result, most: number): string {
  const { measurements, checks } = result;
  const groups = groupByWorkload({ measurements: measurements.slice(0, most) });
  const families = Object.keys(familyNames) as Measurement['family'][];
  const left = measurements.length - most;
  return `${[
    heading(result),
    ...families.map((family) => familySection(family, groups)),
    left > 0 && `${left} more ${left === 1 ? 'measurement is' : 'measurements are'} in the result file.`,
    measurements.length === 0 && 'Nothing was measured.',
    checksSection(checks),
    reasonsSection(measurements),
    acrossSection(result),
  ]
    .filter((part) => typeof part === 'string')
    .join('\n\n')}\n`.replaceAll('\u00a0', ' ');
}

function heading({ suite, device, tool, measurements, finishedAt }: Result): string {
  const where = [device.driver, device.backend].filter((part) => part !== null).map(code);
  const counts = Object.entries(countByStatus(measurements)).filter(([, count]) => count > 0);
  const commit = tool.commit === null ? '' : `, ${code(tool.commit.slice(0, 12))}${tool.dirty ? ' with changes' : ''}`;
  return [
    `## Assay: ${code(suite)} on ${code(device.name)}`,
    device.software &&
      '> [!WARNING]\n> Software adapter: a program computes in place of a GPU, so these figures say nothing about hardware.',
    finishedAt === null && '> [!WARNING]\n> Unfinished: go on with `assay resume`.',
    `${[...where, `${code(tool.version)}${commit}`].join(' · ')}`,
    counts.length > 0 && counts.map(([status, count]) => `**${count}** ${status}`).join(', '),
  ]
    .filter((part) => typeof part === 'string')
    .join('\n\n');
}

function familySection(family: Measurement['family'], groups: readonly WorkloadGroup[]): string | null {
  const rows = groups.filter((group) => group.family === family).flatMap(groupRows);
  return rows.length === 0 ? null : `### ${familyNames[family]}\n\n${markdownTable(COLUMNS, rows)}`;
}

/** The workload is named in its first row. */
function groupRows(group: WorkloadGroup): string[][] {
  const { workload, measurements } = group;
  const [first] = measurements as readonly [Measurement];
  if (skippedAlike(group, 'code'))
    return [[codeCell(workload), `all ${measurements.length}`, NONE, '', NONE, NONE, statusText(first)]];
  return measurements.map((m, i) => [
    i === 0 ? codeCell(workload) : '',
    codeCell(m.implementation),
    m.rate ? formatRate(plainUnit(m.rate)) : NONE,
    m.rate ? formatInterval(m.rate) : '',
    m.ceiling ? `${formatPercent(m.ceiling.fraction)} of ${codeCell(m.ceiling.of.split('/')[0] as string)}` : NONE,
    m.versusBaseline ? formatComparison(m.versusBaseline) : NONE,
    emphasised(m),
  ]);
}

/** What somebody has to do something about stands out. */
const emphasised = (m: Measurement) =>
  m.status === 'unreliable' || m.status === 'failed'
    ? `**${m.status}**${statusText(m).slice(m.status.length)}`
    : statusText(m);

function checksSection(checks: readonly Check[]): string | null {
  if (checks.length === 0) return null;
  const rows = checks.map(({ id, status, reasons }) => [
    codeCell(id),
    status === 'pass' ? status : `**${status}**`,
    reasons.map((r) => codeCell([r.code, r.detail].filter(Boolean).join(': '))).join('<br>'),
  ]);
  return `### Checks\n\n${markdownTable([{ head: 'check' }, { head: 'status' }, { head: 'reasons' }], rows)}`;
}

/** What is to be done about every status that is not valid; of skips, below a fold. */
function reasonsSection(measurements: readonly Measurement[]): string | null {
  const items = (list: readonly Measurement[]) => [...casesByReason(list)].map(reasonItem).join('\n');
  const open = items(measurements.filter(({ status }) => status !== 'skipped'));
  const skipped = items(measurements.filter(({ status }) => status === 'skipped'));
  const parts = [
    open && `### Next steps\n\n${open}`,
    skipped && `<details><summary>Why some were skipped</summary>\n\n${skipped}\n\n</details>`,
  ].filter(Boolean);
  return parts.length === 0 ? null : parts.join('\n\n');
}

function reasonItem([reason, cases]: readonly [ReasonCode, readonly ReasonCase[]]): string {
  const [{ measurement, detail }] = cases as readonly [ReasonCase];
  const { workload, implementation, status } = measurement;
  const who = `${code(workload)} ${code(implementation)}${detail === '' ? '' : `: ${code(detail)}`}`;
  const many = cases.length === 1 ? who : `${cases.length} measurements, e.g. ${who}`;
  return `- **${reasonLabel(reason)}** (${status}): ${explainReason({ code: reason, detail: '' })} ${many}`;
}

function acrossSection(result: Result): string | null {
  const lines = acrossWorkloads(result);
  if (lines.length === 0) return null;
  const rows = lines.map((line) => {
    const [family, peer, ratio, count, range] = acrossCells(line);
    return [family, codeCell(peer), ratio, count, codeCell(range)];
  });
  const heads = ['family', 'baseline', 'geometric mean', 'workloads', 'range'].map((head) => ({ head }));
  return `### ${ACROSS_TITLE}\n\n${ACROSS_ABOUT}\n\n${markdownTable(heads, rows)}`;
}
