import { median } from '../../reports/statistics/index.js';
import { type Arena, isRefused, type Refused } from './arena.js';
import { AGAIN, type Costs, roundsIn, rungMs, sampleSize } from './rungs.js';

export interface SearchLimits {
  /** On the arena's clock. */
  readonly deadline: number;
  /** What one configuration has cost so far; corrected while the search goes on. */
  readonly costs: Costs;
  /** Challengers that are held at once, beside the reference. */
  readonly capacity: number;
  /** Rounds on one rung at most, see `TuneSettings`. */
  readonly mostRounds?: number | undefined;
}

export interface SearchOutcome<C> {
  /** Challengers that were timed, best first: the survivors of each rung before those that it dropped. */
  readonly ranking: readonly { readonly candidate: C; readonly logRatio: number }[];
  readonly refused: readonly { readonly candidate: C; readonly refusal: Refused }[];
  readonly untried: readonly C[];
  readonly rungs: readonly { readonly size: number; readonly rounds: number }[];
  readonly costs: Costs;
}

/**
 * Successive halving: all challengers take a few rounds, the better half goes on to more, until one is left. Rounds
 * are interleaved over those that are held, in alternating order, the reference among them; a configuration's score
 * is the median over its rounds of the logarithm of its time over the reference's in the same round, so that drift
 * and what disturbs a round cancel, also between heats of a rung that is too large to be held at once.
 *
 * @param reference is never dropped: the default, or null where it does not run here
 */
export async function search<C>(
  challengers: readonly C[],
  reference: C | null,
  arena: Arena<C>,
  limits: SearchLimits,
): Promise<SearchOutcome<C>> {
  const size = sampleSize(challengers.length, limits.deadline - arena.now(), limits.capacity, limits.costs);
  const state = new Search(arena, reference, limits, challengers.slice(size));
  let standing = challengers.slice(0, size);
  const dropped: C[] = [];
  do {
    standing = await state.rung(standing);
    const keep = Math.ceil(standing.length / 2);
    const losers = standing.slice(keep);
    // The losers' buffers are wanted by nobody any more.
    for (const loser of losers) await arena.release(loser);
    dropped.unshift(...losers);
    standing = standing.slice(0, keep);
  } while (standing.length > 1 && arena.now() < limits.deadline);
  for (const also of standing.slice(1)) await arena.release(also);
  return state.outcome([...standing, ...dropped]);
}

class Search<C> {
  readonly #arena: Arena<C>;
  readonly #limits: SearchLimits;
  readonly #scores = new Map<C, number[]>();
  readonly #refused: { candidate: C; refusal: Refused }[] = [];
  readonly #rungs: { size: number; rounds: number }[] = [];
  readonly #untried: C[];
  #anchor: C | null;
  /** Where the anchor stands against the first reference, as a logarithm: 0 while it is the reference itself. */
  #offset = 0;
  #capacity: number;
  readonly #spent = { prepareMs: 0, prepared: 0, againMs: 0, again: 0, roundMs: 0, rounds: 0 };

  constructor(arena: Arena<C>, reference: C | null, limits: SearchLimits, untried: readonly C[]) {
    this.#arena = arena;
    this.#anchor = reference;
    this.#limits = limits;
    this.#capacity = limits.capacity;
    this.#untried = [...untried];
  }

