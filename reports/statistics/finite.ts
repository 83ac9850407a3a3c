/** @throws {RangeError} that names the first value which is not a finite number, and where it stands */
export function mustBeFinite(values: readonly number[], what: string): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RangeError(`${what} needs finite values, got ${values[at]} at position ${at}`);
}

/** 1 − confidence. @throws {RangeError} unless confidence lies strictly between 0 and 1 */
export function alphaOf(confidence: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must lie strictly between 0 and 1, got ${confidence}`);
  return 1 - confidence;
}

/** ln(1 + minEffect): how far from 0 a mean log ratio may lie and not matter. @throws {RangeError} unless finite and ≥ 0 */
export function logBound(minEffect: number): number {
  if (!(minEffect >= 0 && minEffect < Number.POSITIVE_INFINITY))
    throw new RangeError(`minEffect must be a fraction of at least 0, got ${minEffect}`);
  return Math.log1p(minEffect);
}
