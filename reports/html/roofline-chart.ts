import * as Plot from '@observablehq/plot';
import { operationUnits, type Roofline } from '../roofline.js';
import { rateUnit, siScale } from '../units.js';
import type { Markup } from './markup.js';
import type { ChartSize } from './rate-chart.js';
import { computeLabels, faces, foremost, memoryLabels, pointLabels } from './roofline-labels.js';
import { type DrawnRoof, type Peaks, type Scene, sceneOf } from './roofline-scene.js';
import { drawSvg } from './svg.js';

/** From so many points on they are smaller. */
const CROWD = 40;
const lines: Readonly<Record<DrawnRoof['role'], object>> = {
  bound: { stroke: 'var(--ink)', strokeWidth: 2 },
  beside: { stroke: 'var(--ink)', strokeWidth: 0.8, strokeOpacity: 0.55 },
  reference: { stroke: 'var(--peer)', strokeWidth: 1.6, strokeDasharray: '7 5' },
};

/**
 * Rates over operations per byte, both logarithmic, under the roofs that were measured on the same device (solid) and
 * those that are told of its model (dashed). Ours are discs, baselines hollow diamonds; unreliable is pale with a
 * broken outline and a question mark. Null when there is nothing that a logarithmic scale can show.
 *
 * @param id unique in the page
 */
export function rooflineChart(
  id: string,
  title: string,
  roofline: Roofline,
  peaks: Peaks,
  size: ChartSize,
): Markup | null {
  const scene = sceneOf(roofline, peaks, size);
  if (scene === null) return null;
  const { width, height, margin, x, y } = scene;
  const face = faces[size];
  const marginal = { marginTop: margin.top, marginRight: margin.right, marginBottom: margin.bottom };
  return drawSvg(id, title, {
    ...{ width, height, ...marginal, marginLeft: margin.left, style: { fontSize: `${face.size}px` } },
    x: { type: 'log', domain: [...x], axis: null },
    y: { type: 'log', domain: [...y], axis: null },
    marks: [
      ...axes(scene, operationUnits[roofline.kind], face.size),
      ...roofMarks([...scene.memory, ...scene.compute]),
      ...memoryLabels(scene, face),
      ...computeLabels(scene, face, operationUnits[roofline.kind]),
      ...pointMarks(scene),
      ...pointLabels(scene, face),
    ],
  });
}

/** Powers of ten within a domain. */
function decades([low, high]: readonly [number, number]): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}

function power(value: number): string {
  const [scale, prefix] = siScale(value, '');
  return `${Number((value / scale).toPrecision(6))}${prefix && `\u00a0${prefix}`}`;
}

function axes(scene: Scene, unit: string, fontSize: number) {
  const { x, y, strip, margin, height, fromPixels } = scene;
  const [across, up] = [decades([x[0], strip ?? x[1]]), decades(y)];
  const tick = { tickSize: 0, label: null, color: 'var(--muted)', fontSize, tickFormat: power };
  const foot = (pixel: number, row: number) => fromPixels(pixel, height - margin.bottom + row);
  const words = { fill: 'var(--muted)', fontSize, clip: false } as const;
  const right = scene.toPixels(strip ?? x[1], y[0]).x;
  const middleOfStrip = (right + scene.width - margin.right) / 2;
  return [
    Plot.gridX({ ticks: across, stroke: 'var(--rule)', strokeOpacity: 1 }),
    Plot.gridY({ ticks: up, stroke: 'var(--rule)', strokeOpacity: 1 }),
    Plot.axisX({ ...tick, ticks: across }),
    Plot.axisY({ ...tick, ticks: up }),
    Plot.text([foot((margin.left + right) / 2, 40)], { ...words, x: 'x', y: 'y', text: () => 'operations per byte' }),
    Plot.text([fromPixels(margin.left, margin.top - 12)], {
      ...{ ...words, x: 'x', y: 'y', text: () => `${rateUnit(unit)}`, textAnchor: 'end' as const, dx: -3 },
    }),
    ...(strip === null
      ? []
      : [
          Plot.link([{ x: strip }], {
            ...{ x1: 'x', x2: 'x', y1: () => y[0], y2: () => y[1] },
            ...{ stroke: 'var(--muted)', strokeDasharray: '1 3' },
          }),
          Plot.text([foot(middleOfStrip, 10)], {
            ...{ ...words, x: 'x', y: 'y', lineAnchor: 'top' as const },
            text: () => (scene.size === 'wide' ? 'no memory\ntraffic' : 'no\nbytes'),
          }),
        ]),
  ];
}

function roofMarks(roofs: readonly DrawnRoof[]) {
  // Those that bound something lie on top.
  return (['beside', 'reference', 'bound'] as const).map((role) =>
    Plot.link(
      roofs.filter((roof) => roof.role === role).map((roof) => roof.line),
      { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', ...lines[role] },
    ),
  );
}

function pointMarks({ points, strip }: Scene) {
  const r = points.length > CROWD ? 4 : 5.5;
  const each = (ours: boolean, sound: boolean) =>
    points.filter((p) => p.ours === ours && (p.status === 'valid') === sound);
  const dot = (ours: boolean, sound: boolean) =>
    Plot.dot(each(ours, sound), {
      ...{ x: 'at', y: 'rate', symbol: ours ? 'circle' : 'diamond', r, strokeWidth: 1.6 },
      ...{ stroke: ours ? 'var(--ours)' : 'var(--peer)', fill: ours && sound ? 'var(--ours)' : 'var(--paper)' },
      ...(sound ? {} : { strokeDasharray: '2.5 2' }),
    });
  const pale = Plot.dot(each(true, false), { x: 'at', y: 'rate', r, fill: 'var(--ours)', fillOpacity: 0.45 });
  const limited = foremost(points).flatMap((p) => (p.limit ? [{ x: p.at, y1: p.rate, y2: p.limit.value }] : []));
  return [
    Plot.link(limited, {
      ...{ x1: 'x', x2: 'x', y1: 'y1', y2: 'y2' },
      ...{ stroke: 'var(--ours)', strokeWidth: 1.2, strokeDasharray: '1.5 3' },
    }),
    ...[false, true].flatMap((ours) => [true, false].map((sound) => dot(ours, sound))),
    pale,
    ...(strip === null
      ? []
      : [
          Plot.text(
            points.filter((p) => p.operationsPerByte === null),
            { x: 'at', y: 'rate', text: () => '→', dx: 8, textAnchor: 'start', fill: 'var(--muted)', fontSize: 14 },
          ),
        ]),
  ];
}
