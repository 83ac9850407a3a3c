import type { Shape } from '../declaration.js';

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

export type Sizes = { readonly m: number; readonly n: number; readonly k: number };

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
