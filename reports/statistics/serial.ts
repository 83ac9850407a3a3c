import { type MeanEstimate, meanOf } from './student-t.js';
import { trimmedMean } from './trimmed.js';

/** Under ten rounds an estimate of the correlation is noise: −0.1 ± 0.3 of ten independent ones. */
const LEAST_ROUNDS = 10;
/** Beyond, the estimate of the variance itself falls apart. */
const MOST_CORRELATION = 0.9;

/**
 * Lag-1 autocorrelation with the bias of short series taken off: r = Σ cᵢcᵢ₊₁ / Σ cᵢ² with cᵢ = xᵢ − x̄, whose
 * expectation is about ρ − (1 + 4ρ)/n; so (n·r + 1)/(n − 4). Source: F. H. C. Marriott and J. A. Pope, "Bias in
 * the Estimation of Autocorrelations", Biometrika 41 (1954). 0 when all values agree.
 *
 * @param values at least five, in time order
 * @throws {RangeError} when there are fewer or one is not finite
 */
export function lagOneCorrelation(values: readonly number[]): number {
  const n = values.length;
  if (n < 5) throw new RangeError(`an autocorrelation needs at least five values, got ${n}`);
  const { mean, standardError } = meanOf(values);
  if (standardError === 0) return 0;
  const centred = values.map((v) => v - mean);
  let lagged = 0;
  for (let i = 1; i < n; i++) lagged += (centred[i - 1] as number) * (centred[i] as number);
  const r = lagged / centred.reduce((sum, c) => sum + c * c, 0);
  return (n * r + 1) / (n - 4);
}

/**
 * Where values in time order lie that may be correlated with their neighbours, and of which some may be far out: a
 * machine that did something else for a moment. Under ten values it is the plain mean. From ten on it is the trimmed
 * mean (`trimmedMean`), and a positive lag-1 autocorrelation ρ of the winsorised values widens its standard error by
 * √(f·(n−1)/(n−f)) with f = (1+ρ)/(1−ρ): n values of an AR(1) series are worth n/f independent ones, and their own
 * variance comes out too small. Source: G. V. Bayley and J. M. Hammersley, "The 'Effective' Number of Independent
 * Observations in an Autocorrelated Time Series", Supplement to the JRSS 8 (1946). ρ is taken as at most 0.9 and n/f
 * as at least 3. Negative ρ, which alternating order makes, is not used: it would narrow. Degrees of freedom are
 * those of the trimmed mean, for taking them from n/f as well would cost one in seven true 5 % changes in ten
 * independent rounds.
 *
 * @throws {RangeError} when there are fewer than two values or one is not finite
 */
export function meanOfSeries(values: readonly number[]): MeanEstimate {
  const n = values.length;
  if (n < LEAST_ROUNDS) return meanOf(values);
  const { mean, standardError, degreesOfFreedom, winsorised } = trimmedMean(values);
  const rho = Math.min(Math.max(lagOneCorrelation(winsorised), 0), MOST_CORRELATION);
  const inflation = Math.min((1 + rho) / (1 - rho), n / 3);
  return { mean, degreesOfFreedom, standardError: standardError * Math.sqrt((inflation * (n - 1)) / (n - inflation)) };
}
