import type { Comparison, Round } from '../schema.js';
import { logBound } from './finite.js';
import { median } from './quantile.js';
import { meanOfSeries } from './serial.js';
import { intervalOf } from './student-t.js';

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
 * ln(median time of b / median time of a), with the t-interval of that mean transformed back. From ten rounds
 * on the interval is wider where neighbouring rounds resemble each other: see `meanOfSeries`.
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
  const logRatios = pairedLogRatios(a, b, clock);
  if (logRatios.length < 2 || !logRatios.every(Number.isFinite)) return null;
  const { mean, low, high } = intervalOf(meanOfSeries(logRatios), confidence);
  const interval = { ratio: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) };
  return { ...interval, verdict: ratioVerdict(interval, minEffect), pairs: logRatios.length };
}

/**
 * ln(median time of b / median time of a) of each clean round that both arms have, in the order of the index;
 * not finite where a clock read zero. What `judgeWorkloads` and `nextRounds` take.
 */
export function pairedLogRatios(
  a: readonly PairedRound[],
  b: readonly PairedRound[],
  clock: 'host' | 'own' = 'host',
): number[] {
  const timesA = mediansByIndex(a, clock);
  const timesB = mediansByIndex(b, clock);
  const shared = [...timesA.keys()].filter((index) => timesB.has(index)).sort((i, j) => i - j);
  return shared.map((index) => Math.log((timesB.get(index) as number) / (timesA.get(index) as number)));
}

/** The verdict on an interval of a ratio of rates; `minEffect` is a fraction. See `compareRounds`. @throws {RangeError} on NaN */
export function ratioVerdict(
  { low, high }: { readonly low: number; readonly high: number },
  minEffect: number,
): Comparison['verdict'] {
  logBound(minEffect);
  if (Number.isNaN(low) || Number.isNaN(high)) throw new RangeError(`an interval needs numbers, got ${low} … ${high}`);
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
