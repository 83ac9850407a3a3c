import type { Roof, Roofline, RooflinePoint } from '../roofline.js';
import type { ChartSize } from './rate-chart.js';

/** A card's figure beside what was measured. */
export interface Peak {
  readonly label: string;
  readonly value: number;
}

/** What is known of the model, in the units of the chart. */
export interface Peaks {
  readonly memory: Peak | null;
  readonly compute: readonly Peak[];
}

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** `bound`: a workload stands under it; `beside`: measured, but nothing stands under it; `reference`: not measured. */
export type RoofRole = 'bound' | 'beside' | 'reference';

export interface DrawnRoof {
  readonly label: string;
  readonly value: number;
  readonly role: RoofRole;
  readonly reliable: boolean;
  readonly line: Segment;
}

/** Everything of a roofline chart but its looks: domains in operations per byte and per second, pixels beside them. */
export interface Scene {
  readonly size: ChartSize;
  readonly width: number;
  readonly height: number;
  readonly margin: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Where the strip for workloads without memory traffic begins, in operations per byte; null without any. */
  readonly strip: number | null;
  readonly memory: readonly DrawnRoof[];
  readonly compute: readonly DrawnRoof[];
  /** With the place of those that move no bytes filled in. */
  readonly points: readonly (RooflinePoint & { readonly at: number })[];
  toPixels(x: number, y: number): { x: number; y: number };
  fromPixels(x: number, y: number): { x: number; y: number };
}

/** What a chart can show without going into numbers that no device has. */
const sensible = { rate: [1, 1e24], perByte: [1e-6, 1e12] } as const;
const within = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high;
/** A ceiling that many times above every roof which bounds something would press the rest flat. */
const BESIDE_IN_SIGHT = 4;
const layouts = {
  wide: { width: 860, height: 470, strip: 92, margin: { top: 26, right: 230, bottom: 52, left: 56 } },
  narrow: { width: 340, height: 400, strip: 46, margin: { top: 24, right: 120, bottom: 50, left: 42 } },
} as const;

/** The measured ceilings that the chart shows; the others are told in words. */
export function inSight({ computeRoofs, points }: Roofline): Roof[] {
  const top = Math.max(
    ...computeRoofs.filter((roof) => roof.bounds).map((roof) => roof.value),
    ...points.map((p) => p.rate),
  );
  return computeRoofs.filter((roof) => roof.bounds || roof.value <= top * BESIDE_IN_SIGHT);
}

/** Null when no point has figures that a logarithmic scale can show. */
export function sceneOf(roofline: Roofline, peaks: Peaks, size: ChartSize): Scene | null {
  const { width, height, margin, strip: stripWidth } = layouts[size];
  const points = roofline.points.filter(
    (p) =>
      within(p.rate, sensible.rate) && (p.operationsPerByte === null || within(p.operationsPerByte, sensible.perByte)),
  );
  if (points.length === 0) return null;
  const shown = (roof: { value: number }) => within(roof.value, sensible.rate);
  const roofs = inSight(roofline).filter(shown);
  const memoryRoofs = roofline.memoryRoofs.filter(shown);
  const moving = points.flatMap((p) => p.operationsPerByte ?? []);
  const still = points.length > moving.length;

  const flats = [...roofs, ...peaks.compute].map(({ value }) => value);
  const slopes = [...memoryRoofs, ...(peaks.memory ? [peaks.memory] : [])].map(({ value }) => value);
  const ridges = slopes.length > 0 ? flats.map((flat) => flat / Math.max(...slopes)) : [];
  const x = spanned([...moving, ...ridges]) ?? ([1, 1000] as const);
  const top = Math.max(...flats, ...points.map((p) => p.rate));
  const bottom = Math.min(...points.map((p) => p.rate), ...flats, top / (slopes.length > 0 ? 30 : 10));
  const y = [bottom / 2, top * 2] as const;

  const plot = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const open = plot.width - (still ? stripWidth : 0);
  const end = x[0] * (x[1] / x[0]) ** (plot.width / open);
  const across = Math.log(end / x[0]);
  const up = Math.log(y[1] / y[0]);
  const toPixels = (px: number, py: number) => ({
    x: margin.left + (Math.log(px / x[0]) / across) * plot.width,
    y: margin.top + plot.height * (1 - Math.log(py / y[0]) / up),
  });
  const fromPixels = (px: number, py: number) => ({
    x: x[0] * Math.exp(((px - margin.left) / plot.width) * across),
    y: y[0] * Math.exp((1 - (py - margin.top) / plot.height) * up),
  });
  const frame = { x0: x[0], x1: end, y0: y[0], y1: y[1] };
  const middleOfStrip = fromPixels(width - margin.right - stripWidth / 2, 0).x;
  const own = { memory: memoryRoofs, compute: roofs, bounding: roofs.filter((roof) => roof.bounds) };
  const slopeEnd = (all: readonly { value: number }[]) => Math.max(...all.map(({ value }) => value));
  return {
    ...{ size, width, height, margin, x: [x[0], end], y, toPixels, fromPixels },
    strip: still ? x[1] : null,
    points: points.map((p) => ({ ...p, at: p.operationsPerByte ?? middleOfStrip })),
    memory: [
      ...own.memory.map((roof) =>
        slope(roof, own.bounding.length > 0 ? slopeEnd(own.bounding) : y[1], frame, roleOf(roof)),
      ),
      ...(peaks.memory
        ? [slope(peaks.memory, peaks.compute.length > 0 ? slopeEnd(peaks.compute) : y[1], frame, 'reference')]
        : []),
    ],
    compute: [
      ...own.compute.map((roof) => flat(roof, own.memory, frame, roleOf(roof))),
      ...peaks.compute.map((peak) => flat(peak, peaks.memory ? [peaks.memory] : [], frame, 'reference')),
    ],
  };
}

const roleOf = ({ bounds }: Roof): RoofRole => (bounds ? 'bound' : 'beside');

interface Frame {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** From where the line enters the chart to where it meets the highest flat roof. */
function slope(roof: Peak & Partial<Roof>, top: number, { x0, x1, y0 }: Frame, role: RoofRole): DrawnRoof {
  const { label, value, reliable = true } = roof;
  const from = Math.max(x0, y0 / value);
  const to = Math.max(from, Math.min(x1, top / value));
  return { label, value, role, reliable, line: { x1: from, y1: from * value, x2: to, y2: to * value } };
}

/** From where it meets the steepest slope to the right end. */
function flat(
  roof: Peak & Partial<Roof>,
  slopes: readonly { value: number }[],
  { x0, x1 }: Frame,
  role: RoofRole,
): DrawnRoof {
  const { label, value, reliable = true } = roof;
  const from = slopes.length > 0 ? value / Math.max(...slopes.map((s) => s.value)) : x0;
  return { label, value, role, reliable, line: { x1: Math.max(x0, from), y1: value, x2: x1, y2: value } };
}

/** Some way beyond the least and the greatest, and at least two decades; null of nothing. */
function spanned(values: readonly number[]): readonly [number, number] | null {
  if (values.length === 0) return null;
  // More at the right end, where labels stand.
  const [low, high] = [Math.min(...values) / 3, Math.max(...values) * 5];
  const short = Math.max(1, 100 / (high / low));
  return [low / Math.sqrt(short), high * Math.sqrt(short)];
}
