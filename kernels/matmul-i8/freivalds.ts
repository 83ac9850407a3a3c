import { randomWords } from '../random.js';
import type { MatmulI8Input } from './reference.js';
import type { Sizes } from './sizes.js';

const VECTORS = 4;

/**
 * Freivalds (1977) in the ring of whole numbers modulo 2³²: with random x, c·x = a·(b·x) for a right c, at the cost of
 * three matrix–vector products, and nothing is rounded. A row that differs from the right one by e passes only if e·x
 * is 0: where 2ᵗ is the largest power of two that divides all of e, one random x in 2³²⁻ᵗ allows that, and all four in
 * 2⁴⁽³²⁻ᵗ⁾. Elements that are no sum of k products are refused before, so |e| ≤ k·2¹⁵ and t ≤ 15 + log₂ k, far beyond
 * what a wrong kernel leaves.
 *
 * Returns a check that names the first row that fails, or nothing.
 */
export function freivaldsModulo(
  s: Sizes,
  { a, b }: MatmulI8Input,
  seed: number,
): (c: Int32Array) => string | undefined {
  const { m, n, k, batch } = s;
  const next = randomWords(seed ^ 0x46524549);
  const vectors = Array.from({ length: VECTORS }, () => Int32Array.from({ length: n }, () => next() | 0));
  const wanted = vectors.map((x) => {
    const abx = new Int32Array(batch * m);
    for (let t = 0; t < batch; t++) {
      const bx = timesVector(s, b.subarray(t * k * n, (t + 1) * k * n), x);
      for (let i = t * m; i < (t + 1) * m; i++) abx[i] = dot(a, i * k, bx);
    }
    return abx;
  });
  return (c) => {
    for (let row = 0; row < batch * m; row++)
      for (const [at, x] of vectors.entries()) {
        const [got, want] = [dot(c, row * n, x), (wanted[at] as Int32Array)[row]];
        if (got !== want)
          return `batch ${Math.floor(row / m)}, row ${row % m}: sum with random factors should be ${want} modulo 2³², got ${got}`;
      }
    return undefined;
  };
}

/** Σ values[at + j]·x[j] modulo 2³². */
function dot(values: Int8Array | Int32Array, at: number, x: Int32Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum = (sum + Math.imul(values[at + j] as number, x[j] as number)) | 0;
  return sum;
}

/** b · x modulo 2³², k elements. */
function timesVector({ n, k, transposeB }: Sizes, b: Int8Array, x: Int32Array): Int32Array {
  const out = new Int32Array(k);
  if (!transposeB) return out.map((_, p) => dot(b, p * n, x));
  for (let j = 0; j < n; j++) {
    const factor = x[j] as number;
    for (let p = 0, at = j * k; p < k; p++, at++)
      out[p] = ((out[p] as number) + Math.imul(b[at] as number, factor)) | 0;
  }
  return out;
}
