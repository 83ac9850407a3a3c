import type { Oracle, OracleVerdict, Shape, Tolerance } from '../declaration.js';
import { randomWords } from '../random.js';
import { elementBound, F32_MAX, gamma, TINY } from '../rounding.js';
import { METHOD as FREIVALDS, freivaldsCheck } from './freivalds.js';
import type { MatmulInput, MatmulOutput, Sizes } from './reference.js';

/** Above this many multiplications, or elements of c, only some rows are computed in full. */
export const FULL_MULTIPLICATIONS = 2 ** 27;
export const FULL_ELEMENTS = 2 ** 24;

/**
 * Judges c for one input. Up to 2²⁷ multiplications every element is compared with f64; beyond, the first,
 * the last and seeded random rows are, and every other row by Freivalds' check with random signs.
 *
 * The measure is |got − want| / (‖row of a‖₂ · ‖column of b‖₂), which is at most |got − want| / Σ|a||b|
 * (Cauchy–Schwarz) and costs two norms where Σ|a||b| costs a second product.
 */
export function matmulOracle(shape: Shape, { a, b }: MatmulInput, seed: number): Oracle<MatmulOutput> {
  const { m, n, k } = shape as Sizes;
  const full = m * n * k <= FULL_MULTIPLICATIONS && m * n <= FULL_ELEMENTS;
  const rows = full ? Array.from({ length: m }, (_, i) => i) : sampleRows(m, n * k, seed);
  const complete = rows.length === m;
  const normA = rowNorms(a, m, k);
  const normB = columnNorms(b, k, n);
  const b64 = full ? Float64Array.from(b) : b;
  const want = new Float64Array(rows.length * n);
  for (const [at, i] of rows.entries())
    productRow(a.subarray(i * k, (i + 1) * k), b64, want.subarray(at * n, (at + 1) * n));
  const freivalds = complete ? undefined : freivaldsCheck(shape, a, b, normA, normB, seed);
  const tolerance: Tolerance = {
    kind: 'bound',
    bound: elementBound(k),
    reason:
      '|error| / (‖row of a‖·‖column of b‖) ≤ min(γₖ, 8·√k·u), γₖ = k·u/(1 − k·u), u = 2⁻²⁴: ' +
      `f32 sums of k = ${k} products in any order, with or without fma`,
  };
  const method = complete
    ? 'every element against f64'
    : `${rows.length} of ${m} rows against f64 (first, last, seeded random); all rows by ${FREIVALDS}`;
  return {
    method,
    tolerance,
    check({ c }): OracleVerdict {
      if (!(c instanceof Float32Array) || c.length !== m * n)
        return { correct: false, maxError: null, detail: `c must hold ${m * n} floats, got ${c?.length ?? 'none'}` };
      let maxError: number | null = 0;
      let detail: string | undefined;
      for (const [at, i] of rows.entries())
        for (let j = 0; j < n; j++) {
          const scale = (normA[i] as number) * (normB[j] as number);
          const error = elementError(c[i * n + j] as number, want[at * n + j] as number, scale, k);
          if (error <= tolerance.bound && maxError !== null) {
            if (error > maxError) maxError = error;
            continue;
          }
          detail ??= `c[${i}, ${j}]: expected ${want[at * n + j]}, got ${c[i * n + j]}`;
          if (maxError !== null) maxError = Number.isFinite(error) ? Math.max(maxError, error) : null;
        }
      detail ??= freivalds?.(c);
      return detail === undefined ? { correct: true, maxError } : { correct: false, maxError, detail };
    },
  };
}

/**
 * Error in the oracle's measure; infinite where one of the two is not finite and the other disagrees.
 * Where Σ|a||b| may pass the largest f32, partial sums overflow in one order and not in another, so a
 * non-finite result is accepted there.
 */
function elementError(got: number, want: number, scale: number, k: number): number {
  if (!Number.isFinite(want)) return Object.is(got, want) ? 0 : Number.POSITIVE_INFINITY;
  if (!Number.isFinite(got)) return scale * (1 + gamma(k)) > F32_MAX ? 0 : Number.POSITIVE_INFINITY;
  const error = Math.max(0, Math.abs(got - want) - 2 * k * TINY);
  return error === 0 ? 0 : error / scale;
}

/** First, last and as many random rows as 2²⁷ multiplications allow (at most 16 in all). */
function sampleRows(m: number, costPerRow: number, seed: number): number[] {
  const count = Math.min(m, Math.max(2, Math.min(16, Math.floor(FULL_MULTIPLICATIONS / costPerRow))));
  const next = randomWords(seed ^ 0x524f5753);
  const rows = new Set([0, m - 1]);
  while (rows.size < Math.min(count, m)) rows.add(next() % m);
  return [...rows].sort((x, y) => x - y);
}

/** One row of c. Four rows of b at a time: the running sums are loaded and stored a quarter as often. */
function productRow(left: Float32Array, b: Float32Array | Float64Array, out: Float64Array): void {
  const n = out.length;
  let p = 0;
  for (; p + 4 <= left.length; p += 4) {
    const [l0, l1, l2, l3] = [left[p], left[p + 1], left[p + 2], left[p + 3]] as [number, number, number, number];
    const [r0, r1, r2, r3] = [p * n, (p + 1) * n, (p + 2) * n, (p + 3) * n];
    for (let j = 0; j < n; j++) {
      const low = l0 * (b[r0 + j] as number) + l1 * (b[r1 + j] as number);
      const high = l2 * (b[r2 + j] as number) + l3 * (b[r3 + j] as number);
      out[j] = (out[j] as number) + (low + high);
    }
  }
  for (; p < left.length; p++)
    for (let j = 0; j < n; j++) out[j] = (out[j] as number) + (left[p] as number) * (b[p * n + j] as number);
}

function rowNorms(a: Float32Array, rows: number, columns: number): Float64Array {
  const norms = new Float64Array(rows);
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < columns; p++) norms[i] = (norms[i] as number) + (a[i * columns + p] as number) ** 2;
  return norms.map(Math.sqrt);
}

function columnNorms(b: Float32Array, rows: number, columns: number): Float64Array {
  const norms = new Float64Array(columns);
  for (let p = 0; p < rows; p++)
    for (let j = 0; j < columns; j++) norms[j] = (norms[j] as number) + (b[p * columns + j] as number) ** 2;
  return norms.map(Math.sqrt);
}
