import type { Shape } from '../declaration.js';
import type { MatmulInput } from './input.js';
import type { Precision } from './precision.js';
import { sizesOf } from './sizes.js';

export interface MatmulOutput {
  /** [batch, m, n], row-major. */
  readonly c: Float32Array;
}

/** c = a · b, each element summed in f64 and rounded once to the type: the definition, in the plainest way. */
export function matmulReference(shape: Shape, { a, b }: MatmulInput, { round }: Precision): MatmulOutput {
  const { m, n, k, batch, transposeB } = sizesOf(shape);
  const c = new Float32Array(batch * m * n);
  for (let g = 0; g < batch; g++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          const right = g * k * n + (transposeB ? j * k + p : p * n + j);
          sum += (a[(g * m + i) * k + p] as number) * (b[right] as number);
        }
        c[(g * m + i) * n + j] = sum;
      }
  return { c: round(c) };
}
