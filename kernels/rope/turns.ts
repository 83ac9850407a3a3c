/** The base of the angles in Llama 3 (`rope_theta`). */
export const THETA = 500_000;

/**
 * Cosine and sine of position · θ^(−2i/size) for `tokens` positions from `first` on and i < size/2, in f64 until they are
 * rounded: [tokens, size/2, 2]. Su et al. 2021, RoFormer, equation 15.
 */
export function turns(first: number, tokens: number, size: number, theta = THETA): Float32Array {
  const out = new Float32Array(tokens * size);
  for (let t = 0; t < tokens; t++)
    for (let i = 0; i < size / 2; i++) {
      const angle = (first + t) * theta ** ((-2 * i) / size);
      out[t * size + 2 * i] = Math.cos(angle);
      out[t * size + 2 * i + 1] = Math.sin(angle);
    }
  return out;
}
