import { describe, expect, test } from 'vitest';
import { search } from '../../bench/tune/halving.js';
import { challengers, defaultOf, tuningKey } from '../../bench/tune/space.js';
import { tuneVariant } from '../../bench/tune/tune-variant.js';
import type { Tuning } from '../../kernels/declaration.js';
import { SimulatedArena, type Simulation, wrong } from './simulated.js';

const space = { groupX: [16, 8], groupY: [16, 8], rows: [8, 4], vectors: [2, 1], tileK: [8, 16, 32] };
const reference = defaultOf(space);
const all = (seed: number) => [...challengers(space, seed)];
const best = { groupX: 8, groupY: 16, rows: 4, vectors: 1, tileK: 16 };
const isBest = (tuning: Tuning | null) => tuning !== null && tuningKey(tuning) === tuningKey(best);
const COSTS = { prepareMs: 500, roundMs: 100 };

async function tune(simulation: Simulation, { budgetMs = 120_000, capacity = 7 } = {}) {
  const arena = new SimulatedArena(simulation);
  const found = await tuneVariant(all(simulation.seed), reference, arena, {
    ...{ deadline: arena.now() + budgetMs, costs: COSTS, capacity },
  });
  return { arena, found };
}

/** How many of `runs` seeded simulations satisfy `holds`. */
async function share(runs: number, simulation: Omit<Simulation, 'seed'>, holds: (winner: Tuning | null) => boolean) {
  let count = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const { found } = await tune({ ...simulation, seed });
    if (holds(found.winner)) count++;
  }
  return count / runs;
}

describe('simulated spaces of 48', () => {
  test('the best, 10 % ahead of all others, is found in at least 95 % of the runs', async () => {
    const ns = (tuning: Tuning) => (isBest(tuning) ? 1e6 : 1.1e6);
    expect(await share(200, { ns, noise: 0.02, drift: 0.02 }, isBest)).toBeGreaterThanOrEqual(0.95);
  });

  test('the control: with noise far beyond the differences it is found no better than by chance', async () => {
    const ns = (tuning: Tuning) => (isBest(tuning) ? 1e6 : 1.1e6);
    expect(await share(100, { ns, noise: 1 }, isBest)).toBeLessThan(0.3);
  });

  test('a default as fast as the rest is replaced in less than 5 % of the runs', async () => {
    const stays = (winner: Tuning | null) => winner === reference;
    expect(await share(200, { ns: () => 1e6, noise: 0.03, drift: 0.02 }, stays)).toBeGreaterThan(0.95);
  });

  test('a default 10 % ahead of all others always stays', async () => {
    const ns = (tuning: Tuning) => (tuning === reference ? 1e6 : 1.1e6);
    expect(await share(100, { ns, noise: 0.03, drift: 0.05 }, (winner) => winner === reference)).toBe(1);
  });
});

describe('successive halving', () => {
  const ns = (tuning: Tuning) => 1e6 * (1 + (tuning.tileK ?? 0) / 100 + (tuning.rows ?? 0) / 50);

  test('halves what is left with more rounds on each rung, and holds few at once', async () => {
    const { arena, found } = await tune({ ns, noise: 0.01, seed: 3 });
    expect(found.rungs.map(({ size }) => size)).toEqual([47, 24, 12, 6, 3, 2]);
    const rounds = found.rungs.map((r) => r.rounds);
    expect(rounds).toEqual([...rounds].sort((a, b) => a - b));
    expect(rounds.at(-1)).toBeGreaterThan(rounds[0] as number);
    expect(found.tried).toBe(48);
    // The default and seven challengers.
    expect(arena.mostHeld).toBe(8);
    expect(arena.held.size).toBe(0);
  });

  test('takes turns in alternating order, the default among them', async () => {
    const arena = new SimulatedArena({ ns, noise: 0, seed: 1 });
    const few = all(1).slice(0, 2);
    await arena.prepare(reference);
    await search(few, reference, arena, { deadline: arena.now() + 60_000, costs: COSTS, capacity: 7 });
    const [a, b] = few;
    expect(arena.order.slice(0, 6)).toEqual([reference, a, b, b, a, reference]);
  });

  test('keeps the time, and says what it left untried', async () => {
    for (const budgetMs of [4000, 10_000, 20_000, 60_000]) {
      const { arena, found } = await tune({ ns, noise: 0.01, seed: 5 }, { budgetMs });
      expect(arena.now() - 1000, `budget ${budgetMs}`).toBeLessThanOrEqual(budgetMs);
      expect(found.tried).toBeGreaterThanOrEqual(2);
      expect(new Set(arena.prepared).size).toBe(found.tried);
    }
    expect((await tune({ ns, noise: 0.01, seed: 5 }, { budgetMs: 10_000 })).found.tried).toBeLessThan(20);
  });

  test('corrects its idea of the costs: verification that takes ten times as long leaves fewer to be tried', async () => {
    const { arena, found } = await tune({ ns, noise: 0.01, seed: 5, prepareMs: 5000 }, { budgetMs: 60_000 });
    expect(found.tried).toBeLessThan(12);
    expect(arena.now() - 1000).toBeLessThan(66_000);
  });

  test('the same seed tries the same configurations, another seed others', async () => {
    const tried = async (seed: number) => {
      const { arena } = await tune({ ns, noise: 0.01, seed }, { budgetMs: 10_000 });
      return [...new Set(arena.prepared.map(tuningKey))].slice(0, 5);
    };
    expect(await tried(1)).toEqual(await tried(1));
    expect(await tried(1)).not.toEqual(await tried(2));
  });
});

