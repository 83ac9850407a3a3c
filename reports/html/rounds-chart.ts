import * as Plot from '@observablehq/plot';
import type { Markup } from './markup.js';
import { drawSvg } from './svg.js';

/** One round of a measurement, in nanoseconds or any other unit. */
export interface RoundPoint {
  readonly order: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly excluded: boolean;
}

/**
 * The rounds of one measurement in time order, as percent off its median: a line from the least to the
 * greatest sample, a point at the round's median, hollow when excluded. A drift is a slope here.
 *
 * @param id unique in the page
 * @param median of the measurement, in the unit of the points
 */
export function roundsChart(id: string, title: string, points: readonly RoundPoint[], median: number): Markup {
  const percent = (value: number) => (value / median - 1) * 100;
  const data = points.map((p, i) => ({
    x: i + 1,
    y: percent(p.median),
    y1: percent(p.low),
    y2: percent(p.high),
    out: p.excluded,
  }));
  const reach = Math.max(1, ...data.flatMap((d) => [Math.abs(d.y1), Math.abs(d.y2)]));
  return drawSvg(id, title, {
    ...{ width: 420, height: 120, marginTop: 8, marginBottom: 20, marginLeft: 56, marginRight: 8 },
    style: { fontSize: '11px' },
    x: { domain: [0.5, data.length + 0.5], axis: null },
    y: { domain: [-reach, reach] },
    marks: [
      Plot.axisY({
        ticks: 3,
        tickSize: 0,
        label: null,
        color: 'var(--muted)',
        tickFormat: (v: number) => `${v > 0 ? '+' : ''}${v} %`,
      }),
      Plot.axisX({
        ticks: data.map((d) => d.x).filter((x) => data.length <= 10 || x % 5 === 0),
        tickSize: 0,
        label: null,
        color: 'var(--muted)',
        tickFormat: (v: number) => String(v),
      }),
      Plot.ruleY([0], { stroke: 'var(--rule)' }),
      Plot.ruleX(data, { x: 'x', y1: 'y1', y2: 'y2', stroke: 'var(--peer)', strokeWidth: 1.5 }),
      Plot.dot(data, {
        x: 'x',
        y: 'y',
        r: 3.5,
        stroke: 'var(--ours)',
        fill: (d: { out: boolean }) => (d.out ? 'var(--paper)' : 'var(--ours)'),
      }),
    ],
  });
}
