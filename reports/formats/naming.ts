import { isRated, isVerified, type RatedMeasurement } from '../groups.js';
import { clean } from '../html/markup.js';
import type { Measurement, Result } from '../schema.js';
import { printable } from './layout.js';

/** On one line, without control characters, those that turn the direction of writing, and halves of surrogate pairs. */
export const oneLine = (text: string): string => printable(clean(text));

/**
 * Figures for tools that keep a history or compare: those that have a rate and were verified. Nothing is compared with
 * another program's own figure, so it is left out.
 */
export function trackedMeasurements(result: Pick<Result, 'measurements'>): RatedMeasurement[] {
  return result.measurements.filter(isRated).filter(isVerified);
}

export interface Named<M> {
  readonly name: string;
  readonly measurement: M;
}

/**
 * `matmul/f32/m512-n512-k512 assay/tiled`: one name for each measurement, the same in every run. Names that differ only
 * in what was taken out of them, or past the limit, are numbered: ` #2`.
 * @param maxBytes the most that a name may have in UTF-8
 */
export function namedMeasurements<M extends Pick<Measurement, 'workload' | 'implementation'>>(
  measurements: readonly M[],
  maxBytes = Number.POSITIVE_INFINITY,
): Named<M>[] {
  const given = new Set<string>();
  return measurements.map((measurement) => {
    const whole = oneLine(`${measurement.workload} ${measurement.implementation}`);
    let name = clipBytes(whole, maxBytes);
    for (let n = 2; given.has(name); n++) {
      const number = ` #${n}`;
      name = clipBytes(whole, maxBytes - number.length) + number;
    }
    given.add(name);
    return { name, measurement };
  });
}

const encoder = new TextEncoder();

/** As much of the beginning as fits, without breaking a character. */
function clipBytes(text: string, maxBytes: number): string {
  if (encoder.encode(text).length <= maxBytes) return text;
  let clipped = '';
  let bytes = 0;
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > maxBytes) break;
    clipped += character;
  }
  return clipped;
}

/** One round has no interval, which is not the same as a narrow one. */
export const hasInterval = ({ low, high }: { low: number; high: number }): boolean => low < high;
