import type { Round } from '../schema.js';
import { median } from './quantile.js';

/** The part of a round that its summary needs. `excluded` names why the round does not count. */
export interface TimedRound {
  readonly samplesNs: readonly number[];
  readonly excluded?: Round['excluded'];
}

/** Rounds that count: not excluded and with at least one sample. Order is kept. */
export function cleanRounds<R extends TimedRound>(rounds: readonly R[]): R[] {
  return rounds.filter((round) => round.excluded === undefined && round.samplesNs.length > 0);
}

/** Nanoseconds: the median of each round, the statistical unit. @throws {RangeError} on a round without samples */
export function roundMedians(rounds: readonly TimedRound[]): number[] {
  return rounds.map((round) => median(round.samplesNs));
}
