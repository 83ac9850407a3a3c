import type { Oracle, OracleVerdict, Shape } from '../declaration.js';
import { sampleRows } from '../sample-rows.js';
import { freivaldsModulo } from './freivalds.js';
import type { MatmulI8Input, MatmulI8Output } from './reference.js';
import { products, type Sizes, sizesOf } from './sizes.js';

/** Above this many multiplications only some rows are computed in full. */
export const FULL_MULTIPLICATIONS = 2 ** 27;

/**
 * Judges c for one input, exactly. Up to 2²⁷ multiplications every element is compared; beyond, the first, the last
 * and seeded random rows are, and every row by Freivalds' check modulo 2³².
 */
export function matmulI8Oracle(shape: Shape, input: MatmulI8Input, seed: number): Oracle<MatmulI8Output> {
  const s = sizesOf(shape);
  const { m, n, k, batch } = s;
  const all = batch * m;
  const rows = sampleRows(all, products(s) <= FULL_MULTIPLICATIONS ? all : FULL_MULTIPLICATIONS / (n * k), seed);
  const want = rows.map((row) => exactRow(s, input, row));
  const freivalds = rows.length === all ? undefined : freivaldsModulo(s, input, seed);
  const most = k * 128 * 128;

  function firstWrong(c: Int32Array): string | undefined {
    for (const [at, row] of rows.entries())
      for (let j = 0; j < n; j++) {
        const [got, expected] = [c[row * n + j], (want[at] as Int32Array)[j]];
        if (got !== expected) return `${place(s, row, j)}: expected ${expected}, got ${got}`;
      }
    if (!freivalds) return undefined;
    const far = c.findIndex((x) => x > most || x < -most);
    if (far >= 0)
      return `${place(s, Math.floor(far / n), far % n)}: ${c[far]} is more than ${k} products of int8 can be`;
    return freivalds(c);
  }
  return {
    method: freivalds
      ? `${rows.length} of ${all} rows exactly (first, last, seeded random); all rows by Freivalds' check modulo 2³²`
      : 'every element exactly',
    tolerance: { kind: 'exact' },
    check({ c }): OracleVerdict {
      if (!(c instanceof Int32Array) || c.length !== all * n)
        return {
          correct: false,
          maxError: null,
          detail: `c must hold ${all * n} integers, got ${c?.length ?? 'none'}`,
        };
      const detail = firstWrong(c);
      return detail === undefined ? { correct: true, maxError: 0 } : { correct: false, maxError: null, detail };
    },
  };
}

/** One row of c: row `row % m` of batch `⌊row / m⌋`. */
function exactRow({ m, n, k, transposeB }: Sizes, { a, b }: MatmulI8Input, row: number): Int32Array {
  const left = a.subarray(row * k, (row + 1) * k);
  const right = b.subarray(Math.floor(row / m) * k * n);
  const out = new Int32Array(n);
  if (transposeB)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0, at = j * k; p < k; p++, at++) sum += (left[p] as number) * (right[at] as number);
      out[j] = sum;
    }
  else
    for (let p = 0; p < k; p++) {
      const factor = left[p] as number;
      for (let j = 0, at = p * n; j < n; j++, at++) out[j] = (out[j] as number) + factor * (right[at] as number);
    }
  return out;
}

function place({ m, batch }: Sizes, row: number, column: number): string {
  return batch === 1 ? `c[${row}, ${column}]` : `c[${Math.floor(row / m)}, ${row % m}, ${column}]`;
}
