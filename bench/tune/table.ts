import colours from 'picocolors';
import type { Tuning } from '../../kernels/declaration.js';
import { type Cell, layOut, leastWidth, type Row, wrapIndented } from '../../reports/formats/layout.js';
import { explainReason, reasonLabel } from '../../reports/reasons.js';
import type { Ratio } from '../../reports/statistics/index.js';
import { formatRate, formatRatio } from '../../reports/units.js';
import type { RefusedTuning, TuneOutcome, VariantOutcome, WorkloadOutcome } from './outcome.js';
import { tuningWords } from './space.js';

type Paint = ReturnType<typeof colours.createColors>;

const NONE = '–';
const HEAD = ['  variant', 'tried', 'default', 'best\u00a0other', 'vs\u00a0default', 'verdict'] as const;

/** What tuning found, as a table per workload, for people. Lines are at most `width` characters from 48 on. */
export function renderTuning(outcome: TuneOutcome, width: number, colour: boolean): string {
  const paint = colours.createColors(colour);
  const room = Math.max(48, width);
  const { workloads } = outcome;
  const rows: Row[] = [HEAD.map((text): Cell => ({ text, paint: paint.dim }))];
  for (const workload of workloads) {
    rows.push({ line: '' }, { line: workload.workload, paint: paint.bold });
    rows.push(...workload.variants.map((v) => variantRow(v, paint)));
    rows.push(...remarks(workload).map((line) => ({ line: `  ${line}`, paint: paint.dim })));
  }
  const sections = [workloads.length > 0 ? layOut(narrowed(rows, room), room) : 'Nothing was tuned.'];
  const refusals = refused(workloads, room, paint);
  if (refusals) sections.push(refusals);
  if (outcome.stopped) sections.push(paint.yellow(wrapIndented(stopped(outcome), room, 0)));
  return `${sections.join('\n\n')}\n`;
}

/** What a narrow terminal goes without, first the first; the JSON has it all. */
const DISPENSABLE = [HEAD.indexOf('tried'), HEAD.indexOf('default'), HEAD.indexOf('vs\u00a0default')] as const;

function narrowed(rows: readonly Row[], width: number): readonly Row[] {
  const without = (dropped: readonly number[]) =>
    rows.map((row) => ('line' in row ? row : row.filter((_, i) => !dropped.includes(i))));
  const choices = [0, 1, 2, 3].map((count) => without(DISPENSABLE.slice(0, count)));
  return choices.find((choice) => leastWidth(choice) <= width) ?? (choices.at(-1) as Row[]);
}

function variantRow(v: VariantOutcome, paint: Paint): Cell[] {
  return [
    { text: `  ${v.variant}` },
    { text: `${v.tried}/${v.spaceSize}` },
    { text: v.defaultRate ? formatRate(v.defaultRate) : NONE },
    { text: v.challenger ? tuningWords(changed(v.challenger, v.defaultTuning)) : NONE },
    { text: v.ratio ? interval(v.ratio) : NONE },
    verdict(v, paint),
  ];
}

/** Only what differs from the default; the JSON has it whole. */
const changed = (tuning: Tuning, from: Tuning): Tuning =>
  Object.fromEntries(Object.entries(tuning).filter(([name, value]) => from[name] !== value));

/** `1.09× (1.004–1.182)`: whether the whole interval lies above one must be seen. */
const interval = ({ ratio, low, high }: Ratio) =>
  `${formatRatio(ratio)}\u00a0(${low.toPrecision(3 + Number(low >= 1))}–${high.toPrecision(3 + Number(high >= 1))})`;

function verdict({ decision, tried }: VariantOutcome, paint: Paint): Cell {
  switch (decision) {
    case 'faster':
      return { text: 'wins', paint: paint.green };
    case 'default-kept':
      return { text: 'default\u00a0stays' };
    case 'default-alone':
      return { text: tried > 1 ? 'default stays: no other runs' : 'default stays: no time for others' };
    case 'default-refused':
      return { text: 'wins: the default does not run here', paint: paint.yellow };
    case 'nothing-runs':
      return { text: 'nothing runs here', paint: paint.red };
  }
}

/** What the rows do not say: which variant is best, what there was no time for, how it was searched. */
function remarks({ variants, unfinished, refused: others, fastest, seconds }: WorkloadOutcome): string[] {
  const lines: string[] = [];
  if (fastest) {
    const { variant, second, ratio } = fastest;
    const against = second === null || ratio === null ? '' : `, ${interval(ratio)} ${second}`;
    lines.push(`fastest variant: ${variant}${against}`);
  }
  const untried = variants.filter((v) => v.untried > 0).map((v) => `${v.untried} of ${v.variant}`);
  if (untried.length > 0) lines.push(`no time for: ${untried.join(', ')}; raise --budget`);
  // The others were refused, and stand below with the reason.
  const left = unfinished.filter((id) => !others.some(({ variant }) => variant === id));
  if (left.length > 0) lines.push(`not tuned, for the time was up: ${left.join(', ')}; raise --budget`);
  lines.push(`${seconds.toFixed(0)} s`);
  return lines;
}

/** Refused configurations by variant and reason: how many, one of them, and what happened to it. */
function refused(workloads: readonly WorkloadOutcome[], width: number, paint: Paint): string | null {
  const groups = new Map<string, { where: string; cases: RefusedTuning[] }>();
  for (const { workload, variants, refused: others } of workloads) {
    const all = [
      ...variants.map((v) => ({ variant: v.variant, cases: v.refused })),
      ...others.map(({ variant, tuning, refusal }) => ({ variant, cases: [{ tuning, ...refusal }] })),
    ];
    for (const { variant, cases } of all)
      for (const one of cases) {
        const where = `${workload} ${variant}`;
        const key = `${where} ${one.reasons.map(({ code }) => code).join(' ')}`;
        const group = groups.get(key) ?? { where, cases: [] };
        group.cases.push(one);
        groups.set(key, group);
      }
  }
  if (groups.size === 0) return null;
  const lines = [...groups.values()].map(({ where, cases }) => {
    const [first] = cases as [RefusedTuning];
    const reason = first.reasons[0];
    const which = [tuningWords(first.tuning), cases.length > 1 && `and ${cases.length - 1} more`].filter(Boolean);
    const why = reason ? `${reasonLabel(reason.code)}: ${explainReason(reason)}` : first.status;
    return `  ${wrapIndented(`${[where, ...which].join(' ')}: ${why}`, width - 2, 4)}`;
  });
  return [paint.bold('Refused'), ...lines].join('\n');
}

function stopped({ stopped: reason, cache, exitCode }: TuneOutcome): string {
  const kept = cache === null ? 'what was found is above' : `what was found so far is kept in ${cache}`;
  return exitCode === 130
    ? `Interrupted; ${kept}.`
    : `The worker died twice in a row (${reason?.detail ?? 'no reason'}); ${kept}.`;
}
