import type { Tolerance } from '../declaration.js';
import { F16_MAX, TINY16, U16 } from '../f16.js';
import { F32_MAX, gamma, TINY, U } from '../rounding.js';
import type { ExactRow } from './reference.js';
import type { AttentionSizes } from './sizes.js';

/** What the data can lead to, from their largest finite norms. */
export interface Extent {
  /** No score of these queries and keys is larger. */
  readonly score: number;
  /** No product q · k before it is divided by √headSize is larger. */
  readonly product: number;
  readonly value: number;
  /** Largest score less the smallest of any row. */
  readonly spread: number;
}

/** How far a result may be from f64, for numbers of one type. */
export interface Precision {
  /** exp() of less than minus this is 0. */
  readonly vanishes: number;
  /** Weights below exp() of minus this may be flushed to zero. */
  readonly flushes: number;
  tolerance(s: AttentionSizes, extent: Extent): Tolerance & { kind: 'bound' };
  /** By what an element's error is divided before it is held against the bound. */
  measure(row: ExactRow, element: number, extent: Extent): number;
  /** Errors below this are none: what lies below the type's least normal number may be flushed. */
  floor(s: AttentionSizes, extent: Extent): number;
  /** Whether a score or a value may pass the type's largest number: then a result that is not finite is no fault. */
  overflows(extent: Extent, bound: number): boolean;
}

/**
 * Relative error of out = Σ w·v / Σ w against Σ w·|v| / Σ w, to first order.
 * A score of magnitude up to S is off by γ(headSize + 3)·S (dot product, scale, its rounding), and an error of
 * a score is a relative error of its weight. exp(x) is within 3 + 2|x| ULP of 2u each (WGSL, accuracy of
 * expressions), its argument x within u|x|, where |x| is at most the spread of the scores. A variant with a
 * running maximum rescales by one more exp() and product, at most ⌈keys/4⌉ times. The weights' error counts
 * twice, above and below the line, and so does that of a sum in any order; the division is within 2.5 ULP.
 * A tenth on top covers the second order.
 */
export const F32: Precision = {
  vanishes: 104,
  flushes: 87,
  tolerance(s, { score: largest, spread }) {
    const score = gamma(s.headSize + 3) * largest;
    const rescales = Math.ceil(s.keyLength / 4);
    const weight = Math.expm1(score + (6 + 5 * spread) * U + (7 * rescales + 5 * spread) * U);
    return {
      kind: 'bound',
      bound: 1.1 * (2 * weight + 2 * gamma(s.keyLength + 1) + 5 * U),
      reason:
        '|error| / Σ weight·|v| for f32 scores, exp() within 3 + 2·|x| ULP (WGSL), a running maximum that moves ' +
        'at most once in 4 keys, and sums in any order',
    };
  },
  measure: (row, element) => row.magnitude[element] as number,
  floor: (s, { value }) => 2 * s.keyLength * TINY * (1 + value),
  overflows: ({ product, value }, bound) => !(product < F32_MAX) || !(value * (1 + bound) < F32_MAX),
};

/**
 * Scores, weights and sums may all be f16, as other implementations have them. No order of summation in f16 passes
 * γ, but with 4096 keys that is more than the result. For numbers of either sign rounding errors do not add up: that
 * of a dot product is a small multiple of u, whatever its length, relative to the norms of its factors (Higham and
 * Mary 2020, Sharper probabilistic backward error analysis for basic linear algebra kernels with random data, SIAM
 * J. Sci. Comput. 42, A3427). With an 8 that is not passed in 10¹² elements, an element may be off by 8·u times
 *
 *   Σ w|v|          for the products w·v and their sum,
 *   √keys·|out|     for the sum of the weights, all of one sign,
 *   4(1 + S)·(√Σ(w·v)² + √Σw²·|out|) over the keys whose score is not the largest: their scores, up to S, are off by
 *                   a few u·S, each for itself, and that is a relative error of their weights. Equal keys have equal
 *                   scores in any implementation, so the largest are spared.
 */
export const F16: Precision = {
  vanishes: 104,
  flushes: 9,
  tolerance: () => ({
    kind: 'bound',
    bound: 8 * U16,
    reason:
      '|error| / (Σ w·|v| + √keys·|out| + 4(1 + S)(√Σ(w·v)² + √Σw²·|out|)) for scores up to S, weights and sums in ' +
      'f16 (Higham and Mary 2020)',
  }),
  measure(row, element, { score }) {
    const out = Math.abs(row.out[element] as number);
    const rest = (row.rest[element] as number) + Math.sqrt(row.restWeight) * out;
    return (row.magnitude[element] as number) + Math.sqrt(row.keys) * out + 4 * (1 + score) * rest;
  },
  // A weight below 2⁻¹⁴ keeps steps of 2⁻²⁴, whose errors differ in sign; out itself may be flushed.
  floor: (s, { value }) => TINY16 + 8 * Math.sqrt(s.keyLength) * 2 ** -25 * value,
  overflows: ({ product, value }, bound) => !(product < F16_MAX) || !(value * (1 + bound) < F16_MAX),
};
