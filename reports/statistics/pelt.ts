/**
 * Where the mean of a series steps: the partition that makes Σ (x − mean of its segment)² + penalty · (segments − 1)
 * least, exactly, by dynamic programming over the last boundary, which drops every boundary that can no longer be the
 * last one. Source: R. Killick, P. Fearnhead and I. A. Eckley, "Optimal Detection of Changepoints With a Linear
 * Computational Cost", JASA 107 (2012), PELT, with K = 0.
 *
 * @param values in time order, finite
 * @param penalty at least 0, in the unit of the values squared
 * @param least values in a segment, at least 1
 * @returns first positions of all segments but the first, ascending; none where the series is shorter than two segments
 */
export function meanSteps(values: readonly number[], penalty: number, least: number): number[] {
  const n = values.length;
  if (n < 2 * least) return [];
  const cost = segmentCost(values);
  /** Of the values before a position, each with the penalty of its own beginning. */
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const last = new Int32Array(n + 1);
  best[0] = -penalty;
  let candidates: number[] = [];
  for (let end = least; end <= n; end++) {
    // A boundary can be the last one once the segment after it is long enough, and the one before it was.
    if (Number.isFinite(best[end - least])) candidates.push(end - least);
    for (const start of candidates) {
      const total = (best[start] as number) + cost(start, end) + penalty;
      if (total >= (best[end] as number)) continue;
      best[end] = total;
      last[end] = start;
    }
    // From the next value on `joining` can be the last boundary: whatever is behind it now stays behind it.
    const joining = end + 1 - least;
    if (joining > 0 && Number.isFinite(best[joining]))
      candidates = candidates.filter(
        (start) => (best[start] as number) + cost(start, joining) <= (best[joining] as number),
      );
  }
  const steps: number[] = [];
  for (let at = last[n] as number; at > 0; at = last[at] as number) steps.unshift(at);
  return steps;
}

/** Σ (x − mean)² from `start` to before `end`, of running sums about the first value, so that little cancels. */
export function segmentCost(values: readonly number[]): (start: number, end: number) => number {
  const origin = values[0] ?? 0;
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) {
    sums[i + 1] = (sums[i] as number) + value - origin;
    squares[i + 1] = (squares[i] as number) + (value - origin) ** 2;
  }
  return (start, end) => {
    const sum = (sums[end] as number) - (sums[start] as number);
    return Math.max(0, (squares[end] as number) - (squares[start] as number) - sum ** 2 / (end - start));
  };
}
