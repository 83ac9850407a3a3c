import * as Plot from '@observablehq/plot';
import { parseWorkloadId } from '../names.js';
import { formatSi, rateUnit } from '../units.js';
import { alongLine, type Box, type Placed, placeLabels, spread, type Typeface } from './label-placement.js';
import type { ChartSize } from './rate-chart.js';
import type { DrawnRoof, Scene } from './roofline-scene.js';

/** What is written in a roofline chart, and where, so that nothing covers anything. */

/** Keeps text legible where a line passes behind it. */
const halo = { stroke: 'var(--paper)', strokeWidth: 4 };
type Face = Typeface & { readonly size: number };
export const faces: Readonly<Record<ChartSize, Face>> = {
  wide: { size: 12, character: 6.9, height: 15, labels: 16 },
  narrow: { size: 11, character: 6.3, height: 14, labels: 6 },
};
function roofText({ label, value, role, reliable }: DrawnRoof, unit: string, size: ChartSize): string {
  const room = size === 'wide' ? 20 : 16;
  const name = label.length > room ? `${label.slice(0, room - 1)}…` : label;
  const doubt = reliable ? '' : ' ?';
  const kind = role === 'reference' ? (size === 'wide' ? 'reference: ' : 'ref. ') : '';
  return size === 'wide' ? `${kind}${name} ${formatSi(value, rateUnit(unit))}${doubt}` : `${kind}${name}${doubt}`;
}

/** Along the slopes, clear of the points: the highest above its line, the lowest under it, between them further up. */
export function memoryLabels(scene: Scene, { size, character }: Face) {
  const roofs = [...scene.memory].sort((a, b) => b.value - a.value);
  const points = scene.points.map((p) => scene.toPixels(p.at, p.rate));
  let taken = 0;
  return roofs.map((roof, i) => {
    const [from, to] = [scene.toPixels(roof.line.x1, roof.line.y1), scene.toPixels(roof.line.x2, roof.line.y2)];
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    const under = i > 0 && i === roofs.length - 1;
    const text = roofText(roof, 'byte/s', scene.size);
    const length = text.length * character;
    const line = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
    const along = alongLine(line, length, points, 20, under ? 10 : 10 + taken);
    if (!under) taken = along + length;
    const off = under ? 4 : -4;
    const at = scene.fromPixels(
      from.x + along * Math.cos(angle) - off * Math.sin(angle),
      from.y + along * Math.sin(angle) + off * Math.cos(angle),
    );
    return Plot.text([at], {
      ...{ x: 'x', y: 'y', text: () => text, rotate: (angle * 180) / Math.PI, fontSize: size },
      ...{ textAnchor: 'start', lineAnchor: under ? 'top' : 'bottom', ...halo, fill: textColour(roof) },
    });
  });
}

const textColour = ({ role }: DrawnRoof) => (role === 'bound' ? 'var(--ink)' : 'var(--muted)');

/** Right of the chart, moved apart where roofs lie close, each tied to its line. */
export function computeLabels(scene: Scene, { size, height }: Face, unit: string) {
  const { margin, fromPixels } = scene;
  const right = scene.width - margin.right;
  // Where there is no room for all, those that bound something and the references come first.
  const most = Math.floor((scene.height - margin.bottom - margin.top) / height) + 1;
  const chosen = [...scene.compute]
    .sort((a, b) => Number(a.role === 'beside') - Number(b.role === 'beside'))
    .slice(0, most)
    .sort((a, b) => b.value - a.value);
  const wanted = chosen.map((roof) => scene.toPixels(scene.x[1], roof.value).y);
  const heights = spread(wanted, height, margin.top, scene.height - margin.bottom);
  const labels = chosen.map((roof, i) => {
    const end = fromPixels(right + 12, heights[i] as number);
    return { x1: scene.x[1], y1: roof.value, x2: end.x, y2: end.y, text: roofText(roof, unit, scene.size), roof };
  });
  return [
    Plot.link(labels, { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: 'var(--muted)', strokeWidth: 0.7 }),
    Plot.text(labels, {
      ...{ x: 'x2', y: 'y2', text: 'text', textAnchor: 'start', dx: 3, fontSize: size },
      fill: (d: (typeof labels)[0]) => textColour(d.roof),
    }),
  ];
}

/** Of each kernel and type the fastest of ours: a long suite has many shapes of one. */
export function foremost(points: Scene['points']): Scene['points'] {
  const best = new Map<string, Scene['points'][number]>();
  for (const p of points) {
    const held = best.get(pointName(p.workload));
    if (p.ours && !(held && held.rate >= p.rate)) best.set(pointName(p.workload), p);
  }
  return [...best.values()].sort((a, b) => b.rate - a.rate);
}

/** The foremost of ours by their kernel's name, and the baselines beside them by theirs. */
export function pointLabels(scene: Scene, face: Face) {
  const { margin, points } = scene;
  const chosen = foremost(points);
  const workloads = new Set(chosen.map((p) => p.workload));
  // On a narrow screen their shape must do.
  const nameable = scene.size === 'wide' || chosen.length === 0;
  const peers = points.filter((p) => !p.ours && nameable && (workloads.has(p.workload) || chosen.length === 0));
  const label = (p: (typeof points)[0]) => {
    const name = p.ours ? pointName(p.workload) : p.implementation;
    return `${name.length > 24 ? `${name.slice(0, 23)}…` : name}${p.status === 'valid' ? '' : ' ?'}`;
  };
  const at = (p: (typeof points)[0]) => scene.toPixels(p.at, p.rate);
  const frame = {
    ...{ x1: margin.left, y1: margin.top },
    ...{ x2: scene.width - margin.right, y2: scene.height - margin.bottom },
  };
  const wanted = [...chosen, ...peers].map((p) => ({ text: label(p), ...at(p) }));
  const roofs = [...scene.memory, ...scene.compute].flatMap(({ line }) => boxesAlong(scene, line));
  const placed = placeLabels(wanted, points.map(at), roofs, frame, face);
  return (['start', 'middle', 'end'] as const).map((anchor) =>
    Plot.text(
      placed.flatMap((label: Placed) =>
        label.anchor === anchor ? { text: label.text, ...scene.fromPixels(label.x, label.y) } : [],
      ),
      { x: 'x', y: 'y', text: 'text', textAnchor: anchor, fontSize: face.size, fill: 'var(--ink)', ...halo },
    ),
  );
}

/** A line as boxes that it passes through; one where it is level. */
function boxesAlong(scene: Scene, line: DrawnRoof['line']): Box[] {
  const [from, to] = [scene.toPixels(line.x1, line.y1), scene.toPixels(line.x2, line.y2)];
  const count = Math.max(1, Math.ceil(Math.abs(to.y - from.y) / 6));
  const at = (i: number) => ({
    x: from.x + ((to.x - from.x) * i) / count,
    y: from.y + ((to.y - from.y) * i) / count,
  });
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [at(i), at(i + 1)];
    return { x1: a.x - 2, y1: Math.min(a.y, b.y) - 2, x2: b.x + 2, y2: Math.max(a.y, b.y) + 2 };
  });
}

/** `matmul f32`. */
function pointName(workload: string): string {
  const { kernel, type } = parseWorkloadId(workload);
  return type ? `${kernel} ${type}` : kernel;
}