describe('what is wrong never wins', () => {
  const ns = (tuning: Tuning) => (isBest(tuning) ? 0.1e6 : 1e6 * (1 + (tuning.tileK ?? 0) / 100));

  test('not when verification refuses it', async () => {
    const refuses = (tuning: Tuning) => (isBest(tuning) ? wrong() : null);
    const { found } = await tune({ ns, noise: 0.01, seed: 1, refuses });
    expect(isBest(found.winner)).toBe(false);
    expect(found.refused).toEqual([{ candidate: best, refusal: wrong() }]);
  });

  test.each([1, 2, 5, 12, 20])('not when its round %d shows it, in the search or in the final', async (round) => {
    const tires = (tuning: Tuning, n: number) => (isBest(tuning) && n >= round ? wrong('after timing') : null);
    const { found, arena } = await tune({ ns, noise: 0.01, seed: 1, tires });
    expect(isBest(found.winner)).toBe(false);
    expect(found.winner).not.toBeNull();
    expect(found.refused.map(({ candidate }) => candidate)).toEqual([best]);
    expect(arena.held.size).toBe(0);
  });

  test('a default that is refused leaves the field to the others', async () => {
    const refuses = (tuning: Tuning) => (tuning === reference ? wrong() : null);
    const { found } = await tune({ ns, noise: 0.01, seed: 1, refuses });
    expect(isBest(found.winner)).toBe(true);
    expect(found).toMatchObject({ decision: 'default-refused', challenger: { ratio: null } });
  });

  test('a default that fails while it is timed does so too, and the scores before and after fit together', async () => {
    const tires = (tuning: Tuning, n: number) => (tuning === reference && n >= 5 ? wrong() : null);
    const { found } = await tune({ ns, noise: 0.01, seed: 1, tires });
    expect(isBest(found.winner)).toBe(true);
    expect(found.decision).toBe('default-refused');
  });

  test('when nothing runs, nothing wins', async () => {
    const { found } = await tune({ ns, noise: 0.01, seed: 1, refuses: () => wrong() });
    expect(found).toMatchObject({ winner: null, decision: 'nothing-runs', ranking: [] });
    expect(found.refused).toHaveLength(found.tried);
  });
});

describe('memory', () => {
  test('what does not fit beside the others is tried with fewer of them', async () => {
    const arena: SimulatedArena = new SimulatedArena({
      ...{ ns: (tuning) => (isBest(tuning) ? 1e6 : 1.2e6), noise: 0.01, seed: 2 },
      refuses: () =>
        arena.held.size >= 4 ? { status: 'skipped', reasons: [{ code: 'out-of-memory', detail: '' }] } : null,
    });
    const found = await tuneVariant(all(2), reference, arena, {
      ...{ deadline: arena.now() + 120_000, costs: COSTS, capacity: 7 },
    });
    expect(found.refused).toEqual([]);
    expect(isBest(found.winner)).toBe(true);
    expect(arena.mostHeld).toBe(4);
  });
});
