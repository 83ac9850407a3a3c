import { median } from './quantile.js';

/** How a series scatters about levels that may step. */
export interface SeriesNoise {
  /** σ²(1−ρ), in the unit of the values squared: of independent values their variance. */
  readonly variance: number;
  /** (1+ρ)/(1−ρ): so many correlated values say as much of their mean as one independent one. At least 1. */
  readonly inflation: number;
}

/** Beyond, a wander can hardly be told from steps. */
const MOST_CORRELATION = 0.8;
/** The median absolute deviation of the normal distribution is this part of its standard deviation. */
const NORMAL_MAD = 0.6745;

/**
 * Of an AR(1) series that steps now and then, from its differences, of which a step touches but one or two:
 * Var(xᵢ₊₁−xᵢ) = 2σ²(1−ρ) and Var(xᵢ₊₂−xᵢ) = 2σ²(1−ρ²), each from the median of the differences' sizes, so that their
 * quotient is 1+ρ. After G. Romano, G. Rigaill, V. Runge and P. Fearnhead, "Detecting Abrupt Changes in the Presence of
 * Local Fluctuations and Autocorrelated Noise", JASA 117 (2022). ρ is taken one standard error (1/√n) lower, for
 * half of all independent series would count as correlated, and as 0 … 0.8.
 *
 * @param values at least three, finite, in time order
 */
export function seriesNoise(values: readonly number[]): SeriesNoise {
  const near = differenceVariance(values, 1);
  const quotient = near === 0 ? 1 : differenceVariance(values, 2) / near;
  const rho = Math.min(Math.max(quotient - 1 - 1 / Math.sqrt(values.length), 0), MOST_CORRELATION);
  return { variance: near / 2, inflation: (1 + rho) / (1 - rho) };
}

function differenceVariance(values: readonly number[], lag: number): number {
  const sizes = values.slice(lag).map((value, i) => Math.abs(value - (values[i] as number)));
  return (median(sizes) / NORMAL_MAD) ** 2;
}

/** Two on each side: three values of a new level outvote the old one, one or two odd ones do not. */
const WINDOW = 5;

/**
 * Values further than `reach` from the median of the five around them, moved to there; at the ends from that of the first
 * or last five. Source: the filter of F. R. Hampel, "The Influence Curve and its Role in Robust Estimation", JASA 69 (1974).
 */
export function withoutSpikes(values: readonly number[], reach: number): number[] {
  return values.map((value, i) => {
    const from = Math.max(0, Math.min(i - (WINDOW - 1) / 2, values.length - WINDOW));
    const centre = median(values.slice(from, from + WINDOW));
    return Math.min(Math.max(value, centre - reach), centre + reach);
  });
}
