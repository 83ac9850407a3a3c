import type { Answer } from '../../harness/protocol.js';
import { MOST_REPEATS, readingOf, type ThrottleWatch } from '../run/throttle.js';
import { type Arena, isRefused } from '../tune/arena.js';
import type { Candidate } from '../tune/card-arena.js';
import { SIDES, type Side, type Standing, setApart, throttledOf } from './standing.js';

/** Of either side in one round, at most. */
export const TURNS = 4;
/** Of either side: a kernel of which one sample takes longer than a turn has fewer of them. */
const MOST_ROUND_NS = 300e6;

export interface CheckArena extends Arena<Candidate> {
  /** What the worker said of one that is held. */
  prepared(candidate: Candidate): Answer<'prepare'> | null;
}

/**
 * Both sides verified, some rounds interleaved in alternating order, both verified again and given back. Where buffers
 * lie can make a kernel a few percent faster for as long as they lie there: every sitting allocates anew, and the side
 * that goes first alternates.
 */
export async function sit(
  standing: Standing,
  arena: CheckArena,
  rounds: number,
  throttle: ThrottleWatch,
): Promise<void> {
  const { pair } = standing;
  const begun = arena.now();
  const sides = sidesOf(standing);
  const turns = standing.sittings % 2 === 0 ? [...sides] : [...sides].reverse();
  try {
    for (const side of turns) await prepare(standing, side, arena);
    standing.apart = setApart(standing);
    if (standing.apart === null && sides.every((side) => !standing.refused[side]))
      await takeRounds(standing, arena, rounds, throttle);
    for (const side of turns) await recheck(standing, side, arena);
    standing.apart = setApart(standing);
  } finally {
    for (const side of turns) await arena.release(pair[side] as Candidate);
    standing.sittings++;
    standing.sittingMs = arena.now() - begun;
  }
}

/** Of a variant that is new, of work that changed, and of the same program only today's side is verified. */
function sidesOf({ pair }: Standing): readonly Side[] {
  if (pair.now === null) return [];
  return pair.before === null || pair.changes.length > 0 || pair.identical ? ['now'] : SIDES;
}

async function prepare(standing: Standing, side: Side, arena: CheckArena): Promise<void> {
  const candidate = standing.pair[side] as Candidate;
  standing.refused[side] = await arena.prepare(candidate);
  standing.prepared[side] = arena.prepared(candidate) ?? standing.prepared[side];
}

/**
 * A round is several short turns of either side: what disturbs the machine for a moment then falls on both. On a
 * software adapter with the processor shared, rounds disagreed by a third less than with one turn of the same length.
 */
async function takeRounds(
  standing: Standing,
  arena: CheckArena,
  rounds: number,
  throttle: ThrottleWatch,
): Promise<void> {
  const sampleNs = Math.max(...SIDES.map((side) => standing.prepared[side]?.sampleNs ?? 1));
  const turns = Math.min(TURNS, Math.max(1, Math.floor(MOST_ROUND_NS / sampleNs)));
  for (let i = 0; i < rounds; i++) {
    const index = standing.nextIndex++;
    const round = { before: emptyRound(index), now: emptyRound(index) };
    const order = Array.from({ length: turns }, (_, t) =>
      (index + t) % 2 === 0 ? SIDES : [...SIDES].reverse(),
    ).flat();
    const sentinelNs = { before: null as number | null, after: null as number | null };
    for (const [i, side] of order.entries()) {
      const when = i === 0 ? 'before' : i === order.length - 1 ? 'after' : 'none';
      const taken = await arena.round(standing.pair[side] as Candidate, when);
      if (isRefused(taken)) {
        standing.refused[side] = taken;
        return;
      }
      round[side].samplesNs.push(...taken.samplesNs);
      round[side].hostSamplesNs.push(...taken.hostSamplesNs);
      sentinelNs.before ??= taken.sentinelNs?.before ?? null;
      sentinelNs.after ??= taken.sentinelNs?.after ?? null;
    }
    const reading = readingOf(sentinelNs);
    const throttled = reading !== null && throttle.judge(reading) && throttledOf(standing) < MOST_REPEATS;
    for (const side of SIDES)
      standing.rounds[side].push({ ...round[side], ...(throttled && { excluded: 'throttled' as const }) });
  }
}

const emptyRound = (index: number) => ({ index, samplesNs: [] as number[], hostSamplesNs: [] as number[] });

async function recheck(standing: Standing, side: Side, arena: CheckArena): Promise<void> {
  if (standing.refused[side]) return;
  standing.refused[side] = await arena.recheck(standing.pair[side] as Candidate);
}
