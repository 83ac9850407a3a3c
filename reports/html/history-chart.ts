import * as Plot from '@observablehq/plot';
import type { HistorySeries } from '../history-schema.js';
import { isOurs } from '../names.js';
import { median } from '../statistics/index.js';
import { rateUnit, siScale } from '../units.js';
import type { Markup } from './markup.js';
import type { ChartSize } from './rate-chart.js';
import { drawSvg } from './svg.js';

/** A run in the order of time; the charts of one card share them, so that one day stands in one line. */
export interface ChartRun {
  readonly id: string;
  /** Of its start: `2026-11-23`. */
  readonly day: string;
}

/** The axis spans at least this part of the median, so that noise of a percent does not look like mountains. */
const LEAST_SPAN = 0.1;
/** An interval that reaches further than this many times the spread of the rates is cut off. */
const REACH = 1.5;
const halo = { stroke: 'var(--paper)', strokeWidth: 4 };

interface Drawn {
  readonly x: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly valid: boolean;
}

/**
 * Rates over runs with their 95 % intervals: filled where valid, hollow where unreliable, a cross at the foot where a run
 * has no figure. A broken upright marks a change of level with its number and direction, a pale line each level.
 *
 * @param id unique in the page
 * @param numbers of the series' changes in the page, in their order
 */
export function historyChart(
  id: string,
  title: string,
  series: HistorySeries,
  runs: readonly ChartRun[],
  numbers: readonly number[],
  size: ChartSize,
): Markup {
  const narrow = size === 'narrow';
  const places = new Map(runs.map((run, i) => [run.id, i]));
  const points = series.points.flatMap(({ run, value, low, high, status }): Drawn[] => {
    const x = places.get(run);
    return x === undefined ? [] : [{ x, value, low, high, valid: status === 'valid' }];
  });
  const missing = series.gaps.flatMap(({ run }) => places.get(run) ?? []);
  const [bottom, top] = domainOf(points);
  const cut = (value: number) => Math.min(Math.max(value, bottom), top);
  const colour = isOurs(series.implementation) ? 'var(--ours)' : 'var(--peer)';
  const changes = series.changes.flatMap((change, i) => {
    const x = places.get(change.after);
    return x ? [{ x: x - 0.5, label: `${change.direction === 'slower' ? '▼' : '▲'} ${numbers[i]}` }] : [];
  });
  const room = (narrow ? 250 : 750) / runs.length;
  const radius = room < 7 ? 1.8 : room < 18 ? 2.5 : 3.5;
  const line = [...points, ...missing.map((x) => ({ x, value: Number.NaN }))].sort((a, b) => a.x - b.x);
  const ticks = dayTicks(runs, narrow ? 2 : 5);
  return drawSvg(id, title, {
    ...{ width: narrow ? 340 : 860, height: narrow ? 150 : 170 },
    ...{ marginTop: 22, marginBottom: 24, marginLeft: narrow ? 78 : 96, marginRight: 14 },
    style: { fontSize: '12px' },
    x: { domain: [-0.5, Math.max(runs.length, 2) - 0.5], axis: null },
    y: { domain: [bottom, top], axis: null },
    marks: [
      ...valueAxis(bottom, top, `${series.work.unit}/s`),
      Plot.axisX(ticks, {
        ...{ tickSize: 3, label: null, color: 'var(--muted)', fontSize: 12 },
        tickFormat: (x: number) => runs[x]?.day ?? '',
      }),
      Plot.ruleY([bottom], { stroke: 'var(--rule)' }),
      Plot.link(levelsOf(series, points, places), {
        ...{ x1: 'x1', x2: 'x2', y1: 'level', y2: 'level' },
        ...{ stroke: colour, strokeOpacity: 0.35, strokeWidth: 5 },
      }),
      Plot.ruleX(changes, { x: 'x', stroke: 'var(--ink)', strokeDasharray: '4 3', strokeWidth: 1.3 }),
      Plot.ruleX(points, {
        ...{ x: 'x', y1: (d: Drawn) => cut(d.low), y2: (d: Drawn) => cut(d.high) },
        ...{ stroke: 'var(--muted)', strokeWidth: 1.2 },
      }),
      Plot.lineY(line, { x: 'x', y: 'value', stroke: colour, strokeWidth: 1 }),
      Plot.dot(points, {
        ...{ x: 'x', y: 'value', r: radius, stroke: colour, strokeWidth: 1.4 },
        fill: (d: Drawn) => (d.valid ? colour : 'var(--paper)'),
      }),
      Plot.dot(missing, {
        ...{ x: (x: number) => x, y: () => bottom, dy: -6, symbol: 'times', r: radius + 0.5 },
        ...{ stroke: 'var(--bad)', strokeWidth: 1.6 },
      }),
      Plot.text(changes, {
        ...{ x: 'x', text: 'label', frameAnchor: 'top', lineAnchor: 'bottom', dy: -5 },
        ...{ fill: 'var(--ink)', fontWeight: 600, ...halo },
      }),
    ],
  });
}

