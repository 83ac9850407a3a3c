import { describe, expect, test } from 'vitest';
import { concludeAll, someDied } from '../../bench/check/conclude.js';
import { looksUpTo, SITTING_ROUNDS } from '../../bench/check/measure.js';
import { TURNS } from '../../bench/check/sitting.js';
import { skipped, wrong } from '../tune/simulated.js';
import { pair, type Simulated, simulate } from './simulated.js';

async function verdicts(variants: readonly string[], options: Simulated) {
  const { standings, rules, arena, renewals } = await simulate(
    variants.map((variant) => [[pair(variant)]]),
    options,
  );
  const comparisons = concludeAll(standings, rules, true);
  return { comparisons, said: comparisons.map(({ verdict }) => verdict), arena, standings, renewals };
}
const one = async (options: Simulated) => (await verdicts(['v'], options)).comparisons[0];

/** Of every three processes one in which a side is slow. */
const unlucky = (implementation: string, process: number, seed: number) =>
  implementation.startsWith('assay') && (seed + process) % 3 === 0 ? 2 : 1;

describe('how often a check is right, over seeds', () => {
  const seeds = (count: number) => Array.from({ length: count }, (_, i) => 100 + i);
  const tally = async (count: number, options: Omit<Simulated, 'seed'>) => {
    const all = await Promise.all(seeds(count).map((seed) => one({ seed, ...options })));
    const many: Record<string, number> = {};
    for (const c of all) if (c) many[c.verdict] = (many[c.verdict] ?? 0) + 1;
    return many;
  };

  test.each([
    ['quiet', { noise: 0.003 }],
    ['noisy', { noise: 0.03 }],
    ['wandering clocks', { noise: 0.01, drift: 0.02 }],
    ['a process in three in which one side is half as fast', { noise: 0.01, luck: unlucky }],
  ])(
    'equal kernels, %s: at most one in twenty faster or slower, never slower at the effect of CI',
    async (_, noise) => {
      const at1 = await tally(200, noise);
      expect((at1.faster ?? 0) + (at1.slower ?? 0)).toBeLessThanOrEqual(10);
      expect(await tally(200, { ...noise, minEffect: 0.02 })).not.toHaveProperty('slower');
    },
  );

  test('equal kernels on a quiet machine are called the same', async () => {
    expect((await tally(40, { noise: 0.003 })).same).toBeGreaterThanOrEqual(38);
  });

  test('5 % slower is found in at least 95 of 100, 20 % always, also where clocks wander', async () => {
    const noise = { noise: 0.01, drift: 0.02 };
    expect((await tally(40, { ...noise, ns: { 'assay/v': 1050 } })).slower).toBeGreaterThanOrEqual(38);
    expect(await tally(40, { ...noise, ns: { 'assay/v': 1200 } })).toEqual({ slower: 40 });
    expect(await tally(40, { ...noise, ns: { 'before/v': 1200 } })).toEqual({ faster: 40 });
  });
});

