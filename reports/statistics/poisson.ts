import jStat from 'jstat';

/** Beyond it jstat's quantile takes seconds; Wilson and Hilferty's approximation is good to six digits there. */
const MOST_EXACT = 1000;

/**
 * Upper confidence limit of the mean of a Poisson variable of which `count` events were seen: ½ χ²(confidence; 2·count + 2).
 * With no event at 95 % it is 2.996, the rule of three.
 * Source: F. Garwood, "Fiducial Limits for the Poisson Distribution", Biometrika 28 (1936), of which this is the
 * one-sided form; E. B. Wilson and M. M. Hilferty, "The Distribution of Chi-Square", PNAS 17 (1931).
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
  const degrees = 2 * count + 2;
  if (count > MOST_EXACT) {
    const part = 2 / (9 * degrees);
    return (degrees * (1 - part + jStat.normal.inv(confidence, 0, 1) * Math.sqrt(part)) ** 3) / 2;
  }
  return jStat.chisquare.inv(confidence, degrees) / 2;
}
