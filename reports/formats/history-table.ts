import colours from 'picocolors';
import { namesByText } from '../groups.js';
import type { History, HistoryCard, HistorySeries } from '../history-schema.js';
import {
  counted,
  fileNotes,
  fromTo,
  isoDay,
  ratioWithInterval,
  summaryOf,
  suspicion,
  whereabouts,
} from '../history-text.js';
import { median } from '../statistics/index.js';
import { formatInterval, formatRate, formatRatio } from '../units.js';
import { NONE, type Paint, section } from './comparison-table.js';
import { type Cell, layOut, type Row, wrapIndented } from './layout.js';

const HEAD = ['implementation', 'runs', 'trend', 'newest rate', '', 'last change'] as const;
/** Characters; each stands for as many runs in a row, by the median of their rates. */
const TREND = 12;
/** An odd number, so that a level series stays at the middle one. */
const BARS = '▁▂▃▄▅▆▇';
const GAP = '·';
/** The bars span at least this part of the median, so that noise of a percent does not look like a mountain range. */
const LEAST_SPAN = 0.2;
const SHOWN_CHANGES = 30;
const SHOWN_FILES = 5;

/** What a history says, for people: series, changes newest first, gaps, files that did not take part. */
export function renderHistory(history: History, width: number, colour: boolean): string {
  const paint = colours.createColors(colour);
  const drawn = history.series.filter(({ points }) => points.length > 0);
  const sections = [
    wrapIndented(summaryOf(history), width, 0),
    ...history.cards.flatMap((card, i) =>
      cardSection(
        card,
        drawn.filter((series) => series.card === i),
        width,
        paint,
      ),
    ),
    changesSection(history, width, paint),
    gapsSection(history, width, paint),
    section('Files left out', fileNotes(history, SHOWN_FILES), width, paint),
    drawn.some(({ points }) => points.at(-1)?.status === 'unreliable') ? '?: unreliable' : null,
  ];
  return `${sections.filter((text) => text !== null && text !== '').join('\n\n')}\n`;
}

function cardSection(card: HistoryCard, series: readonly HistorySeries[], width: number, paint: Paint): string[] {
  if (series.length === 0) return [];
  const title = [card.name, card.backend, `on ${card.cpu}`, counted(card.runs.length, 'run')].join(', ');
  const warning = card.software
    ? `\n${wrapIndented('Software adapter: a program computes in place of a GPU, so these figures say nothing about hardware.', width, 0)}`
    : '';
  const rows: Row[] = [HEAD.map((text, i) => ({ ...aligned(text, i), paint: paint.dim }))];
  let workload = '';
  for (const one of series) {
    if (one.workload !== workload) rows.push({ line: '' }, { line: one.workload, paint: paint.bold });
    workload = one.workload;
    rows.push(rowOf(one, card, series, paint));
  }
  return [`${paint.bold(wrapIndented(title, width, 0))}${warning}\n\n${layOut(rows, width)}`];
}

const aligned = (text: string, column: number): Cell => ({
  text: column === 0 ? `  ${text}` : text,
  ...((column === 1 || column === 3) && { align: 'right' as const }),
});

function rowOf(one: HistorySeries, card: HistoryCard, all: readonly HistorySeries[], paint: Paint): Row {
  const newest = one.points.at(-1);
  const change = one.changes.at(-1);
  const cells = [
    seriesName(one, all),
    String(one.points.length),
    trendOf(one, card),
    newest ? formatRate({ value: newest.value, unit: `${one.work.unit}/s` }) : NONE,
    newest ? `${formatInterval(newest)}${newest.status === 'unreliable' ? '\u00a0?' : ''}` : '',
    change ? formatRatio(change.ratio.value) : NONE,
  ].map(aligned);
  const colour = change?.direction === 'slower' ? paint.red : paint.green;
  return cells.map((cell, i) => (i === 5 && change ? { ...cell, paint: colour } : cell));
}

/** With what keeps it apart from another series of the same name. */
export function seriesName(one: HistorySeries, all: readonly HistorySeries[]): string {
  const twins = all.filter(
    (other) =>
      other.card === one.card && other.workload === one.workload && other.implementation === one.implementation,
  );
  const differs = (tell: (s: HistorySeries) => string) => new Set(twins.map(tell)).size > 1;
  const work = (s: HistorySeries) => `${s.work.operations} ${s.work.unit}, ${s.work.bytes} bytes`;
  const marks = [
    differs((s) => s.mode) && one.mode,
    differs((s) => s.clock) && `${one.clock} clock`,
    differs(work) && work(one),
  ].filter(Boolean);
  return marks.length > 0 ? `${one.implementation} (${marks.join(', ')})` : one.implementation;
}

/** The whole series in a few bars, a dot where none of the runs has a figure. */
function trendOf({ points, gaps }: HistorySeries, { runs }: HistoryCard): string {
  const values = new Map(points.map(({ run, value }) => [run, value]));
  const missing = new Set(gaps.map(({ run }) => run));
  const told = runs.filter(({ id }) => values.has(id) || missing.has(id));
  const bars = Math.min(TREND, told.length);
  const parts = Array.from({ length: bars }, (_, i) =>
    told
      .slice(Math.round((i * told.length) / bars), Math.round(((i + 1) * told.length) / bars))
      .flatMap(({ id }) => values.get(id) ?? []),
  );
  const levels = parts.map((part) => (part.length > 0 ? median(part) : null));
  const rates = levels.filter((level) => level !== null);
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const span = Math.max(high - low, LEAST_SPAN * median(rates));
  const floor = (low + high - span) / 2;
  // Rounding may put the least a hair below the floor.
  const place = (level: number) => Math.floor(((level - floor) / span) * BARS.length);
  const bar = (level: number) => BARS[Math.min(BARS.length - 1, Math.max(0, place(level)))];
  return levels.map((level) => (level === null ? GAP : bar(level))).join('');
}

function changesSection({ series, cards }: History, width: number, paint: Paint): string | null {
  const changes = series.flatMap((one) => one.changes.map((change) => ({ one, change })));
  changes.sort((a, b) => Date.parse(b.change.when) - Date.parse(a.change.when));
  const lines = changes.slice(0, SHOWN_CHANGES).map(({ one, change }) => {
    const card = cards[one.card] as HistoryCard;
    const name = `${one.workload} ${seriesName(one, series)}${cards.length > 1 ? ` on ${card.name}` : ''}`;
    return [
      `${isoDay(change.when)} ${change.direction}: ${name}, ${fromTo(change, one)}, ${ratioWithInterval(change)}.`,
      whereabouts(change, one, card),
      suspicion(change, one),
    ].join(' ');
  });
  if (changes.length > SHOWN_CHANGES)
    lines.push(`and ${changes.length - SHOWN_CHANGES} more, in the page and the JSON`);
  return section('Changes, newest first', lines, width, paint);
}

/** One line for each reason, with those that it befell. */
function gapsSection({ series }: History, width: number, paint: Paint): string | null {
  const said = series.flatMap((one) =>
    [...new Set(one.gaps.map(({ reason }) => reason))].map(
      (reason) => [reason, `${one.workload} ${one.implementation}`] as const,
    ),
  );
  const lines = [...namesByText(said)].map(
    ([reason, [first, ...others]]) => `${reason}: ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`,
  );
  return section('Runs without a figure', lines, width, paint);
}
