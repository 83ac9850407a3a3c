import jStat from 'jstat';

/**
 * Upper confidence limit of the mean of a Poisson variable of which `count` events were seen: ½ χ²(confidence; 2·count + 2).
 * With no event at 95 % it is 2.996, the rule of three.
 * Source: F. Garwood, "Fiducial Limits for the Poisson Distribution", Biometrika 28 (1936), of which this is the
 * one-sided form.
 *
 * @param count events seen, a whole number
 * @param confidence strictly between 0 and 1
 * @throws {RangeError} when an argument is outside its range
 */
export function poissonUpperLimit(count: number, confidence: number): number {
  if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`count must be a whole number, got ${count}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must lie strictly between 0 and 1, got ${confidence}`);
  if (count === 0) return -Math.log(1 - confidence);
  return jStat.chisquare.inv(confidence, 2 * count + 2) / 2;
}
