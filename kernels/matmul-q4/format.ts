/**
 * 4-bit weights as ONNX Runtime's operator MatMulNBits has them (docs/ContribOperators.md, com.microsoft.MatMulNBits,
 * bits 4, block_size 32, no zero points): B is [N, ⌈K / 32⌉, 16] bytes, the even element of a pair in the low nibble;
 * scales are [N, ⌈K / 32⌉]; without zero points one of 8 holds, so the value is (nibble − 8) · scale.
 */

/** Weights that share a scale. */
export const BLOCK = 32;
export const BLOCK_BYTES = BLOCK / 2;
/** What a nibble stands for is this much less. */
export const ZERO_POINT = 8;

/** Shape of c = a · wᵀ: a is m × k, the weights n × k, c m × n. */
export interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/**
 * Packs whole numbers from −8 to 7, a multiple of 32 of them.
 * @throws {RangeError} for a value outside of that, or an unfinished block
 */
export function packNibbles(values: ArrayLike<number>): Uint8Array {
  if (values.length % BLOCK !== 0) throw new RangeError(`${values.length} weights are no multiple of ${BLOCK}`);
  const nibble = (i: number): number => {
    const value = (values[i] as number) + ZERO_POINT;
    if (!Number.isInteger(value) || value < 0 || value > 15)
      throw new RangeError(`weight ${i} must be a whole number from -8 to 7, got ${values[i]}`);
    return value;
  };
  return Uint8Array.from({ length: values.length / 2 }, (_, i) => nibble(2 * i) | (nibble(2 * i + 1) << 4));
}
