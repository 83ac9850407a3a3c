import * as Plot from '@observablehq/plot';
import { rateUnit, siScale } from '../units.js';
import type { Markup } from './markup.js';
import { type ChartMargins, chartMargins, FONT_SIZE, type RateChart, type RateRow, showsCeiling } from './rate-rows.js';
import { drawSvg } from './svg.js';

/** A chart for a narrow screen puts its labels above the bars and is drawn for fewer pixels. */
export type ChartSize = 'wide' | 'narrow';

/** Keeps text legible where a line passes behind it. */
const halo = { stroke: 'var(--paper)', strokeWidth: 4 };

/**
 * Horizontal bars of rates with their 95 % intervals. Ours are solid, baselines hatched; an unreliable
 * bar is pale with a broken outline and says so; what has no rate says why in words.
 *
 * @param id unique in the page
 */
export function rateChart(
  id: string,
  title: string,
  chart: RateChart,
  size: ChartSize,
  margins: ChartMargins = chartMargins([chart]),
): Markup {
  const narrow = size === 'narrow';
  const { rows, unit } = chart;
  const ceiling = showsCeiling(chart) ? chart.ceiling : null;
  const longest = Math.max(...rows.map((row) => row.high), ceiling?.value ?? 0) || 1;
  const ticks = ticksTo(longest, narrow ? 3 : 5);
  const withRate = rows.filter((row) => row.value > 0);
  const sound = withRate.filter((row) => row.status === 'valid');
  const doubtful = withRate.filter((row) => row.status !== 'valid');
  const band = narrow ? 46 : 30;
  const marginTop = ceiling ? 22 : 6;
  const y = 'key';
  /** The bar's place in its band: with the label above, it keeps to the lower part. */
  const inset = narrow ? { insetTop: 22, insetBottom: 4 } : { insetTop: 5, insetBottom: 5 };
  const middle = narrow ? 9 : 0;
  const bar = (data: RateRow[], fill: string, extra: object = {}) =>
    Plot.barX(data, { x: 'value', y, fill, ...inset, ...extra });
  const doubt = { fillOpacity: 0.45, strokeDasharray: '4 3', strokeWidth: 1.2 };

  return drawSvg(id, title, {
    width: narrow ? 340 : 860,
    height: marginTop + rows.length * band + 28,
    ...{ marginTop, marginBottom: 28 },
    marginLeft: narrow ? 2 : margins.left,
    marginRight: narrow ? 12 : margins.right,
    style: { fontSize: `${FONT_SIZE}px` },
    x: {
      domain: [0, longest],
      axis: null,
    },
    y: { domain: rows.map((r) => r.key), axis: null, padding: 0 },
    marks: [
      Plot.gridX({ ticks, stroke: 'var(--rule)', strokeOpacity: 1 }),
      bar(
        sound.filter((r) => r.ours),
        'var(--ours)',
      ),
      bar(
        sound.filter((r) => !r.ours),
        'url(#hatch)',
        { stroke: 'var(--peer)' },
      ),
      bar(
        doubtful.filter((r) => r.ours),
        'var(--ours)',
        { ...doubt, stroke: 'var(--ours)' },
      ),
      bar(
        doubtful.filter((r) => !r.ours),
        'url(#hatch)',
        { ...doubt, stroke: 'var(--peer)' },
      ),
      Plot.ruleX([0], { stroke: 'var(--ink)' }),
      Plot.link(withRate, { x1: 'low', x2: 'high', y1: y, y2: y, dy: middle, stroke: 'var(--ink)', strokeWidth: 1.5 }),
      ...['low', 'high'].map((end) =>
        Plot.tickX(withRate, {
          ...{ x: end, y, stroke: 'var(--ink)', strokeWidth: 1.5 },
          insetTop: inset.insetTop + 4,
          insetBottom: inset.insetBottom + 4,
        }),
      ),
      ...(ceiling ? ceilingMarks(ceiling) : []),
      Plot.text(rows, {
        ...{ x: () => 0, y, text: 'label', fill: 'var(--ink)' },
        ...(narrow ? { textAnchor: 'start', dx: 3, dy: -10 } : { textAnchor: 'end', dx: -10 }),
      }),
      Plot.text(withRate, {
        ...{ y, text: narrow ? 'brief' : 'text', fill: 'var(--ink)', ...halo },
        ...(narrow
          ? { frameAnchor: 'right', textAnchor: 'end', dy: -10, fontSize: 12 }
          : { x: 'high', textAnchor: 'start', dx: 8 }),
      }),
      Plot.text(
        rows.filter((r) => r.value === 0),
        {
          x: () => 0,
          y,
          text: 'text',
          fill: 'var(--muted)',
          fontStyle: 'italic',
          textAnchor: 'start',
          dx: 8,
          dy: middle,
        },
      ),
      Plot.axisX({
        ticks,
        tickSize: 0,
        label: null,
        color: 'var(--muted)',
        fontSize: 12,
        tickFormat: tickFormat(ticks, unit),
      }),
    ],
  });
}

/** Round steps from 0 to at most `longest`, about `count` of them. */
function ticksTo(longest: number, count: number): number[] {
  const power = 10 ** Math.floor(Math.log10(longest / count));
  const step = power * ([1, 2, 5].find((s) => s * power * count >= longest) ?? 10);
  return Array.from({ length: Math.floor(longest / step) + 1 }, (_, i) => i * step);
}

/** Ticks in one SI prefix, the unit at the last alone: `0`, `20`, `40 GFLOP/s`. */
function tickFormat(ticks: readonly number[], unit: string) {
  const last = ticks.at(-1) ?? 0;
  const [scale, name] = siScale(last, rateUnit(unit));
  return (value: number) => `${Number((value / scale).toPrecision(6))}${value === last ? `\u00a0${name}` : ''}`;
}

function ceilingMarks(ceiling: { of: string; value: number }) {
  const at = { x: () => ceiling.value };
  return [
    Plot.ruleX([ceiling], { ...at, stroke: 'var(--ink)', strokeDasharray: '2 3', strokeWidth: 1.5 }),
    Plot.text([ceiling], {
      ...{ ...at, text: () => `ceiling: ${ceiling.of.split('/')[0]}`, fill: 'var(--muted)' },
      ...{ frameAnchor: 'top', textAnchor: 'end', lineAnchor: 'bottom', dy: -6, fontSize: 12 },
    }),
  ];
}
