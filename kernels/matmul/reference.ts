import type { Oracle, OracleVerdict, Shape, Tolerance } from '../declaration.js';
import { randomWords } from '../random.js';

export interface MatmulInput {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** m × k, row-major. */
  readonly a: Float32Array;
  /** k × n, row-major. */
  readonly b: Float32Array;
}

export interface MatmulOutput {
  /** m × n, row-major. */
  readonly c: Float32Array;
}

type Sizes = { readonly m: number; readonly n: number; readonly k: number };

/** c = a · b, each element summed in f64 and rounded once: the definition, in the plainest way. */
export function matmulReference(shape: Shape, { a, b }: MatmulInput): MatmulOutput {
  const { m, n, k } = shape as Sizes;
  const c = new Float32Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += (a[i * k + p] as number) * (b[p * n + j] as number);
      c[i * n + j] = sum;
    }
  return { c };
}

/** Unit roundoff of f32, and the most that flushing one subnormal can lose (WGSL allows the flush). */
const U = 2 ** -24;
const TINY = 2 ** -126;
const F32_MAX = 3.4028234663852886e38;

/** Above this many multiplications, or elements of c, only some rows are computed in full. */
export const FULL_MULTIPLICATIONS = 2 ** 27;
export const FULL_ELEMENTS = 2 ** 24;
/** Freivalds' check sums each row of c in this many blocks of columns with random signs. */
const BLOCKS = 8;
/** Hoeffding: a sum of independent ±e exceeds 8·√Σe² with a probability under 3·10⁻¹⁴. */
const SIGMAS = 8;

/** γₖ = k·u / (1 − k·u): Higham, Accuracy and Stability of Numerical Algorithms, theorem 3.1. */
export const gamma = (k: number): number => (k * U) / (1 - k * U);

/**
 * Judges c for one input. Up to 2²⁷ multiplications every element is compared with f64; beyond, the first,
 * the last and seeded random rows are, and every other row by Freivalds' check with random signs.
 *
 * The measure is |got − want| / (‖row of a‖₂ · ‖column of b‖₂). Summed in any order, with or without fma,
 * the error is at most γₖ · Σ|a||b| (Higham), and Σ|a||b| ≤ ‖a‖‖b‖ (Cauchy–Schwarz).
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
  for (const [at, i] of rows.entries()) productRow(a.subarray(i * k, (i + 1) * k), b64, want.subarray(at * n));
  const freivalds = complete ? undefined : freivaldsCheck(shape, a, b, normA, normB, seed);
  const tolerance: Tolerance = {
    kind: 'bound',
    bound: gamma(k),
    reason: `|error| / (‖row of a‖·‖column of b‖) ≤ γₖ = k·u/(1 − k·u), u = 2⁻²⁴, k = ${k}: f32 sums in any order`,
  };
  const method = complete
    ? 'every element against f64'
    : `${rows.length} of ${m} rows against f64 (first, last, seeded random); all rows by Freivalds' check in f64, ` +
      `${BLOCKS} random-sign sums a row, tolerance ${SIGMAS}·min(γₖ, 8·√k·u)·‖row of a‖·‖block of b‖`;
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
          const error = elementError(c[i * n + j] as number, want[at * n + j] as number, normA[i]! * normB[j]!, k);
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
  const n = b.length / left.length;
  let p = 0;
  for (; p + 4 <= left.length; p += 4) {
    const [l0, l1, l2, l3] = [left[p]!, left[p + 1]!, left[p + 2]!, left[p + 3]!];
    const at = p * n;
    for (let j = 0; j < n; j++)
      out[j]! += l0 * b[at + j]! + l1 * b[at + n + j]! + l2 * b[at + 2 * n + j]! + l3 * b[at + 3 * n + j]!;
  }
  for (; p < left.length; p++) for (let j = 0; j < n; j++) out[j]! += left[p]! * b[p * n + j]!;
}

function rowNorms(a: Float32Array, rows: number, columns: number): Float64Array {
  const norms = new Float64Array(rows);
  for (let i = 0; i < rows; i++) for (let p = 0; p < columns; p++) norms[i]! += a[i * columns + p]! ** 2;
  return norms.map(Math.sqrt);
}

function columnNorms(b: Float32Array, rows: number, columns: number): Float64Array {
  const norms = new Float64Array(columns);
  for (let p = 0; p < rows; p++) for (let j = 0; j < columns; j++) norms[j]! += b[p * columns + j]! ** 2;
  return norms.map(Math.sqrt);
}

/**
 * Freivalds (1977): with random x, c·x = a·(b·x) for a right c and fails for a wrong one, at the cost of
 * three matrix–vector products. Here x is ±1 within one block of columns and 0 outside, once per block.
 *
 * An f32 product differs from the exact one, so there is a tolerance. Each element's error is taken as at
 * most min(γₖ, 8·√k·u)·‖a‖‖b‖ (Higham and Mary 2019: rounding errors grow with √k), and x, drawn
 * independently of them, makes their sum grow with the root of the block's width (Hoeffding). A row that
 * is stale, zero, permuted or from another input is beyond it in at least one of eight blocks; a few wrong
 * elements of ordinary size may hide below it, and only the sampled rows would show them.
 */
function freivaldsCheck(
  shape: Shape,
  a: Float32Array,
  b: Float32Array,
  normA: Float64Array,
  normB: Float64Array,
  seed: number,
): (c: Float32Array) => string | undefined {
  const { m, n, k } = shape as Sizes;
  const width = Math.ceil(n / BLOCKS);
  const blocks = Math.ceil(n / width);
  const next = randomWords(seed ^ 0x46524549);
  const signs = Float64Array.from({ length: n }, () => (next() & 1 ? 1 : -1));
  const blockNorm = new Float64Array(blocks);
  for (let j = 0; j < n; j++) blockNorm[Math.floor(j / width)]! += normB[j]! ** 2;
  const elementBound = Math.min(gamma(k), 8 * Math.sqrt(k) * U);
  const signed = (row: Float32Array, at: number, block: number): number => {
    let sum = 0;
    const end = Math.min(n, (block + 1) * width);
    for (let j = block * width; j < end; j++) sum += row[at + j]! * signs[j]!;
    return sum;
  };
  const bx = new Float64Array(k * blocks);
  for (let p = 0; p < k; p++) for (let t = 0; t < blocks; t++) bx[p * blocks + t] = signed(b, p * n, t);
  const abx = new Float64Array(m * blocks);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      const left = a[i * k + p]!;
      for (let t = 0; t < blocks; t++) abx[i * blocks + t]! += left * bx[p * blocks + t]!;
    }
  return (c) => {
    for (let i = 0; i < m; i++)
      for (let t = 0; t < blocks; t++) {
        const want = abx[i * blocks + t]!;
        const got = signed(c, i * n, t);
        const slack = SIGMAS * elementBound * normA[i]! * Math.sqrt(blockNorm[t]!) + 2 * k * width * TINY;
        // Written so that NaN on one side only is a failure.
        if (Number.isFinite(want) ? Math.abs(got - want) <= slack : !Number.isFinite(got)) continue;
        const columns = `columns ${t * width} to ${Math.min(n, (t + 1) * width) - 1}`;
        return `row ${i}, ${columns}: Freivalds' signed sum should be ${want} ± ${slack}, got ${got}`;
      }
    return undefined;
  };
}
