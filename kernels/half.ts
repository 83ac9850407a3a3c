/** Every whole number up to here is an f16. */
export const MOST_WHOLE_HALF = 2048;

/**
 * Whole numbers from −2048 to 2048 as the bits of f16 (IEEE 754-2019, binary16): sign, 5 bits of exponent plus 15,
 * 10 bits of fraction. All of them are exact.
 * @throws {RangeError} naming the number that is none of them
 */
export function wholeHalves(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, (value) => {
    const size = Math.abs(value);
    if (!Number.isInteger(value) || size > MOST_WHOLE_HALF)
      throw new RangeError(`${value} is not a whole number from -${MOST_WHOLE_HALF} to ${MOST_WHOLE_HALF}`);
    if (size === 0) return 0;
    const exponent = 31 - Math.clz32(size);
    const fraction = (size * 2 ** (10 - exponent)) & 0x3ff;
    return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
  });
}
