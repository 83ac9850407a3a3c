import { describe, expect, test } from 'vitest';
import { f16Bits, f16Value, roundToF16 } from '../../kernels/f16.js';
import { randomFloats } from '../../kernels/random.js';

describe('f16 on the host', () => {
  // IEEE 754-2019, table 3.5 and section 4.3.1: the values that encode the format's limits, and ties.
  test.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -24, 0x0002],
    [2.5 * 2 ** -24, 0x0002],
    [2 ** -14 - 2 ** -26, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 / 3, 0x3555],
  ])('%d is encoded as %i', (value, bits) => {
    expect(f16Bits(value)).toBe(bits);
  });

  test('every one of the 65536 encodings comes back', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = f16Value(bits);
      if (Number.isNaN(value)) expect(f16Bits(value) & 0x7c00).toBe(0x7c00);
      else expect(f16Bits(value)).toBe(bits);
    }
  });

  test('no f16 is nearer than the one that rounding takes', () => {
    for (const x of [...randomFloats(2000, 1), ...randomFloats(2000, 2).map((v) => v * 2 ** -13)]) {
      const bits = f16Bits(x);
      const off = Math.abs(f16Value(bits) - x);
      for (const other of [bits - 1, bits + 1]) {
        const value = f16Value(other & 0xffff);
        if (Number.isFinite(value)) expect(Math.abs(value - x)).toBeGreaterThanOrEqual(off);
      }
    }
  });

  test('rounding twice changes nothing more', () => {
    const once = roundToF16(randomFloats(1000, 3));
    expect(roundToF16(once)).toEqual(once);
  });
});
