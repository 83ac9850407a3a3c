import { asF16 } from './views.js';

/**
 * IEEE 754 binary16 on a host whose arrays have no such type. Bits travel as Uint16Array; `roundToF16` gives the same
 * numbers as f32, which holds every f16 exactly.
 */

const words = new Uint32Array(1);
const float = new Float32Array(words.buffer);

/** Unit roundoff of f16. */
export const U16 = 2 ** -11;
/** Largest finite f16. */
export const F16_MAX = 65504;
/** Least normal f16: WGSL allows what is below to be flushed to zero. */
export const TINY16 = 2 ** -14;

/** Bits of the nearest f16, ties to even (IEEE 754-2019, section 4.3.1); subnormal, infinite and NaN as they are. */
export function f16Bits(value: number): number {
  float[0] = value;
  const word = words[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // 65520 lies halfway between the largest f16 and what would come after it.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // Drops 13 bits of the fraction and moves the exponent's bias from 127 to 15.
    const odd = (magnitude >>> 13) & 1;
    return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
  }
  // Below 2⁻¹⁴ one step is 2⁻²⁴; scaling by a power of two is exact, and so is the sum that rounds.
  float[0] = value < 0 ? -value : value;
  const steps = (float[0] as number) * 2 ** 24;
  const floor = Math.floor(steps);
  const rest = steps - floor;
  return sign | (floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0));
}

/** The number that 16 bits stand for. */
export function f16Value(bits: number): number {
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

let decoded: Float32Array | undefined;

/** The numbers of all 65536 bit patterns: looked up, millions of elements take a fortieth of the time. */
function allValues(): Float32Array {
  decoded ??= Float32Array.from({ length: 65536 }, (_, bits) => f16Value(bits));
  return decoded;
}

// Loops, because `from` with a function goes through an iterator and takes thirty times as long.
export function toF16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = f16Bits(values[i] as number);
  return out;
}

export function fromF16(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length);
  const table = allValues();
  for (let i = 0; i < out.length; i++) out[i] = table[bits[i] as number] as number;
  return out;
}

/** Each value as the nearest f16, still in f32. */
export function roundToF16(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length);
  const table = allValues();
  for (let i = 0; i < out.length; i++) out[i] = table[f16Bits(values[i] as number)] as number;
  return out;
}

/** The numbers in a GPU buffer of f16. */
export const floatsFromF16 = (bytes: Uint8Array): Float32Array => fromF16(asF16(bytes));

/** Every whole number up to here is an f16. */
export const MOST_WHOLE_HALF = 2048;

/**
 * Whole numbers from −2048 to 2048 as the bits of f16, all exact.
 * @throws {RangeError} naming the number that is none of them
 */
export function wholeHalves(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, (value) => {
    if (!Number.isInteger(value) || Math.abs(value) > MOST_WHOLE_HALF)
      throw new RangeError(`${value} is not a whole number from -${MOST_WHOLE_HALF} to ${MOST_WHOLE_HALF}`);
    return f16Bits(value);
  });
}
