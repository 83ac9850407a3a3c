/** What the oracle needs of a and b, in f64. Matrices of a batch lie one after the other; b is k × n. */

interface Right {
  readonly n: number;
  readonly k: number;
  readonly batch: number;
}

/** b as k × n where it was given as n × k, in squares, so that both sides stay in the cache. */
export function untransposed(b: Float32Array, { n, k, batch }: Right): Float32Array {
  const SQUARE = 32;
  const out = new Float32Array(b.length);
  for (let base = 0; base < batch * k * n; base += k * n)
    for (let top = 0; top < n; top += SQUARE)
      for (let left = 0; left < k; left += SQUARE)
        for (let j = top; j < Math.min(n, top + SQUARE); j++)
          for (let p = left; p < Math.min(k, left + SQUARE); p++) out[base + p * n + j] = b[base + j * k + p] as number;
  return out;
}

/**
 * Whether all sums of k products are exact in f16 and so in f32, whatever the order: whole numbers of at most 2 whose
 * sums stay within 2048, at eight times the root of k·(mean square of a)·(mean square of b).
 */
export function exactSums(a: Float32Array, b: Float32Array, k: number): boolean {
  const [squareA, squareB] = [meanSquare(a), meanSquare(b)];
  return squareA !== null && squareB !== null && 8 * Math.sqrt(k * squareA * squareB) <= 2048;
}

/** Null unless all are whole numbers of at most 2. */
function meanSquare(values: Float32Array): number | null {
  let sum = 0;
  for (const x of values) {
    if (!Number.isInteger(x) || x > 2 || x < -2) return null;
    sum += x * x;
  }
  return sum / values.length;
}

/** One row of c. Four rows of b at a time: the running sums are loaded and stored a quarter as often. */
export function productRow(left: Float32Array, b: Float32Array | Float64Array, out: Float64Array): void {
  const n = out.length;
  let p = 0;
  for (; p + 4 <= left.length; p += 4) {
    const [l0, l1, l2, l3] = [left[p], left[p + 1], left[p + 2], left[p + 3]] as [number, number, number, number];
    const [r0, r1, r2, r3] = [p * n, (p + 1) * n, (p + 2) * n, (p + 3) * n];
    for (let j = 0; j < n; j++) {
      const low = l0 * (b[r0 + j] as number) + l1 * (b[r1 + j] as number);
      const high = l2 * (b[r2 + j] as number) + l3 * (b[r3 + j] as number);
      out[j] = (out[j] as number) + (low + high);
    }
  }
  for (; p < left.length; p++)
    for (let j = 0; j < n; j++) out[j] = (out[j] as number) + (left[p] as number) * (b[p * n + j] as number);
}

export function rowNorms(a: Float32Array, rows: number, columns: number): Float64Array {
  const norms = new Float64Array(rows);
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < columns; p++) norms[i] = (norms[i] as number) + (a[i * columns + p] as number) ** 2;
  return norms.map(Math.sqrt);
}

/** Of every matrix of the batch, one after the other. */
export function columnNorms(b: Float32Array, { n, k, batch }: Right): Float64Array {
  const norms = new Float64Array(batch * n);
  for (let g = 0; g < batch; g++) {
    const own = norms.subarray(g * n, (g + 1) * n);
    for (let p = g * k; p < (g + 1) * k; p++)
      for (let j = 0; j < n; j++) own[j] = (own[j] as number) + (b[p * n + j] as number) ** 2;
  }
  return norms.map(Math.sqrt);
}