  /** @returns those that are still in, best first */
  async rung(candidates: readonly C[]): Promise<C[]> {
    const first = this.#rungs.length === 0;
    const waiting = [...candidates];
    let rounds = 0;
    let several = false;
    // One challenger alone has nobody to be compared with but the reference, and that is the final's business.
    if (first && candidates.length === 1 && this.#anchor !== null) return this.#entrants(waiting, first);
    const start = this.#arena.now();
    const preparing = (count: number) => count * (first ? this.costs.prepareMs : this.#againMs);
    const forRounds = rungMs(candidates.length, this.#limits.deadline - start - preparing(candidates.length));
    const end = start + preparing(candidates.length) + forRounds;
    while (waiting.length > 0) {
      const heat = await this.#entrants(waiting, first);
      if (heat.length === 0) break;
      const left = end - this.#arena.now() - preparing(waiting.length);
      rounds = roundsIn(heat.length + waiting.length, left, this.#capacity, this.costs, this.#limits.mostRounds);
      await this.#interleave(heat, rounds);
      // The next heat, or the next rung's, needs the room.
      several ||= waiting.length > 0;
      if (several) for (const one of heat) await this.#arena.release(one);
    }
    this.#rungs.push({ size: candidates.length, rounds });
    return candidates.filter((c) => this.#scores.has(c)).sort((a, b) => this.#score(a) - this.#score(b));
  }

  get costs(): Costs {
    const { prepareMs, prepared, roundMs, rounds } = this.#spent;
    return {
      prepareMs: prepared > 0 ? prepareMs / prepared : this.#limits.costs.prepareMs,
      roundMs: rounds > 0 ? roundMs / rounds : this.#limits.costs.roundMs,
    };
  }

  /** Nothing for those that are still held. */
  get #againMs(): number {
    const { againMs, again } = this.#spent;
    return again > 0 ? againMs / again : this.costs.prepareMs * AGAIN;
  }

  outcome(order: readonly C[]): SearchOutcome<C> {
    const ranking = order.map((candidate) => ({ candidate, logRatio: this.#score(candidate) }));
    const { costs } = this;
    return { ranking, refused: this.#refused, untried: this.#untried, rungs: this.#rungs, costs };
  }

  #score(candidate: C): number {
    const values = this.#scores.get(candidate) ?? [];
    return values.length > 0 ? median(values) : 0;
  }

  /** Takes from the front of `waiting` what can be held at once and makes it ready. */
  async #entrants(waiting: C[], first: boolean): Promise<C[]> {
    const heat: C[] = [];
    while (waiting.length > 0 && heat.length < this.#capacity) {
      const candidate = waiting[0] as C;
      // The reference's and the others' rounds must still fit.
      const needed = this.costs.prepareMs + (heat.length + 2) * this.costs.roundMs;
      if (first && this.#spent.prepared > 0 && this.#arena.now() + needed > this.#limits.deadline) {
        this.#untried.unshift(...waiting.splice(0));
        break;
      }
      const start = this.#arena.now();
      const refusal = await this.#arena.prepare(candidate, this.#limits.deadline);
      this.#spent[first ? 'prepareMs' : 'againMs'] += this.#arena.now() - start;
      this.#spent[first ? 'prepared' : 'again']++;
      if (refusal?.reasons.some(({ code }) => code === 'out-of-memory') && heat.length > 0) {
        // It may fit when fewer are held: its turn comes in the next heat.
        this.#capacity = heat.length;
        break;
      }
      waiting.shift();
      if (refusal) this.#refuse(candidate, refusal);
      else {
        heat.push(candidate);
        if (!this.#scores.has(candidate)) this.#scores.set(candidate, []);
      }
    }
    return heat;
  }

  async #interleave(heat: C[], rounds: number): Promise<void> {
    // A challenger that took the reference's place may have been given back with its heat.
    const refusal = this.#anchor !== null && (await this.#arena.prepare(this.#anchor));
    if (refusal) this.#drop(this.#anchor as C, refusal, heat);
    for (let index = 0; index < rounds && heat.length > 0; index++) {
      if (index > 0 && this.#arena.now() > this.#limits.deadline) return;
      const anchor = this.#anchor;
      const turns = anchor === null || heat.includes(anchor) ? [...heat] : [anchor, ...heat];
      const times = new Map<C, number>();
      for (const one of index % 2 === 0 ? turns : turns.reverse()) {
        const start = this.#arena.now();
        const taken = await this.#arena.round(one);
        this.#spent.roundMs += this.#arena.now() - start;
        this.#spent.rounds++;
        if (isRefused(taken)) this.#drop(one, taken, heat);
        else if (taken.samplesNs.length > 0) times.set(one, Math.log(median(taken.samplesNs)));
      }
      this.#enter(times, heat);
    }
  }

  /** Without a reference, or when it has just failed, the best of those at hand takes its place. */
  #enter(times: ReadonlyMap<C, number>, heat: readonly C[]): void {
    if (this.#anchor === null) {
      const [best] = heat.filter((c) => times.has(c)).sort((a, b) => this.#score(a) - this.#score(b));
      if (best === undefined) return;
      this.#offset = this.#score(best);
      this.#anchor = best;
    }
    const zero = times.get(this.#anchor as C);
    if (zero === undefined) return;
    for (const one of heat) {
      const time = times.get(one);
      if (time !== undefined) this.#scores.get(one)?.push(time - zero + this.#offset);
    }
  }

  #drop(candidate: C, refusal: Refused, heat: C[]): void {
    if (candidate === this.#anchor) this.#anchor = null;
    const at = heat.indexOf(candidate);
    if (at >= 0) heat.splice(at, 1);
    this.#refuse(candidate, refusal);
  }

  #refuse(candidate: C, refusal: Refused): void {
    this.#refused.push({ candidate, refusal });
    this.#scores.delete(candidate);
  }
}
