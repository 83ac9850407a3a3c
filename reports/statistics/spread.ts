/** Arithmetic mean; NaN of nothing. */
export const meanValue = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Σ(x − x̄)² / (n − 1), of at least two values. */
export function sampleVariance(values: readonly number[]): number {
  const mean = meanValue(values);
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
}

/** √ of `sampleVariance`, in the unit of the values. */
export const sampleDeviation = (values: readonly number[]): number => Math.sqrt(sampleVariance(values));
