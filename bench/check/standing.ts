import type { Answer } from '../../harness/protocol.js';
import type { Reason, ReasonCode } from '../../reports/schema.js';
import { type PairedRound, pairedLogRatios } from '../../reports/statistics/index.js';
import type { Refused } from '../tune/arena.js';
import type { Pair } from './pairs.js';

export type Side = 'before' | 'now';
export const SIDES: readonly Side[] = ['before', 'now'];

/**
 * Why a pair is not compared. `incorrect`: today's kernel is wrong or fails. `fixed`: the other revision's was, and
 * today's is right. `new`, `gone`: only one side has it, or only one side runs here. `changed`: the two do not declare
 * the same work. `skipped`: neither runs here. `identical`: today's is right, and the device does the very same. `lost`:
 * the process that owns the card ended while it was at one of them, whoever's fault that is.
 */
export type Apart = 'identical' | 'lost' | 'incorrect' | 'fixed' | 'new' | 'gone' | 'changed' | 'skipped';

/** What is known of a pair: it grows by sittings. */
export interface Standing {
  readonly pair: Pair;
  readonly rounds: Readonly<Record<Side, PairedRound[]>>;
  readonly prepared: Record<Side, Answer<'prepare'> | null>;
  readonly refused: Record<Side, Refused | null>;
  /** Null while the two are compared, or not looked at yet. */
  apart: Apart | null;
  sittings: number;
  nextIndex: number;
  /** Of the last sitting, for the budget. */
  sittingMs: number;
  /** The same pair in later processes, in their order. */
  readonly repeats: Standing[];
}

export function standingOf(pair: Pair): Standing {
  return {
    pair,
    rounds: { before: [], now: [] },
    prepared: { before: null, now: null },
    refused: { before: null, now: null },
    apart: null,
    ...{ sittings: 0, nextIndex: 0, sittingMs: 0, repeats: [] },
  };
}

/** The pair of a standing begun anew, for another process; it is put into its `repeats`. */
export function repeatOf(standing: Standing): Standing {
  const { nextIndex } = standing.repeats.at(-1) ?? standing;
  const repeat = { ...standingOf(standing.pair), nextIndex };
  standing.repeats.push(repeat);
  return repeat;
}

/** The GPU's clock where both sides have it. */
export function clockOf({ prepared }: Standing): 'own' | 'host' {
  return SIDES.every((side) => prepared[side]?.clock === 'gpu') ? 'own' : 'host';
}

/** Rounds that do not count because the card's clock was low. */
export const throttledOf = ({ rounds }: Standing): number =>
  rounds.now.filter(({ excluded }) => excluded === 'throttled').length;

/** Above 0 where today's kernel is faster; a round in which a clock read zero tells nothing and is left out. */
export function logRatiosOf(standing: Standing): number[] {
  return pairedLogRatios(standing.rounds.now, standing.rounds.before, clockOf(standing)).filter(Number.isFinite);
}

/** Ends of the process that owns the card: they say nothing about correctness, and the check has no whole answer. */
export const DEATHS: readonly ReasonCode[] = ['worker-died', 'worker-hung', 'device-lost'];
export const reasonsOf = (refused: Refused | null): readonly Reason[] => refused?.reasons ?? [];

const isTooSlow = (refused: Refused | null) =>
  refused?.status === 'skipped' && reasonsOf(refused)[0]?.code === 'too-slow-for-adapter';

/** What sets a pair apart once its sides were tried; null when both are right. */
export function setApart({ pair, refused, sittings }: Standing): Apart | null {
  const { before, now } = refused;
  if (pair.now === null) return 'gone';
  if ([...reasonsOf(before), ...reasonsOf(now)].some(({ code }) => DEATHS.includes(code))) return 'lost';
  if (now?.status === 'failed') return 'incorrect';
  // One of two that were as fast a moment ago: something else computed meanwhile, so it is asked once more.
  if (sittings === 0 && [before, now].filter(isTooSlow).length === 1 && pair.before && !(before && now)) return null;
  if (now) return before || pair.before === null || pair.changes.length > 0 || pair.identical ? 'skipped' : 'gone';
  if (pair.identical) return 'identical';
  if (pair.changes.length > 0) return 'changed';
  if (pair.before === null) return 'new';
  if (before === null) return null;
  const codes = before.reasons.map(({ code }) => code);
  // An output of another form makes today's oracle throw.
  if (codes.some((code) => code === 'declaration-changed' || code === 'internal-error')) return 'changed';
  return before.status === 'failed' ? 'fixed' : 'new';
}
