import { isRated, isVerified, type RatedMeasurement } from '../groups.js';
import { isOurs } from '../names.js';
import { statusText } from '../reasons.js';
import type { Measurement } from '../schema.js';
import { formatInterval, formatRate } from '../units.js';

/** One bar: an implementation's rate, or why there is none. */
export interface RateRow {
  readonly key: string;
  readonly label: string;
  readonly ours: boolean;
  readonly status: Measurement['status'];
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Written at the bar's end; without a rate, why there is none. */
  readonly text: string;
  /** The same without the interval, where there is little room: it is drawn all the same. */
  readonly brief: string;
}

export interface RateChart {
  readonly rows: readonly RateRow[];
  /** As in a result, e.g. `flop/s`. */
  readonly unit: string;
  /** Drawn where it is near enough to the bars not to squeeze them. */
  readonly ceiling: { readonly of: string; readonly value: number } | null;
}

/** Room beside the bars, in pixels; shared by the charts of a page, it makes their zeros stand in one line. */
export interface ChartMargins {
  readonly left: number;
  readonly right: number;
}

/** Of a chart's text, in pixels. */
export const FONT_SIZE = 13;
/** Average width of a character at that size. */
const CHARACTER = 6.9;
/** A ceiling further off than this many times the longest bar is told in words. */
const CEILING_IN_SIGHT = 4;

export function rateRows(measurements: readonly Measurement[]): RateRow[] {
  return measurements.map((m, i) => ({
    key: String(i),
    label: shortened(m.implementation),
    ours: isOurs(m.implementation),
    status: m.status,
    ...(isRated(m) ? rated(m) : without(m)),
  }));
}

/** A name that would leave no room for its bar; the table has it whole. */
const shortened = (name: string) => (name.length > 36 ? `${name.slice(0, 35)}…` : name);

type Figures = Pick<RateRow, 'value' | 'low' | 'high' | 'text' | 'brief'>;

function rated(m: RatedMeasurement): Figures {
  const { value, low, high } = m.rate;
  const doubt = isVerified(m) ? (m.status === 'unreliable' ? ', unreliable' : '') : ', not verified';
  const figure = formatRate(m.rate);
  return { value, low, high, text: `${figure} ${formatInterval(m.rate)}${doubt}`, brief: figure + doubt };
}

function without(m: Measurement): Figures {
  const text = statusText(m);
  return { value: 0, low: 0, high: 0, text, brief: text };
}

/** The least margins that hold every label and every figure of these charts. */
export function chartMargins(charts: readonly RateChart[]): ChartMargins {
  const rows = charts.flatMap((chart) => chart.rows);
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length)) * CHARACTER;
  return {
    left: Math.min(260, widest(rows.map((row) => row.label)) + 14),
    right: widest(rows.filter((row) => row.value > 0).map((row) => row.text)) + 10,
  };
}

/** Whether the ceiling stands in the chart; when not, the caption should name it. */
export function showsCeiling({ rows, ceiling }: RateChart): boolean {
  const longest = Math.max(0, ...rows.map((row) => row.high));
  return ceiling !== null && ceiling.value <= longest * CEILING_IN_SIGHT;
}
