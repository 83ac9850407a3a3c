import type { Oracle, OracleVerdict, Shape } from '../declaration.js';
import { randomWords } from '../random.js';
import { F32_MAX, gamma, TINY, U } from '../rounding.js';
import { type AttentionInput, type AttentionOutput, exactRow } from './reference.js';
import { type AttentionSizes, keyHead, rowCount, sizesOf, visiblePairs } from './sizes.js';

/** exp() of less than this is 0 in f32. */
const EXP_UNDERFLOW = 104;

/** Above this many multiplications for the scores, only some rows are computed. */
export const FULL_MULTIPLICATIONS = 2 ** 26;

/**
 * Judges out for one input. Up to 2²⁶ multiplications for the scores every element is compared with f64;
 * beyond, the first, the last and seeded random rows are, and every other element must be finite and lie
 * between the least and the greatest v of its column, as an average must.
 *
 * The measure is |got − want| / Σ weight·|v|; `toleranceOf` derives what it may be.
 */
export function attentionOracle(shape: Shape, input: AttentionInput, seed: number): Oracle<AttentionOutput> {
  const s = sizesOf(shape);
  const all = rowCount(s);
  const rows = visiblePairs(s) * s.headSize <= FULL_MULTIPLICATIONS ? upTo(all) : sampleRows(s, all, seed);
  const exact = rows.map((row) => exactRow(s, input, row));
  const largest = { q: largestNorm(input.q, s.headSize), k: largestNorm(input.k, s.headSize), v: largestOf(input.v) };
  const spread = Math.min(
    EXP_UNDERFLOW,
    exact.reduce((most, row) => Math.max(most, row.spread || 0), 0),
  );
  const bound = toleranceOf(s, (largest.q * largest.k) / Math.sqrt(s.headSize), spread);
  // Whether f32 scores may overflow: then a non-finite result is no fault.
  const overflow = !(largest.q * largest.k < F32_MAX) || !(largest.v * (1 + bound) < F32_MAX);
  const floor = 2 * s.keyLength * TINY * (1 + largest.v);
  const ranges =
    rows.length === all || overflow || ![input.q, input.k, input.v].every(allFinite)
      ? undefined
      : columnRanges(s, input.v);

  const errorOf = (got: number, want: number, magnitude: number, rowSpread: number): number => {
    const wrong = Number.POSITIVE_INFINITY;
    if (Number.isNaN(want)) return Number.isNaN(got) ? 0 : wrong;
    // A weight that f32 flushes to zero makes NaN of an infinite v, where f64 still has an infinity.
    if (!Number.isFinite(want)) return got === want || (Number.isNaN(got) && rowSpread > 87) ? 0 : wrong;
    if (!Number.isFinite(got)) return overflow ? 0 : wrong;
    const error = Math.max(0, Math.abs(got - want) - floor);
    return error === 0 ? 0 : error / magnitude;
  };

  return {
    method:
      rows.length === all
        ? 'every element against f64'
        : `${rows.length} of ${all} rows against f64 (first, last, seeded random); the rest ` +
          (ranges ? 'finite and within the range of v' : 'not judged, as the input is not finite or overflows f32'),
    tolerance: {
      kind: 'bound',
      bound,
      reason:
        '|error| / Σ weight·|v| for f32 scores, exp() within 3 + 2·|x| ULP (WGSL), a running maximum that moves ' +
        'at most once in 16 keys, and sums in any order',
    },
    check({ out }): OracleVerdict {
      if (!(out instanceof Float32Array) || out.length !== input.q.length)
        return {
          correct: false,
          maxError: null,
          detail: `out must hold ${input.q.length} floats, got ${out?.length ?? 'none'}`,
        };
      let maxError: number | null = 0;
      let detail: string | undefined;
      for (const [at, row] of rows.entries()) {
        const { out: want, magnitude, spread: rowSpread } = exact[at] as (typeof exact)[number];
        for (let i = 0; i < s.headSize; i++) {
          const got = out[row * s.headSize + i] as number;
          const error = errorOf(got, want[i] as number, magnitude[i] as number, rowSpread);
          if (!(error <= bound)) detail ??= `${place(s, row, i)}: expected ${want[i]}, got ${got}`;
          if (maxError !== null) maxError = Number.isFinite(error) ? Math.max(maxError, error) : null;
        }
      }
      if (detail === undefined && ranges) detail = firstOutside(s, out, ranges, bound * largest.v + floor);
      return detail === undefined ? { correct: true, maxError } : { correct: false, maxError, detail };
    },
  };
}

/**
 * Relative error of out = Σ w·v / Σ w against Σ w·|v| / Σ w, to first order.
 * A score of magnitude up to S is off by γ(headSize + 3)·S (dot product, scale, its rounding), and an error of
 * a score is a relative error of its weight. exp(x) is within 3 + 2|x| ULP of 2u each (WGSL, accuracy of
 * expressions), its argument x within u|x|, where |x| is at most the spread of the scores. A variant with a
 * running maximum rescales by one more exp() and product, at most ⌈keys/16⌉ times. The weights' error counts
 * twice, above and below the line, and so does that of a sum in any order; the division is within 2.5 ULP.
 * A tenth on top covers the second order.
 */
function toleranceOf(s: AttentionSizes, largestScore: number, spread: number): number {
  const score = gamma(s.headSize + 3) * largestScore;
  const rescales = Math.ceil(s.keyLength / 16);
  const weight = Math.expm1(score + (6 + 5 * spread) * U + (7 * rescales + 5 * spread) * U);
  return 1.1 * (2 * weight + 2 * gamma(s.keyLength + 1) + 5 * U);
}

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
  slack: number,
): string | undefined {
  for (let at = 0; at < out.length; at++) {
    const row = Math.floor(at / s.headSize);
    const column = keyHead(s, row) * s.headSize + (at % s.headSize);
    const [least, most] = [(low[column] as number) - slack, (high[column] as number) + slack];
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
