import type { Oracle, OracleVerdict, Shape, Tolerance } from '../declaration.js';
import { F16_MAX, TINY16, U16 } from '../f16.js';
import { sampleRows } from '../sample-rows.js';
import type { Sizes } from './format.js';
import { FREIVALDS, freivaldsCheck } from './freivalds.js';
import { type MatmulQ4Input, type MatmulQ4Output, weightRow } from './reference.js';

/** Above this many multiplications only some rows are computed in full. */
export const FULL_MULTIPLICATIONS = 2 ** 27;

/**
 * What one element may be off by, relative to ‖row of a‖·‖row of weights‖, with sums in f16. Terms of mean zero make
 * partial sums that grow like √p, and so do the rounding errors made on them, each at most u of the sum: after k terms
 * the error is √(Σ u²·p·σ²/3) = u·σ·k/√6, which is u/√6 of the two norms whatever k is (Higham and Mary 2020, Sharper
 * probabilistic backward error analysis for basic linear algebra kernels with random data: a constant times u for data
 * of mean zero). Rounding weights and result to f16 adds less than u each. Ten times u is some 14 deviations.
 */
export const ELEMENT_BOUND = 10 * U16;

/**
 * Judges c for one input. Up to 2²⁷ multiplications every element is compared; beyond, the first, the last and seeded
 * random rows are, and every row by Freivalds' check. Input of odd seeds is exact in f16 in any order of summation
 * (`input.ts`), so equality is asked for; of even seeds each element must be within `ELEMENT_BOUND`.
 */
export function matmulQ4Oracle(shape: Shape, input: MatmulQ4Input, seed: number): Oracle<MatmulQ4Output> {
  const { m, n, k } = shape as unknown as Sizes;
  const exact = seed % 2 !== 0;
  const rows = sampleRows(m, m * n * k <= FULL_MULTIPLICATIONS ? m : FULL_MULTIPLICATIONS / (n * k), seed);
  const complete = rows.length === m;
  const normA = norms(input.a, m, k);
  const normW = new Float64Array(n);
  const want = new Float64Array(rows.length * n);
  const left = rows.map((i) => Float64Array.from(input.a.subarray(i * k, (i + 1) * k)));
  const weight = new Float64Array(k);
  const freivalds = complete ? undefined : freivaldsCheck({ m, n, k }, input.a, normA, exact, seed);
  for (let j = 0; j < n; j++) {
    weightRow(k, input, j, weight);
    normW[j] = Math.sqrt(dot(weight, weight));
    for (const [at, row] of left.entries()) want[at * n + j] = dot(row, weight);
    freivalds?.take(j, weight, normW[j] as number);
  }
  const check = freivalds?.finish();
  const tolerance: Tolerance = exact
    ? { kind: 'exact' }
    : {
        kind: 'bound',
        bound: ELEMENT_BOUND,
        reason:
          '|error| / (‖row of a‖·‖row of weights‖) ≤ 10·u, u = 2⁻¹¹: sums in f16 of terms of mean zero are off by u/√6, ' +
          'whatever k is (Higham and Mary 2020), and weights and result are rounded to f16',
      };
  const against = exact ? 'exactly' : 'against f64';
  return {
    method: complete
      ? `every element ${against}`
      : `${rows.length} of ${m} rows ${against} (first, last, seeded random); all rows by ${FREIVALDS[exact ? 'exact' : 'bound']}`,
    tolerance,
    check({ c }): OracleVerdict {
      if (!(c instanceof Float32Array) || c.length !== m * n)
        return { correct: false, maxError: null, detail: `c must hold ${m * n} floats, got ${c?.length ?? 'none'}` };
      let maxError: number | null = 0;
      let detail: string | undefined;
      for (const [at, i] of rows.entries())
        for (let j = 0; j < n; j++) {
          const [got, expected] = [c[i * n + j] as number, want[at * n + j] as number];
          const error = elementError(got, expected, (normA[i] as number) * (normW[j] as number), exact);
          if (!(error <= (exact ? 0 : ELEMENT_BOUND))) detail ??= `c[${i}, ${j}]: expected ${expected}, got ${got}`;
          if (maxError !== null) maxError = Number.isFinite(error) ? Math.max(maxError, error) : null;
        }
      detail ??= check?.(c);
      return detail === undefined ? { correct: true, maxError } : { correct: false, maxError, detail };
    },
  };
}

/** Error in the oracle's measure; infinite where one of the two is not finite and the other disagrees. */
function elementError(got: number, want: number, scale: number, exact: boolean): number {
  if (!Number.isFinite(want)) return Object.is(got, want) ? 0 : Number.POSITIVE_INFINITY;
  // Beyond the largest f16 one order of summation overflows and another does not.
  if (!Number.isFinite(got)) return scale * (1 + ELEMENT_BOUND) > F16_MAX ? 0 : Number.POSITIVE_INFINITY;
  // WGSL allows f16 below the least normal number to be flushed to zero: term or result.
  const error = Math.max(0, Math.abs(got - want) - (exact ? 0 : 2 * TINY16));
  return error === 0 ? 0 : error / scale;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < x.length; p++) sum += (x[p] as number) * (y[p] as number);
  return sum;
}

function norms(a: Float32Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let at = i * columns; at < (i + 1) * columns; at++) sum += (a[at] as number) ** 2;
    return Math.sqrt(sum);
  });
}
