/**
 * Holm's step-down adjusted p-values, in the order given: the j-th smallest becomes the greatest of
 * min(1, (m − i + 1) · p₍ᵢ₎) over i ≤ j. Rejecting what lies below α keeps the chance of any false rejection
 * under α, however the tests depend on each other. Source: S. Holm, "A Simple Sequentially Rejective Multiple
 * Test Procedure", Scandinavian Journal of Statistics 6 (1979). As `p.adjust(p, "holm", n)` of R.
 *
 * @param family m, the number of tests when some are not listed, whose p counts as 1: default all are
 * @throws {RangeError} when a p lies outside 0 … 1 or the family is smaller than the list
 */
export function holm(pValues: readonly number[], family: number = pValues.length): number[] {
  for (const [i, p] of pValues.entries())
    if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value must lie between 0 and 1, got ${p} at position ${i}`);
  if (!(Number.isInteger(family) && family >= pValues.length))
    throw new RangeError(`the family must be a whole number of at least ${pValues.length} tests, got ${family}`);
  const adjusted = new Array<number>(pValues.length);
  let greatest = 0;
  for (const [i, [p, at]] of pValues
    .map((p, at) => [p, at] as const)
    .sort(([a], [b]) => a - b)
    .entries()) {
    greatest = Math.max(greatest, Math.min(1, (family - i) * p));
    adjusted[at] = greatest;
  }
  return adjusted;
}