describe('how rounds are taken', () => {
  test('by turns, the other side first every other round and sitting, and everything is given back', async () => {
    const { arena } = await verdicts(['v'], { noise: 0.001, seed: 1 });
    const sides = arena.order.map(({ implementation }) => implementation.split('/')[0]);
    const there = ['before', 'assay', 'assay', 'before'];
    const back = ['assay', 'before', 'before', 'assay'];
    expect(sides.slice(0, 16)).toEqual([...there, ...there, ...back, ...back]);
    const prepared = arena.prepared.map(({ implementation }) => implementation.split('/')[0]);
    expect(prepared.slice(0, 4)).toEqual(['before', 'assay', 'assay', 'before']);
    expect([arena.held.size, arena.mostHeld]).toEqual([0, 2]);
  });

  test('a clear answer ends after the first look, an unclear one after the last', async () => {
    expect(await one({ noise: 0.001, seed: 1 })).toMatchObject({ verdict: 'same', rounds: 10, ended: 'decided' });
    expect(await one({ noise: 0.2, seed: 1 })).toMatchObject({
      verdict: 'ambiguous',
      rounds: 40,
      ended: 'rounds-used-up',
    });
  });

  test('the ratio is of rates, now over before', async () => {
    const c = await one({ noise: 0.001, seed: 1, ns: { 'assay/v': 2000 } });
    expect(c?.ratio?.value).toBeCloseTo(0.5, 2);
    expect((c?.before.rate?.value as number) / (c?.now.rate?.value as number)).toBeCloseTo(2, 1);
  });

  test('pairs take turns, so that each is measured at several times', async () => {
    const { arena } = await verdicts(['v', 'w'], { noise: 0.001, seed: 1 });
    const variants = arena.order
      .filter((_, i) => i % (2 * SITTING_ROUNDS * TURNS) === 0)
      .map(({ implementation }) => implementation.split('/')[1]);
    expect(variants).toEqual(['v', 'w', 'v', 'w', 'v', 'w', 'v', 'w', 'v', 'w']);
  });

  test('when the time is up before the first look nothing is said, however clear it seems', async () => {
    const c = await one({ noise: 0.0001, seed: 1, ns: { 'assay/v': 3000 }, budgetMs: 2500 });
    expect(c).toMatchObject({ verdict: 'ambiguous', rounds: 0, ended: 'budget-used-up', ratio: null });
  });

  test('when it is not enough for all, some have an answer instead of none', async () => {
    const four = ['a', 'b', 'c', 'd'];
    // Ten rounds of one take about eleven seconds here.
    const { said, comparisons } = await verdicts(four, { noise: 0.001, seed: 1, budgetMs: 30_000 });
    expect(said.slice(0, 2)).toEqual(['same', 'same']);
    expect(said.slice(2)).toEqual(['ambiguous', 'ambiguous']);
    expect(comparisons[3]?.ended).toBe('budget-used-up');
  });

  test('what nothing suggests has changed leaves no time unused', async () => {
    const { comparisons } = await verdicts(['v'], { noise: 0.001, seed: 1, budgetMs: 12_000 });
    expect(comparisons[0]).toMatchObject({ verdict: 'same', rounds: 10 });
  });

  test('when it is up afterwards, what there is decides', async () => {
    const { comparisons } = await verdicts(['v'], { noise: 0.05, seed: 3, ns: { 'assay/v': 1070 }, budgetMs: 18_500 });
    expect(comparisons[0]?.rounds).toBeGreaterThan(10);
    expect(comparisons[0]?.rounds).toBeLessThan(40);
    expect(comparisons[0]?.ended).toMatch(/decided|budget-used-up/);
  });

  test('the looks', () => {
    expect([3, 10, 15, 40, 80].map(looksUpTo)).toEqual([[3], [10], [10, 15], [10, 20, 40], [10, 20, 40, 80]]);
  });
});

describe('a card whose clock falls for a while', () => {
  // From 9 to 11 seconds everything takes half as long again, of which both sides have their part.
  const throttled = (now: number) => now > 9000 && now < 11_000;
  const sentinel = (now: number) => (throttled(now) ? 3e6 : 2e6);

  test('has rounds that do not count, are kept, and are taken again', async () => {
    const c = await one({ noise: 0.001, seed: 1, sentinel });
    expect(c).toMatchObject({ verdict: 'same', rounds: 10 });
    const out = c?.now.rounds.filter(({ excluded }) => excluded === 'throttled') ?? [];
    expect(out.length).toBeGreaterThanOrEqual(1);
    expect(c?.now.rounds.length).toBe(10 + out.length);
    expect(c?.before.rounds.map(({ excluded }) => excluded)).toEqual(c?.now.rounds.map(({ excluded }) => excluded));
  });

  test('three times for a pair, and then they count', async () => {
    let calls = 0;
    // The first rounds tell what is usual.
    const falls = () => (++calls < 12 ? 2e6 : 9e6);
    const c = await one({ noise: 0.001, seed: 1, sentinel: falls });
    expect(c?.now.rounds.filter(({ excluded }) => excluded === 'throttled')).toHaveLength(3);
    expect(c?.rounds).toBe(10);
  });
});

