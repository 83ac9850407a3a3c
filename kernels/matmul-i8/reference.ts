import type { Shape } from '../declaration.js';
import { sizesOf } from './sizes.js';

export interface MatmulI8Input {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Products of their own, one after the other in a, b and c; 1 when absent. */
  readonly batch?: number;
  /** b is given as [batch, n, k]; false when absent. */
  readonly transposeB?: boolean;
  /** [batch, m, k], row-major. */
  readonly a: Int8Array;
  /** [batch, k, n], or [batch, n, k] when transposed, row-major. */
  readonly b: Int8Array;
}

export interface MatmulI8Output {
  /** [batch, m, n], row-major. */
  readonly c: Int32Array;
}

/** c = a · b in whole numbers: the definition, in the plainest way. Sums stay within 2³⁰. */
export function matmulI8Reference(shape: Shape, { a, b }: MatmulI8Input): MatmulI8Output {
  const { m, n, k, batch, transposeB } = sizesOf(shape);
  const c = new Int32Array(batch * m * n);
  for (let t = 0; t < batch; t++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          const right = t * k * n + (transposeB ? j * k + p : p * n + j);
          sum += (a[(t * m + i) * k + p] as number) * (b[right] as number);
        }
        c[(t * m + i) * n + j] = sum;
      }
  return { c };
}
