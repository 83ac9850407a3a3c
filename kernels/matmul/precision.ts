import type { Tolerance } from '../declaration.js';
import { F16_MAX, roundToF16, TINY16, U16 } from '../f16.js';
import { elementBound, F32_MAX, gamma, TINY } from '../rounding.js';

/** What a type of a, b and c means for numbers and for how far a right result may be off. */
export interface Precision {
  readonly type: 'f32' | 'f16';
  /** Bytes of an element. */
  readonly bytes: number;
  /** Each value as the nearest of the type, still in an f32. */
  round(values: Float32Array): Float32Array;
  /** Largest finite value. */
  readonly largest: number;
  /** What an element may be off by because numbers near zero were flushed. */
  floor(k: number): number;
  /**
   * The unit in which an element's error is measured, from ‖row of a‖·‖column of b‖ and the element; and the
   * tolerance in it.
   */
  unit(norms: number, want: number, k: number): number;
  tolerance(k: number): Tolerance & { readonly kind: 'bound' };
  /** What a sum of elements with random signs may be off by, relative to ‖row of a‖·‖block of b‖. */
  signedSumBound(k: number): number;
  /** Whether partial sums may overflow where Σ|a||b| is at most so large. */
  overflows(magnitude: number, k: number): boolean;
}

/** Hoeffding: a sum of independent ±e exceeds 8·√Σe² with a probability under 3·10⁻¹⁴. */
const SIGMAS = 8;

export const f32: Precision = {
  type: 'f32',
  bytes: 4,
  round: (values) => values,
  largest: F32_MAX,
  floor: (k) => 2 * k * TINY,
  unit: (norms) => norms,
  tolerance: (k) => ({
    kind: 'bound',
    bound: elementBound(k),
    reason:
      '|error| / (‖row of a‖·‖column of b‖) ≤ min(γₖ, 8·√k·u), γₖ = k·u/(1 − k·u), u = 2⁻²⁴: ' +
      `f32 sums of k = ${k} products in any order, with or without fma`,
  }),
  signedSumBound: (k) => SIGMAS * elementBound(k),
  overflows: (magnitude, k) => magnitude * (1 + gamma(k)) > F32_MAX,
};

/**
 * Some implementations accumulate in f16, and a bound for all orders of all numbers, 8·√k·u, would then exceed the
 * result itself from k = 1024 on. But the numbers that are judged are drawn at random, so partial sums wander: after
 * j of k terms they are near j/k·c, with a scatter of √(j/k)·S, where S = √Σ(ab)² ≤ ‖row‖·‖column‖/√k for unrelated
 * a and b. Each addition is off by u|partial sum|/√3 in the root mean square, and k of these, independent, by at most
 * u·√k·S/√6 + u·√k·|c|/3 together. Eight times that is 3.3·u·‖row‖‖column‖ + 2.7·u·√k·|c|; storing c adds u·|c|. For
 * k up to 3 no order passes 4·u·‖row‖‖column‖ either way. A kernel that accumulates in f32 stays near u·|c|.
 */
export const f16: Precision = {
  type: 'f16',
  bytes: 2,
  round: roundToF16,
  largest: F16_MAX,
  // Of products of uniform numbers one in 1500 lies below the least normal f16; k/256 are not reached.
  floor: (k) => 2 * TINY16 * Math.min(k, 16 + k / 256),
  unit: (norms, want, k) => norms + Math.sqrt(k) * Math.abs(want),
  tolerance: (k) => ({
    kind: 'bound',
    bound: 4 * U16,
    reason:
      '|error| / (‖row of a‖·‖column of b‖ + √k·|c|) ≤ 4·u, u = 2⁻¹¹: eight times the root mean square error of ' +
      `an f16 sum of k = ${k} products of unrelated numbers in any order, and c stored as f16`,
  }),
  // The root mean square of √k·|c| is ‖row‖·‖column‖ again. The bound has its eight sigmas already, and a sum of
  // independent errors has the root of the sum of their squares.
  signedSumBound: () => 2 * 4 * U16,
  overflows: (magnitude) => magnitude * (1 + 8 * U16) > F16_MAX,
};