/** Of all rates with some room, and of their intervals as far as these leave the rates legible. */
function domainOf(points: readonly Drawn[]): [number, number] {
  if (points.length === 0) return [0, 1];
  const values = points.map(({ value }) => value);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(greatest - least, LEAST_SPAN * median(values));
  const middle = (least + greatest) / 2;
  const [near, far] = [middle - span * (REACH / 2 + 0.1), middle + span * (REACH / 2 + 0.1)];
  const low = Math.max(Math.min(middle - span * 0.6, ...points.map((p) => p.low)), near, 0);
  return [low, Math.min(Math.max(middle + span * 0.6, ...points.map((p) => p.high)), far)];
}

function levelsOf(series: HistorySeries, points: readonly Drawn[], places: ReadonlyMap<string, number>) {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || series.changes.length === 0) return [];
  const starts = series.changes.map((change) => places.get(change.after) ?? -1);
  const levels = [series.changes[0]?.from as number, ...series.changes.map(({ to }) => to)];
  const ends = [first.x - 0.5, ...starts.map((x) => x - 0.5), last.x + 0.5];
  return levels
    .map((level, i) => ({ level, x1: Math.max(ends[i] as number, -0.5), x2: ends[i + 1] as number }))
    .filter(({ x1, x2 }) => x2 > x1);
}

/** A few steps in one SI prefix, with the unit at the highest alone. */
function valueAxis(bottom: number, top: number, unit: string) {
  const raw = (top - bottom) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5].find((s) => s * power >= raw) ?? 10);
  const first = Math.ceil(bottom / step);
  const ticks = Array.from({ length: Math.floor(top / step) - first + 1 }, (_, i) => (first + i) * step);
  const highest = ticks.at(-1) ?? top;
  const [scale, name] = siScale(highest, shortUnit(rateUnit(unit)));
  return [
    Plot.gridY(ticks, { stroke: 'var(--rule)', strokeOpacity: 1 }),
    Plot.axisY(ticks, {
      ...{ tickSize: 0, label: null, color: 'var(--muted)', fontSize: 12 },
      tickFormat: (v: number) => `${Number((v / scale).toPrecision(6))}${v === highest ? `\u00a0${name}` : ''}`,
    }),
  ];
}

const shortUnit = (unit: string) => (unit.length > 8 ? `${unit.slice(0, 7)}…` : unit);

/** Positions of the first runs of days, about so many, apart enough that their labels do not touch. */
function dayTicks(runs: readonly ChartRun[], most: number): number[] {
  const firsts = runs.flatMap(({ day }, i) => (i === 0 || runs[i - 1]?.day !== day ? [i] : []));
  const apart = runs.length / most;
  return firsts.reduce<number[]>((kept, i) => {
    if (kept.length === 0 || i - (kept.at(-1) as number) >= apart) kept.push(i);
    return kept;
  }, []);
}
