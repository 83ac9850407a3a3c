import type { Shape } from '../declaration.js';
import { f16Bits, f16Value } from '../f16.js';
import { BLOCK, BLOCK_BYTES, type Sizes } from './format.js';

export interface MatmulQ4Input {
  readonly m: number;
  readonly n: number;
  /** A multiple of 32. */
  readonly k: number;
  /** [m, k], row-major; every value is rounded to f16. */
  readonly a: Float32Array;
  /** [n, k/32, 16]: 4-bit weights, two to a byte, the even element low. */
  readonly weights: Uint8Array;
  /** [n, k/32]; every value is rounded to f16. */
  readonly scales: Float32Array;
}

export interface MatmulQ4Output {
  /** [m, n], row-major, f16 values. */
  readonly c: Float32Array;
}

/** One row of the weight matrix as numbers: (nibble − 8) · scale, exact in f64. */
export function weightRow(k: number, { weights, scales }: MatmulQ4Input, row: number, out: Float64Array): Float64Array {
  const blocks = k / BLOCK;
  for (let block = row * blocks, at = 0; at < k; block++) {
    const scale = scales[block] as number;
    for (let byte = block * BLOCK_BYTES; byte < (block + 1) * BLOCK_BYTES; byte++) {
      const pair = weights[byte] as number;
      out[at++] = ((pair & 15) - 8) * scale;
      out[at++] = ((pair >> 4) - 8) * scale;
    }
  }
  return out;
}

/** c = a · wᵀ, each element summed in f64 and rounded to f16 once: the definition, in the plainest way. */
export function matmulQ4Reference(shape: Shape, input: MatmulQ4Input): MatmulQ4Output {
  const { m, n, k } = shape as unknown as Sizes;
  const c = new Float32Array(m * n);
  const row = new Float64Array(k);
  for (let j = 0; j < n; j++) {
    weightRow(k, input, j, row);
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += (input.a[i * k + p] as number) * (row[p] as number);
      c[i * n + j] = f16Value(f16Bits(sum));
    }
  }
  return { c };
}
