import type { Comparison, Round } from '../schema.js';
import { median } from './quantile.js';
import { tInterval } from './student-t.js';

/** A comparison before it is known whose it is: `peer` is added by the caller. */
export type Ratio = Omit<Comparison, 'peer'> & {
  /** Rounds that both arms have. */
  readonly pairs: number;
};

export type PairedRound = Pick<Round, 'index' | 'samplesNs' | 'hostSamplesNs' | 'excluded'>;

export interface RatioOptions {
  /** Which samples to compare. Only the host's clock is the same for every implementation: the default. */
  readonly clock?: 'host' | 'own';
  /** A change smaller than this does not matter, as a fraction: default 0.01. */
  readonly minEffect?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/**
 * Ratio of rates, `a` over `b`, above 1 when `a` is faster: exp of the mean over rounds of
 * ln(median time of b / median time of a), with the t-interval of that mean transformed back.
 *
 * Rounds are paired by index: rounds of one index were interleaved, so what disturbed one disturbed the
 * other and cancels. The round and not the sample is the unit, for the samples of a round are not
 * independent: T. Kalibera and R. Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013.
 *
 * The bounds are symmetric as ratios, 1/(1+minEffect) … 1+minEffect, so that swapping the arms swaps the
 * verdict. `faster` or `slower` when the interval lies wholly beyond them, `same` when it lies wholly
 * within (ends included), else `ambiguous`.
 *
 * @returns null when fewer than two clean rounds are shared or a clock read zero: nothing can be said
 */
export function compareRounds(
  a: readonly PairedRound[],
  b: readonly PairedRound[],
  { clock = 'host', minEffect = 0.01, confidence = 0.95 }: RatioOptions = {},
): Ratio | null {
  const timesA = mediansByIndex(a, clock);
  const timesB = mediansByIndex(b, clock);
  const logRatios: number[] = [];
  for (const [index, ns] of timesA) {
    const peerNs = timesB.get(index);
    if (peerNs !== undefined) logRatios.push(Math.log(peerNs / ns));
  }
  if (logRatios.length < 2 || !logRatios.every(Number.isFinite)) return null;
  const { mean, low, high } = tInterval(logRatios, confidence);
  const interval = { ratio: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) };
  return { ...interval, verdict: ratioVerdict(interval, minEffect), pairs: logRatios.length };
}

/** The verdict on an interval of a ratio of rates; `minEffect` is a fraction. See `compareRounds`. */
export function ratioVerdict(
  { low, high }: { readonly low: number; readonly high: number },
  minEffect: number,
): Comparison['verdict'] {
  const above = 1 + minEffect;
  const below = 1 / above;
  if (low > above) return 'faster';
  if (high < below) return 'slower';
  return low >= below && high <= above ? 'same' : 'ambiguous';
}

function mediansByIndex(rounds: readonly PairedRound[], clock: 'host' | 'own'): Map<number, number> {
  const medians = new Map<number, number>();
  for (const round of rounds) {
    const samples = clock === 'host' ? round.hostSamplesNs : round.samplesNs;
    if (round.excluded === undefined && samples.length > 0) medians.set(round.index, median(samples));
  }
  return medians;
}
