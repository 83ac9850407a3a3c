import type { Oracle, OracleVerdict, Shape, Tolerance } from '../declaration.js';
import { sampleRows } from '../sample-rows.js';
import { METHOD as FREIVALDS, freivaldsCheck } from './freivalds.js';
import type { MatmulInput } from './input.js';
import type { Precision } from './precision.js';
import { columnNorms, exactSums, productRow, rowNorms, untransposed } from './products.js';
import type { MatmulOutput } from './reference.js';
import { sizesOf } from './sizes.js';

/** Above this many multiplications, or elements of c, only some rows are computed in full. */
export const FULL_MULTIPLICATIONS = 2 ** 27;
export const FULL_ELEMENTS = 2 ** 24;

/**
 * Judges c for one input. Up to 2²⁷ multiplications every element is compared with f64; beyond, the first,
 * the last and seeded random rows are, and every other row by Freivalds' check with random signs.
 *
 * The measure is |got − want| / (‖row of a‖₂ · ‖column of b‖₂), which is at most |got − want| / Σ|a||b|
 * (Cauchy–Schwarz) and costs two norms where Σ|a||b| costs a second product; `Precision` may add to the unit.
 * Where every sum is exact in the type, whatever the order (`exactSums`), nothing but equality will do.
 */
export function matmulOracle(
  shape: Shape,
  { a, b: given }: MatmulInput,
  seed: number,
  precision: Precision,
): Oracle<MatmulOutput> {
  const { m, n, k, batch, transposeB } = sizesOf(shape);
  const b = transposeB ? untransposed(given, { n, k, batch }) : given;
  const all = batch * m;
  const full = all * n * k <= FULL_MULTIPLICATIONS && all * n <= FULL_ELEMENTS;
  const rows = sampleRows(all, full ? all : Math.min(16, FULL_MULTIPLICATIONS / (n * k)), seed);
  const complete = rows.length === all;
  const exact = exactSums(a, b, k);
  const normA = rowNorms(a, all, k);
  const normB = columnNorms(b, { n, k, batch });
  const b64 = full ? Float64Array.from(b) : b;
  const want = new Float64Array(rows.length * n);
  for (const [at, i] of rows.entries()) {
    const product = Math.floor(i / m);
    const right = b64.subarray(product * k * n, (product + 1) * k * n);
    productRow(a.subarray(i * k, (i + 1) * k), right, want.subarray(at * n, (at + 1) * n));
  }
  const freivalds = complete ? undefined : freivaldsCheck(shape, { a, b, normA, normB, exact }, seed, precision);
  const tolerance: Tolerance = exact ? { kind: 'exact' } : precision.tolerance(k);
  const bound = tolerance.kind === 'exact' ? 0 : tolerance.bound;
  const checks = complete
    ? 'every element against f64'
    : `${rows.length} of ${all} rows against f64 (first, last, seeded random); all rows by ${FREIVALDS}`;

  /**
   * Error in the oracle's measure; infinite where one of the two is not finite and the other disagrees.
   * Where Σ|a||b| may pass the largest number of the type, partial sums overflow in one order and not in another, so
   * a non-finite result is accepted there.
   */
  const errorOf = (got: number, wanted: number, norms: number): number => {
    const wrong = Number.POSITIVE_INFINITY;
    if (!Number.isFinite(wanted)) return Object.is(got, wanted) ? 0 : wrong;
    if (!Number.isFinite(got)) return precision.overflows(norms, k) ? 0 : wrong;
    // What lies beyond the largest number may be stored as it.
    if (Math.abs(wanted) > precision.largest && got === Math.sign(wanted) * precision.largest) return 0;
    const error = Math.max(0, Math.abs(got - wanted) - (exact ? 0 : precision.floor(k)));
    return error === 0 ? 0 : error / precision.unit(norms, wanted, k);
  };

  return {
    method: exact ? `${checks}; whole numbers, whose sums are exact` : checks,
    tolerance,
    check({ c }): OracleVerdict {
      if (!(c instanceof Float32Array) || c.length !== all * n)
        return { correct: false, maxError: null, detail: `c must hold ${all * n} floats, got ${c?.length ?? 'none'}` };
      let maxError: number | null = 0;
      let detail: string | undefined;
      for (const [at, i] of rows.entries()) {
        const columns = Math.floor(i / m) * n;
        for (let j = 0; j < n; j++) {
          const norms = (normA[i] as number) * (normB[columns + j] as number);
          const [got, wanted] = [c[i * n + j] as number, want[at * n + j] as number];
          const error = errorOf(got, wanted, norms);
          if (error <= bound && maxError !== null) {
            if (error > maxError) maxError = error;
            continue;
          }
          const row = batch === 1 ? `${i}` : `${Math.floor(i / m)}, ${i % m}`;
          detail ??= `c[${row}, ${j}]: expected ${wanted}, got ${got}`;
          if (maxError !== null) maxError = Number.isFinite(error) ? Math.max(maxError, error) : null;
        }
      }
      detail ??= freivalds?.(c);
      return detail === undefined ? { correct: true, maxError } : { correct: false, maxError, detail };
    },
  };
}
