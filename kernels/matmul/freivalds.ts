import type { Shape } from '../declaration.js';
import { randomWords } from '../random.js';
import type { Precision } from './precision.js';
import { sizesOf } from './sizes.js';

/** Each row of c is summed in this many blocks of columns. */
const BLOCKS = 8;

export const METHOD =
  `Freivalds' check in f64, ${BLOCKS} random-sign sums a row, ` +
  'tolerance of eight standard deviations, relative to ‖row of a‖·‖block of b‖';

/** What the check looks at; b is k × n, whatever it was given as, and the norms are of a's rows and b's columns. */
export interface Factors {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly normA: Float64Array;
  readonly normB: Float64Array;
  /** Whether every element of c is exact, and so every sum of them. */
  readonly exact: boolean;
}

/**
 * Freivalds (1977): with random x, c·x = a·(b·x) for a right c and fails for a wrong one, at the cost of
 * three matrix–vector products. Here x is ±1 within one block of columns and 0 outside, once per block.
 *
 * A product in f32 or f16 differs from the exact one, so there is a tolerance: each element within its bound,
 * and x, drawn independently of the errors, makes their sum grow with the root of the block's width
 * (Hoeffding). A row that is stale, zero, permuted or from another input is beyond it in at least one of
 * eight blocks; a few wrong elements of ordinary size may hide below it, and only sampled rows show them. Whole
 * numbers have no tolerance.
 *
 * Returns a check that names the first row that fails, or nothing.
 */
export function freivaldsCheck(
  shape: Shape,
  { a, b, normA, normB, exact }: Factors,
  seed: number,
  precision: Precision,
): (c: Float32Array) => string | undefined {
  const { m, n, k, batch } = sizesOf(shape);
  const width = Math.ceil(n / BLOCKS);
  const blocks = Math.ceil(n / width);
  const next = randomWords(seed ^ 0x46524549);
  const signs = Float64Array.from({ length: n }, () => (next() & 1 ? 1 : -1));
  const end = (block: number): number => Math.min(n, (block + 1) * width);
  const signed = (values: Float32Array, at: number, block: number): number => {
    let sum = 0;
    for (let j = block * width; j < end(block); j++) sum += (values[at + j] as number) * (signs[j] as number);
    return sum;
  };

  const bx = new Float64Array(batch * k * blocks);
  for (let p = 0; p < batch * k; p++) for (let t = 0; t < blocks; t++) bx[p * blocks + t] = signed(b, p * n, t);
  const abx = new Float64Array(batch * m * blocks);
  for (let i = 0; i < batch * m; i++) {
    const first = Math.floor(i / m) * k;
    for (let p = 0; p < k; p++)
      for (let t = 0, at = i * blocks; t < blocks; t++, at++)
        abx[at] = (abx[at] as number) + (a[i * k + p] as number) * (bx[(first + p) * blocks + t] as number);
  }

  const slackOfBlock = Float64Array.from({ length: batch * blocks }, (_, at) => {
    const [columns, t] = [Math.floor(at / blocks) * n, at % blocks];
    const norm = Math.hypot(...normB.subarray(columns + t * width, columns + end(t)));
    return exact ? 0 : precision.signedSumBound(k) * norm;
  });
  return (c) => {
    for (let i = 0; i < batch * m; i++)
      for (let t = 0; t < blocks; t++) {
        const want = abx[i * blocks + t] as number;
        const got = signed(c, i * n, t);
        const relative = slackOfBlock[Math.floor(i / m) * blocks + t] as number;
        const slack = exact ? 0 : relative * (normA[i] as number) + precision.floor(k) * width;
        // Written so that NaN on one side only is a failure.
        if (Number.isFinite(want) ? Math.abs(got - want) <= slack : !Number.isFinite(got)) continue;
        return `row ${i}, columns ${t * width} to ${end(t) - 1}: signed sum should be ${want} ± ${slack}, got ${got}`;
      }
    return undefined;
  };
}
