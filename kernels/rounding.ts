/** Bounds of f32 rounding, for oracles. */

/** Unit roundoff of f32. */
export const U = 2 ** -24;
/** Least normal f32: WGSL allows what is below to be flushed to zero, which loses at most this. */
export const TINY = 2 ** -126;
/** Largest finite f32. */
export const F32_MAX = 3.4028234663852886e38;

/** γₖ = k·u / (1 − k·u): Higham, Accuracy and Stability of Numerical Algorithms, theorem 3.1. */
export const gamma = (k: number): number => (k * U) / (1 - k * U);

/**
 * What one element may be off by, relative to Σ|a||b|. No order of summation passes γₖ, but where k is large
 * that is so far above what happens that a wrong element hides below it: rounding errors differ in sign,
 * and their sum grows with √k (Higham and Mary 2019, A new approach to probabilistic rounding error
 * analysis, theorem 2.4). Eight times √k·u is not passed in 10¹² elements.
 */
export const elementBound = (k: number): number => Math.min(gamma(k), 8 * Math.sqrt(k) * U);
