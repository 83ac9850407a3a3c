import type { Oracle, OracleVerdict, Shape } from '../declaration.js';
import { randomWords } from '../random.js';
import type { Extent, Precision } from './precision.js';
import { type AttentionOutput, type Dense, type ExactRow, exactRow } from './reference.js';
import { type AttentionSizes, keyHead, rowCount, sizesOf, visiblePairs } from './sizes.js';

/** Above this many multiplications for the scores, only some rows are computed. */
export const FULL_MULTIPLICATIONS = 2 ** 26;

/**
 * Judges out for one input. Up to 2²⁶ multiplications for the scores every element is compared with f64;
 * beyond, the first, the last and seeded random rows are, and every other element must be finite and lie
 * between the least and the greatest v of its column, as an average must.
 */
export function attentionOracle(
  shape: Shape,
  dense: Dense,
  seed: number,
  precision: Precision,
): Oracle<AttentionOutput> {
  const s = sizesOf(shape);
  const all = rowCount(s);
  const rows = visiblePairs(s) * s.headSize <= FULL_MULTIPLICATIONS ? upTo(all) : sampleRows(s, all, seed);
  const exact = rows.map((row) => exactRow(s, dense, row));
  const product = largestNorm(dense.q, s.headSize) * largestNorm(dense.k, s.headSize);
  const widest = exact.reduce((most, row) => Math.max(most, row.spread || 0), 0);
  const extent: Extent = {
    ...{ score: product / Math.sqrt(s.headSize), product, value: largestOf(dense.v) },
    spread: Math.min(precision.vanishes, widest),
  };
  const tolerance = precision.tolerance(s, extent);
  const { bound } = tolerance;
  const overflow = precision.overflows(extent, bound);
  const floor = precision.floor(s, extent);
  const ranges =
    rows.length === all || overflow || ![dense.q, dense.k, dense.v].every(allFinite)
      ? undefined
      : columnRanges(s, dense.v);

  const errorOf = (got: number, row: ExactRow, element: number): number => {
    const wrong = Number.POSITIVE_INFINITY;
    const want = row.out[element] as number;
    if (Number.isNaN(want)) return Number.isNaN(got) ? 0 : wrong;
    // A weight that is flushed to zero makes NaN of an infinite v, where f64 still has an infinity.
    if (!Number.isFinite(want))
      return got === want || (Number.isNaN(got) && row.spread > precision.flushes) ? 0 : wrong;
    if (!Number.isFinite(got)) return overflow ? 0 : wrong;
    const error = Math.max(0, Math.abs(got - want) - floor);
    return error === 0 ? 0 : error / precision.measure(row, element, extent);
  };

  return {
    method:
      rows.length === all
        ? 'every element against f64'
        : `${rows.length} of ${all} rows against f64 (first, last, seeded random); the rest ` +
          (ranges ? 'finite and within the range of v' : 'not judged, as the input is not finite or overflows'),
    tolerance,
    check({ out }): OracleVerdict {
      if (!(out instanceof Float32Array) || out.length !== dense.q.length)
        return {
          correct: false,
          maxError: null,
          detail: `out must hold ${dense.q.length} floats, got ${out?.length ?? 'none'}`,
        };
      let maxError: number | null = 0;
      let detail: string | undefined;
      for (const [at, row] of rows.entries()) {
        const wanted = exact[at] as ExactRow;
        for (let i = 0; i < s.headSize; i++) {
          const got = out[row * s.headSize + i] as number;
          const error = errorOf(got, wanted, i);
          if (!(error <= bound)) detail ??= `${place(s, row, i)}: expected ${wanted.out[i]}, got ${got}`;
          if (maxError !== null) maxError = Number.isFinite(error) ? Math.max(maxError, error) : null;
        }
      }
      if (detail === undefined && ranges) detail = firstOutside(s, out, ranges, slack(extent, bound) + floor);
      return detail === undefined ? { correct: true, maxError } : { correct: false, maxError, detail };
    },
  };
}

/** How far beyond the range of v an average may be rounded. */
const slack = ({ value }: Extent, bound: number): number => 2 * bound * value;

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** First, last and as many random rows as 2²⁶ multiplications allow, from 4 to 64. */
function sampleRows(s: AttentionSizes, all: number, seed: number): number[] {
  const fit = Math.floor(FULL_MULTIPLICATIONS / (s.keyLength * s.headSize));
  const count = Math.min(all, Math.max(4, Math.min(64, fit)));
  const next = randomWords(seed ^ 0x524f5753);
  const rows = new Set([0, all - 1]);
  while (rows.size < count) rows.add(next() % all);
  return [...rows].sort((a, b) => a - b);
}

/** Non-finite rows are passed over: what they touch is judged by class, not by size. */
function largestNorm(values: Float32Array, size: number): number {
  let largest = 0;
  for (let at = 0; at < values.length; at += size) {
    let sum = 0;
    for (let i = at; i < at + size; i++) sum += (values[i] as number) ** 2;
    if (sum > largest && Number.isFinite(sum)) largest = sum;
  }
  return Math.sqrt(largest);
}

const allFinite = (values: Float32Array): boolean => values.every(Number.isFinite);
const largestOf = (values: Float32Array): number =>
  values.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);

/** Least and greatest v of every column of every head. */
function columnRanges(s: AttentionSizes, v: Float32Array): { low: Float64Array; high: Float64Array } {
  const columns = s.batch * s.kvHeads * s.headSize;
  const low = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < v.length; i++) {
    const column = Math.floor(i / (s.keyLength * s.headSize)) * s.headSize + (i % s.headSize);
    low[column] = Math.min(low[column] as number, v[i] as number);
    high[column] = Math.max(high[column] as number, v[i] as number);
  }
  return { low, high };
}

function firstOutside(
  s: AttentionSizes,
  out: Float32Array,
  { low, high }: { low: Float64Array; high: Float64Array },
  beyond: number,
): string | undefined {
  for (let at = 0; at < out.length; at++) {
    const row = Math.floor(at / s.headSize);
    const column = keyHead(s, row) * s.headSize + (at % s.headSize);
    const [least, most] = [(low[column] as number) - beyond, (high[column] as number) + beyond];
    const got = out[at] as number;
    // Written so that NaN fails.
    if (!(got >= least && got <= most))
      return `${place(s, row, at % s.headSize)}: expected an average of v, from ${least} to ${most}, got ${got}`;
  }
  return undefined;
}

function place(s: AttentionSizes, row: number, i: number): string {
  const head = Math.floor(row / s.queryLength);
  return `out[${Math.floor(head / s.heads)}, ${head % s.heads}, ${row % s.queryLength}, ${i}]`;
}
