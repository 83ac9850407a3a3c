// n % divisor without a division, which WGSL compilers make long code of: the quotient is estimated with a
// reciprocal that the host computed, 2³² ÷ divisor rounded down, and is right or one too small (Granlund and
// Montgomery: Division by Invariant Integers using Multiplication). divisor: 2 … 2³¹.
fn remainderBy(n: u32, divisor: u32, reciprocal: u32) -> u32 {
  let rest = n - multiplyHigh(n, reciprocal) * divisor;
  // Less than two divisors are left; when rest < divisor the difference wraps to something large.
  return min(rest, rest - divisor);
}

// The upper 32 bits of a 64-bit product, from 16-bit halves: WGSL has no other way. Where b is a constant below
// 2¹⁶, as it is for every real DAG, what its upper half would bring is gone after constant folding.
fn multiplyHigh(a: u32, b: u32) -> u32 {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let middle = aHigh * bLow + ((aLow * bLow) >> 16u);
  let carried = aLow * bHigh + (middle & 0xffffu);
  return aHigh * bHigh + (middle >> 16u) + (carried >> 16u);
}
