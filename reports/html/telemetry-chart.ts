import type { TelemetrySample } from '../telemetry.js';
import { formatDuration } from '../units.js';
import { html, type Markup } from './markup.js';

const CURVES: readonly { name: string; unit: string; read(sample: TelemetrySample): number | null }[] = [
  { name: 'Temperature', unit: '°C', read: (s) => s.temperatureC.edge },
  { name: 'Hotspot', unit: '°C', read: (s) => s.temperatureC.hotspot },
  { name: 'Memory temperature', unit: '°C', read: (s) => s.temperatureC.memory },
  { name: 'Power', unit: 'W', read: (s) => s.powerWatts },
  { name: 'Graphics clock', unit: 'MHz', read: (s) => s.clocksMHz.graphics },
  { name: 'Memory clock', unit: 'MHz', read: (s) => s.clocksMHz.memory },
];
const [WIDTH, HEIGHT] = [600, 90];
/** A night's samples are thinned to this many, of each group the highest. */
const MOST_POINTS = 600;

/** One small curve for each figure that the card tells; null where there are none. */
export function telemetryCurves(samples: readonly TelemetrySample[]): Markup | null {
  const drawn = CURVES.flatMap((curve) => {
    const points = samples.map((sample) => ({ t: sample.tMs, value: curve.read(sample) }));
    const told = points.filter((point): point is { t: number; value: number } => point.value !== null);
    return told.length < 2 ? [] : [figure(curve, points, told)];
  });
  return drawn.length === 0 ? null : html`${drawn}`;
}

type Point = { t: number; value: number | null };

function figure(
  { name, unit }: { name: string; unit: string },
  points: readonly Point[],
  told: readonly { t: number; value: number }[],
): Markup {
  const values = told.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [start, end] = [(points[0] as Point).t, (points.at(-1) as Point).t];
  const x = (t: number) => ((t - start) / Math.max(1, end - start)) * WIDTH;
  const y = (value: number) => HEIGHT - 5 - ((value - low) / Math.max(1e-9, high - low)) * (HEIGHT - 10);
  let path = '';
  let pen = 'M';
  for (const { t, value } of thinned(points)) {
    // Where nothing was told there is no line.
    if (value !== null) path += `${pen}${x(t).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = value === null ? 'M' : 'L';
  }
  const title = `${name}: ${round(low)} to ${round(high)} ${unit}, over ${formatDuration(end - start)}`;
  return html`<figure><figcaption><strong>${title}</strong></figcaption><svg class="chart curve" role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><path d="${path}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg></figure>`;
}

const round = (value: number) => Number(value.toPrecision(4));

function thinned(points: readonly Point[]): Point[] {
  const each = Math.ceil(points.length / MOST_POINTS);
  if (each <= 1) return [...points];
  return Array.from({ length: Math.ceil(points.length / each) }, (_, i) =>
    points.slice(i * each, (i + 1) * each).reduce((a, b) => ((b.value ?? -Infinity) > (a.value ?? -Infinity) ? b : a)),
  );
}
