import colours from 'picocolors';
import { casesByReason, groupByWorkload, type ReasonCase, skippedAlike, type WorkloadGroup } from '../groups.js';
import { explainReason, reasonLabel, statusText } from '../reasons.js';
import type { Measurement, Result } from '../schema.js';
import { isTuned, tuningText } from '../tuning.js';
import { formatComparison, formatInterval, formatNs, formatPercent, formatRate } from '../units.js';
import { acrossTable } from './across.js';
import type { Exporter } from './exporter.js';
import { type Cell, layOut, leastWidth, naturalWidth, type Row, wrapIndented } from './layout.js';

export interface TableOptions {
  /** Columns of the terminal; lines are never longer while there are at least 48. Default 100. */
  readonly width?: number;
  /** ANSI colours. The status is always a word too. Default off. */
  readonly colour?: boolean;
}

const MIN_WIDTH = 48;
const NONE = '–';
const HEAD = ['  implementation', 'rate', '', 'of ceiling', 'vs best baseline', 'status'] as const;
const RATE = HEAD.indexOf('rate');
/** What a narrow terminal goes without, first the first; the JSON has it all. */
const DISPENSABLE = [HEAD.indexOf('of ceiling'), HEAD.indexOf('vs best baseline')] as const;

/** The exporter for a terminal of a given width. */
export function tableExporter({ width = 100, colour = false }: TableOptions = {}): Exporter {
  return {
    name: 'table',
    extension: 'txt',
    render: (result) => renderTable(result, Math.max(MIN_WIDTH, width), colours.createColors(colour)),
  };
}

type Paint = ReturnType<typeof colours.createColors>;

function renderTable(result: Result, width: number, paint: Paint): string {
  const groups = groupByWorkload(result);
  const rows: Row[] = [HEAD.map((text, i) => ({ text, align: i === RATE ? 'right' : 'left', paint: paint.dim }))];
  for (const group of groups) {
    rows.push({ line: '' }, { line: group.workload, paint: paint.bold });
    if (skippedAlike(group, 'code') || onlySkipped(group))
      rows.push({ line: `  ${gathered(group)}`, paint: paint.dim });
    else rows.push(...group.measurements.map((m) => measurementRow(m, paint)));
  }
  const sections = [heading(result, width, paint)];
  sections.push(groups.length > 0 ? layOut(narrowed(rows, width), width) : 'Nothing was measured.');
  const across = acrossTable(result, width);
  if (across) sections.push(across);
  const tuned = tunings(result, width, paint);
  if (tuned) sections.push(tuned);
  const slow = slowToCompile(result, width);
  if (slow) sections.push(slow);
  const why = explanations(result, width, paint);
  if (why) sections.push(why);
  return `${sections.join('\n\n')}\n`;
}

/** The rows without the columns that would have to be broken inside a word, or that hold nothing where room is short. */
function narrowed(rows: readonly Row[], width: number): readonly Row[] {
  const [, ...body] = rows.filter((row): row is readonly Cell[] => !('line' in row));
  const empty = DISPENSABLE.filter((i) => naturalWidth(rows) > width && body.every((row) => row[i]?.text === NONE));
  const without = (dropped: readonly number[]) =>
    rows.map((row) => ('line' in row ? row : row.filter((_, i) => !dropped.includes(i))));
  const choices = [empty, [...empty, ...DISPENSABLE.slice(0, 1)], DISPENSABLE].map(without);
  return choices.find((choice) => leastWidth(choice) <= width) ?? (choices.at(-1) as Row[]);
}

function heading({ suite, device, finishedAt }: Result, width: number, paint: Paint): string {
  const lines = [
    wrapIndented(`${suite} on ${[device.name, device.driver, device.backend].filter(Boolean).join(', ')}`, width, 0),
  ];
  if (device.software)
    lines.push(
      paint.yellow(
        wrapIndented(
          'Software adapter: a program computes in place of a GPU, so these figures say nothing about hardware.',
          width,
          0,
        ),
      ),
    );
  if (finishedAt === null) lines.push(paint.yellow(wrapIndented('Unfinished: go on with `assay resume`.', width, 0)));
  return lines.join('\n');
}

const onlySkipped = ({ measurements }: WorkloadGroup) =>
  measurements.length === 1 && measurements[0]?.status === 'skipped';

/** `all 3 implementations skipped: feature missing`. */
function gathered({ measurements }: WorkloadGroup): string {
  const [first] = measurements as readonly [Measurement, ...Measurement[]];
  const who = measurements.length === 1 ? first.implementation : `all ${measurements.length} implementations`;
  return `${who} ${statusText(first)}`;
}

function measurementRow(m: Measurement, paint: Paint): Cell[] {
  const status = statusText(m);
  const tint = { valid: paint.green, unreliable: paint.yellow, failed: paint.red, skipped: paint.dim }[m.status];
  return [
    { text: `  ${m.implementation}${isTuned(m) ? '*' : ''}` },
    { text: m.rate ? formatRate(m.rate) : NONE, align: 'right' },
    { text: m.rate ? formatInterval(m.rate) : '' },
    { text: m.ceiling ? `${formatPercent(m.ceiling.fraction)} of ${m.ceiling.of.split('/')[0]}` : NONE },
    { text: m.versusBaseline ? formatComparison(m.versusBaseline) : NONE },
    { text: status, paint: tint },
  ];
}

/** From when on whoever waits for a kernel should know what they waited for. */
const SLOW_COMPILE_MS = 2000;

/** The slowest to compile, where it took long; how many took long. */
function slowToCompile({ measurements }: Result, width: number): string | null {
  const slow = measurements.filter((m) => (m.compileMs ?? 0) >= SLOW_COMPILE_MS);
  const [first] = [...slow].sort((a, b) => (b.compileMs ?? 0) - (a.compileMs ?? 0));
  if (first === undefined) return null;
  const others = slow.length > 1 ? `; ${slow.length} took 2 s or more` : '';
  const text = `Slowest to compile: ${first.workload} ${first.implementation}, ${formatNs((first.compileMs ?? 0) * 1e6)}${others}.`;
  return wrapIndented(text, width, 2);
}

/** What the asterisks stand for: one line for each tuning that is not the declared default. */
function tunings({ measurements }: Result, width: number, paint: Paint): string | null {
  const tuned = measurements.filter(isTuned);
  if (tuned.length === 0) return null;
  const lines = tuned.map(
    (m) => `  ${wrapIndented(`${m.workload} ${m.implementation}: ${tuningText(m)}`, width - 2, 4)}`,
  );
  return [paint.bold('* Tuned on this adapter by `assay tune`'), ...lines].join('\n');
}

/** Every reason code that is not a note once, as a sentence: whom it befell, and one case where there are many. */
function explanations({ measurements }: Result, width: number, paint: Paint): string | null {
  const befell = casesByReason(measurements);
  if (befell.size === 0) return null;
  const lines = [...befell].map(([code, cases]) => {
    const [first] = cases as [ReasonCase];
    const name = `${first.measurement.workload} ${first.measurement.implementation}`;
    const one = cases.length === 1;
    const sentence = `${reasonLabel(code)}: ${explainReason({ code, detail: one ? first.detail : '' })}`;
    const instance = first.detail ? `: ${first.detail}` : '';
    const who = one ? `[${name}]` : `[${cases.length} measurements, e.g. ${name}${instance}]`;
    return `  ${wrapIndented(`${sentence} ${who}`, width - 2, 4)}`;
  });
  return [paint.bold('Why'), ...lines].join('\n');
}
