import { TINY16, U16 } from '../f16.js';
import { randomWords } from '../random.js';
import type { Sizes } from './format.js';

/**
 * Each row of c is summed in blocks of columns, up to 64 of them but no narrower than 16, since the tolerance is one of
 * means. They cost next to nothing, and the more there are, the less a row of zeros can hide below the tolerance of all.
 */
const MOST_BLOCKS = 64;
const LEAST_WIDTH = 16;
/** Hoeffding: a sum of independent ±e exceeds 8·√Σe² with a probability under 3·10⁻¹⁴. */
const SIGMAS = 8;
/** Root mean square of the elements' errors by the same measure as the oracle's: u/√6 for sums in f16, and what rounds. */
const RMS_BOUND = 2 * U16;

export const FREIVALDS = {
  exact: "Freivalds' check, random-sign sums of up to 64 blocks a row, exact",
  bound: `Freivalds' check, random-sign sums of up to 64 blocks a row, tolerance ${SIGMAS}·2u·‖row of a‖·‖block of weights‖`,
};

/** Takes the weights row by row, since no one wants all of them as f64, and ends in the check. */
export interface Freivalds {
  take(row: number, weight: Float64Array, norm: number): void;
  finish(): (c: Float32Array) => string | undefined;
}

/**
 * Freivalds (1977): with random x, c·x = a·(wᵀ·x) for a right c and fails for a wrong one, at the cost of three
 * matrix–vector products. Here x is ±1 within one block of columns and 0 outside, once per block. Where everything is
 * exact a row with any wrong element passes a block's sum with a probability of at most a half for each block that it
 * is wrong in; else a row must be stale, zero, permuted or from another input to be seen.
 */
export function freivaldsCheck(
  { m, n, k }: Sizes,
  a: Float32Array,
  normA: Float64Array,
  exact: boolean,
  seed: number,
): Freivalds {
  const width = Math.max(LEAST_WIDTH, Math.ceil(n / MOST_BLOCKS));
  const blocks = Math.ceil(n / width);
  const next = randomWords(seed ^ 0x46524549);
  const signs = Float64Array.from({ length: n }, () => (next() & 1 ? 1 : -1));
  const wx = Array.from({ length: blocks }, () => new Float64Array(k));
  const squares = new Float64Array(blocks);

  return {
    take(row, weight, norm) {
      const block = Math.floor(row / width);
      const [sum, sign] = [wx[block] as Float64Array, signs[row] as number];
      for (let p = 0; p < k; p++) sum[p] = (sum[p] as number) + sign * (weight[p] as number);
      squares[block] = (squares[block] as number) + norm * norm;
    },
    finish() {
      const wanted = wx.map((x) =>
        Float64Array.from({ length: m }, (_, i) => {
          let sum = 0;
          for (let p = 0; p < k; p++) sum += (a[i * k + p] as number) * (x[p] as number);
          return sum;
        }),
      );
      return (c) => {
        for (let i = 0; i < m; i++)
          for (let block = 0; block < blocks; block++) {
            const want = (wanted[block] as Float64Array)[i] as number;
            const [from, to] = [block * width, Math.min(n, (block + 1) * width)];
            let got = 0;
            for (let j = from; j < to; j++) got += (c[i * n + j] as number) * (signs[j] as number);
            const spread = SIGMAS * RMS_BOUND * (normA[i] as number) * Math.sqrt(squares[block] as number);
            const slack = exact ? 0 : spread + 2 * (to - from) * TINY16;
            // Written so that NaN on one side only is a failure.
            if (Number.isFinite(want) ? Math.abs(got - want) <= slack : !Number.isFinite(got)) continue;
            return `row ${i}, columns ${from} to ${to - 1}: signed sum should be ${want} ± ${slack}, got ${got}`;
          }
        return undefined;
      };
    },
  };
}
