/**
 * What shared/remainder.wgsl needs: 2³² ÷ divisor, rounded down. The quotient that it estimates is right or one too
 * small: with m = ⌊2³²/d⌋ > 2³²/d − 1 it is n·m/2³² > n/d − n/2³² > n/d − 1 (Granlund and Montgomery: Division by
 * Invariant Integers using Multiplication, PLDI 1994).
 * @param divisor 2 … 2³¹
 */
export function reciprocalOf(divisor: number): number {
  if (!Number.isSafeInteger(divisor) || divisor < 2 || divisor > 2 ** 31)
    throw new RangeError(`a divisor must be a whole number from 2 to 2^31, got ${divisor}`);
  return Math.floor(2 ** 32 / divisor);
}

/** The same steps as in WGSL, on 32-bit words. */
export function remainderBy(n: number, divisor: number, reciprocal: number): number {
  const rest = (n - Math.imul(multiplyHigh(n, reciprocal), divisor)) >>> 0;
  return Math.min(rest, (rest - divisor) >>> 0);
}

export function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) >>> 0;
  const carried = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carried >>> 16)) >>> 0;
}