describe('in a fresh process', () => {
  const slower = { noise: 0.003, seed: 1, ns: { 'assay/v': 1100 } };

  test('a change is confirmed, and nothing else is taken again', async () => {
    const { comparisons, renewals, arena } = await verdicts(['v', 'w'], slower);
    expect(comparisons.map(({ verdict, rounds }) => [verdict, rounds])).toEqual([
      ['slower', 20],
      ['same', 10],
    ]);
    expect(renewals).toBe(1);
    expect(comparisons[0]?.processes.map(({ rounds }) => rounds)).toEqual([10, 10]);
    for (const { ratio } of comparisons[0]?.processes ?? []) expect(ratio).toBeCloseTo(1 / 1.1, 2);
    expect(comparisons[0]?.now.rounds.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(arena.held.size).toBe(0);
  });

  test('a change that it does not show is not said of the kernel', async () => {
    const luck = (implementation: string, process: number) => (implementation === 'assay/v' && process === 0 ? 2 : 1);
    const c = await one({ noise: 0.003, seed: 1, luck });
    expect(c).toMatchObject({ verdict: 'ambiguous', ended: 'not-confirmed', rounds: 20 });
    expect(c?.processes.map(({ ratio }) => Math.round(10 * ratio) / 10)).toEqual([0.5, 1]);
  });

  test('nor one that it shows the other way', async () => {
    const luck = (implementation: string, process: number) =>
      implementation === (process === 0 ? 'assay/v' : 'before/v') ? 2 : 1;
    expect(await one({ noise: 0.003, seed: 1, luck })).toMatchObject({ verdict: 'ambiguous', ended: 'not-confirmed' });
  });

  test('a wrong result there is a wrong result', async () => {
    let count = 0;
    // Five sittings in the first process, each with one preparation of either side.
    const refuses: Simulated['refuses'] = ({ implementation }) =>
      implementation === 'assay/v' && ++count > 5 ? wrong() : null;
    const { comparisons } = await verdicts(['v'], { ...slower, refuses });
    expect(comparisons[0]).toMatchObject({
      verdict: 'incorrect',
      ratio: null,
      now: { status: 'incorrect', rate: null },
    });
  });

  test('when no time is left for it, a change is not said', async () => {
    // Ten rounds take about eleven seconds here.
    const c = await one({ ...slower, budgetMs: 18_000 });
    expect(c).toMatchObject({ verdict: 'ambiguous', ended: 'no-time-to-confirm' });
  });
});

describe('in many processes', () => {
  test('the mean of each is one value, and ten rounds of each are taken', async () => {
    const c = await one({ noise: 0.003, seed: 1, processes: 5, ns: { 'assay/v': 1100 } });
    expect(c).toMatchObject({ verdict: 'slower', ended: 'decided', rounds: 50 });
    expect(c?.processes.map(({ rounds }) => rounds)).toEqual([10, 10, 10, 10, 10]);
  });

  test('what differs from process to process widens the interval', async () => {
    const luck = (implementation: string, process: number) =>
      implementation === 'assay/v' && process % 2 === 0 ? 1.1 : 1;
    const c = await one({ noise: 0.001, seed: 1, processes: 6, luck });
    expect(c).toMatchObject({ verdict: 'ambiguous', ended: 'rounds-used-up' });
    expect((c?.ratio?.high as number) - (c?.ratio?.low as number)).toBeGreaterThan(0.05);
  });

  test('two of five carry no verdict, three do', async () => {
    const run = (budgetMs: number) => one({ noise: 0.001, seed: 1, processes: 5, ns: { 'assay/v': 1300 }, budgetMs });
    const [short, longer] = [await run(25_000), await run(1e9)];
    expect(short?.ended).toBe('budget-used-up');
    expect(longer?.verdict).toBe('slower');
  });
});

describe('pairs that are not compared', () => {
  const refusing = (implementation: string, refusal = wrong()): Simulated => ({
    ...{ noise: 0.001, seed: 1 },
    refuses: (candidate) => (candidate.implementation === implementation ? refusal : null),
  });

  test('today’s is wrong', async () => {
    const c = await one(refusing('assay/v'));
    expect(c).toMatchObject({ verdict: 'incorrect', ratio: null, now: { status: 'incorrect', rate: null } });
  });

  test('today’s goes wrong while it is timed: no number, whatever was measured', async () => {
    const tires: Simulated['tires'] = ({ implementation }, round) =>
      implementation === 'assay/v' && round === 5 ? wrong() : null;
    expect(await one({ noise: 0.001, seed: 1, tires })).toMatchObject({
      ...{ verdict: 'incorrect', ratio: null, now: { status: 'incorrect', rate: null } },
    });
  });

  test('a death is nobody’s wrong answer, and the check has no whole one', async () => {
    const refusal = { status: 'failed' as const, reasons: [{ code: 'device-lost' as const, detail: '' }] };
    const { standings, comparisons } = await verdicts(['v'], refusing('assay/v', refusal));
    expect(comparisons[0]).toMatchObject({ verdict: 'ambiguous', now: { status: 'failed' } });
    expect(someDied(standings)).toBe(true);
    expect(someDied((await verdicts(['v'], refusing('assay/v'))).standings)).toBe(false);
  });

  test.each([
    ['the other’s was wrong', refusing('before/v'), 'fixed'],
    ['the other’s does not run here', refusing('before/v', skipped('missing-feature')), 'new'],
    ['the other’s fails on today’s input', refusing('before/v', skipped('declaration-changed')), 'changed'],
    ['today’s does not run here any more', refusing('assay/v', skipped('exceeds-limit')), 'gone'],
    [
      'the worker died at the other’s',
      refusing('before/v', { ...wrong(), reasons: [{ code: 'worker-died', detail: '' }] }),
      'ambiguous',
    ],
    ['neither runs', { noise: 0, seed: 1, refuses: () => skipped('missing-feature') }, 'skipped'],
  ] as const)('%s', async (_, options, verdict) => {
    expect(await one(options)).toMatchObject({ verdict, ratio: null, rounds: 0 });
  });

  test('a side that seemed too slow while something else computed is asked once more', async () => {
    let asked = 0;
    const once = (times: number): Simulated => ({
      ...{ noise: 0.001, seed: 1 },
      refuses: ({ implementation }) =>
        implementation === 'assay/v' && ++asked <= times ? skipped('too-slow-for-adapter') : null,
    });
    expect(await one(once(1))).toMatchObject({ verdict: 'same', rounds: 10, now: { status: 'correct', reasons: [] } });
    asked = 0;
    expect(await one(once(2))).toMatchObject({ verdict: 'gone', rounds: 0 });
  });

  test('of one side only, of other work and of the same program just today’s is verified', async () => {
    const changes = [{ what: 'work' as const, detail: 'x' }];
    const { standings, arena, rules } = await simulate(
      [
        [
          [
            pair('n', { before: null }),
            pair('g', { now: null }),
            pair('c', { changes }),
            pair('i', { identical: true }),
          ],
        ],
      ],
      { noise: 0.001, seed: 1 },
    );
    const said = concludeAll(standings, rules, true).map(({ verdict, identical }) => [verdict, identical]);
    expect(said).toEqual([
      ['new', false],
      ['gone', false],
      ['changed', false],
      ['same', true],
    ]);
    expect(arena.order).toEqual([]);
    expect(arena.prepared.map(({ implementation }) => implementation)).toEqual(['assay/n', 'assay/c', 'assay/i']);
  });

  test('of a ladder the biggest rung that runs is taken', async () => {
    const rungs = ['big', 'middle', 'small'].map((variant) => [pair(variant)]);
    const refuses: Simulated['refuses'] = ({ implementation }) =>
      implementation.endsWith('/big') ? skipped('too-slow-for-adapter') : null;
    const { standings } = await simulate([rungs], { noise: 0.001, seed: 1, refuses });
    expect(standings.map(({ pair: { variant } }) => variant)).toEqual(['middle']);
  });
});
