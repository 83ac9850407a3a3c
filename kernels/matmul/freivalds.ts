import type { Shape } from '../declaration.js';
import { randomWords } from '../random.js';
import { elementBound, TINY } from '../rounding.js';
import type { Sizes } from './reference.js';

/** Each row of c is summed in this many blocks of columns. */
const BLOCKS = 8;
/** Hoeffding: a sum of independent ±e exceeds 8·√Σe² with a probability under 3·10⁻¹⁴. */
const SIGMAS = 8;

export const METHOD =
  `Freivalds' check in f64, ${BLOCKS} random-sign sums a row, ` +
  `tolerance ${SIGMAS}·min(γₖ, 8·√k·u)·‖row of a‖·‖block of b‖`;

/**
 * Freivalds (1977): with random x, c·x = a·(b·x) for a right c and fails for a wrong one, at the cost of
 * three matrix–vector products. Here x is ±1 within one block of columns and 0 outside, once per block.
 *
 * An f32 product differs from the exact one, so there is a tolerance: each element within `elementBound`,
 * and x, drawn independently of the errors, makes their sum grow with the root of the block's width
 * (Hoeffding). A row that is stale, zero, permuted or from another input is beyond it in at least one of
 * eight blocks; a few wrong elements of ordinary size may hide below it, and only sampled rows show them.
 *
 * Returns a check that names the first row that fails, or nothing.
 */
export function freivaldsCheck(
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
  const end = (block: number): number => Math.min(n, (block + 1) * width);
  const signed = (values: Float32Array, at: number, block: number): number => {
    let sum = 0;
    for (let j = block * width; j < end(block); j++) sum += (values[at + j] as number) * (signs[j] as number);
    return sum;
  };

  const bx = new Float64Array(k * blocks);
  for (let p = 0; p < k; p++) for (let t = 0; t < blocks; t++) bx[p * blocks + t] = signed(b, p * n, t);
  const abx = new Float64Array(m * blocks);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++)
      for (let t = 0, at = i * blocks; t < blocks; t++, at++)
        abx[at] = (abx[at] as number) + (a[i * k + p] as number) * (bx[p * blocks + t] as number);

  const slackOfBlock = Array.from({ length: blocks }, (_, t) => {
    const norm = Math.hypot(...normB.subarray(t * width, end(t)));
    return SIGMAS * elementBound(k) * norm;
  });
  return (c) => {
    for (let i = 0; i < m; i++)
      for (let t = 0; t < blocks; t++) {
        const want = abx[i * blocks + t] as number;
        const got = signed(c, i * n, t);
        const slack = (slackOfBlock[t] as number) * (normA[i] as number) + 2 * k * width * TINY;
        // Written so that NaN on one side only is a failure.
        if (Number.isFinite(want) ? Math.abs(got - want) <= slack : !Number.isFinite(got)) continue;
        return `row ${i}, columns ${t * width} to ${end(t) - 1}: signed sum should be ${want} ± ${slack}, got ${got}`;
      }
    return undefined;
  };
}
