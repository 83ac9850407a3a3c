import { describe, expect, test } from 'vitest';
import { judgeWorkloads, lookLevels, nextRounds } from '../../reports/statistics/index.js';
import { logRatios, models } from './noise.js';
import { normal, seeded } from './random.js';

const looks = [10, 20, 40];
const flat = (value: number, count: number) =>
  Array.from({ length: count }, (_, i) => value + (i % 2 ? 0.001 : -0.001));
const noisy = (count: number) => Array.from({ length: count }, (_, i) => (i % 2 ? 0.2 : -0.2));

describe('lookLevels', () => {
  test('spend all of α, in parts of Lan and DeMets', () => {
    const levels = lookLevels(looks, 0.05);
    expect(levels.reduce((a, b) => a + b)).toBeCloseTo(0.05, 12);
    // Lan and DeMets (1983): α₂*(t) = α ln(1 + (e − 1) t), so .0179 at a quarter and .0310 at a half.
    expect(levels[0]).toBeCloseTo(0.0179, 4);
    expect((levels[0] as number) + (levels[1] as number)).toBeCloseTo(0.031, 4);
  });

  test('one look spends α at once', () => {
    expect(lookLevels([7], 0.05)).toEqual([expect.closeTo(0.05, 12)]);
  });

  test.each([[[]], [[1, 5]], [[10, 10]], [[20, 10]], [[2.5]], [[Number.NaN]]])('refuse looks at %j', (bad) => {
    expect(() => lookLevels(bad, 0.05)).toThrow(RangeError);
  });
});

describe('nextRounds', () => {
  test('asks for the first look, then the next, and stops at the last', () => {
    const at = (count: number) => nextRounds([{ name: 'w', logRatios: noisy(count) }], { looks })[0];
    const going = { next: 'go on', reason: 'undecided', verdict: 'ambiguous' };
    expect(at(0)).toEqual({ name: 'w', ...going, rounds: 0, until: 10 });
    expect(at(9)).toMatchObject({ ...going, until: 10 });
    expect(at(10)).toMatchObject({ ...going, until: 20 });
    expect(at(39)).toMatchObject({ ...going, rounds: 39, until: 40 });
    const over = { name: 'w', next: 'stop', reason: 'rounds-used-up', verdict: 'ambiguous', rounds: 40, until: null };
    expect(at(40)).toEqual(over);
    expect(at(41)).toEqual(over);
  });

  test('stops each workload when it is told and lets others go on', () => {
    const steps = nextRounds(
      [
        { name: 'slow', logRatios: flat(-0.1, 10) },
        { name: 'fast', logRatios: flat(0.1, 10) },
        { name: 'same', logRatios: flat(0, 10) },
        { name: 'noisy', logRatios: noisy(10) },
      ],
      { looks },
    );
    expect(steps.map((step) => [step.next, step.verdict])).toEqual([
      ['stop', 'slower'],
      ['stop', 'faster'],
      ['stop', 'same'],
      ['go on', 'ambiguous'],
    ]);
  });

  test('looks at no other count: between looks nothing is decided', () => {
    expect(nextRounds([{ name: 'w', logRatios: flat(-0.5, 9) }], { looks })[0]?.next).toBe('go on');
    const late = [...noisy(10), ...flat(-0.5, 9)];
    expect(nextRounds([{ name: 'w', logRatios: late }], { looks })[0]).toMatchObject({ next: 'go on', until: 20 });
  });

  test('what is decided stays so, whatever comes after', () => {
    const logRatios = [0, 0, ...flat(-0.1, 38)];
    expect(nextRounds([{ name: 'w', logRatios }], { looks: [40] })[0]?.verdict).toBe('slower');
    expect(nextRounds([{ name: 'w', logRatios }], { looks: [2, 40] })[0]).toMatchObject({ verdict: 'same', rounds: 2 });
  });

  test('the last look that the budget pays for spends what is left', () => {
    const logRatios = [-0.03, -0.012, -0.045, -0.02, -0.03, -0.008, -0.04, -0.011, -0.03, -0.02];
    const workloads = [{ name: 'w', logRatios }];
    expect(judgeWorkloads(workloads)[0]?.verdict).toBe('slower');
    const p = judgeWorkloads(workloads)[0]?.p as number;
    // A confidence at which this p is too much for the first look's part of α, and little enough for all of it.
    const confidence = 1 - 1.2 * p;
    expect(nextRounds(workloads, { looks, confidence })[0]?.next).toBe('go on');
    expect(nextRounds(workloads, { looks, confidence, roundsLeft: 0 })[0]).toMatchObject({
      next: 'stop',
      reason: 'decided',
      verdict: 'slower',
    });
  });

  test('a budget that ends stops what is undecided, and bounds what is asked for', () => {
    const workloads = [{ name: 'w', logRatios: noisy(12) }];
    expect(nextRounds(workloads, { looks, roundsLeft: 3 })[0]).toMatchObject({ next: 'go on', until: 15 });
    expect(nextRounds(workloads, { looks, roundsLeft: 0 })[0]).toEqual({
      name: 'w',
      next: 'stop',
      reason: 'budget-used-up',
      verdict: 'ambiguous',
      rounds: 12,
      until: null,
    });
    expect(nextRounds([{ name: 'w', logRatios: [] }], { roundsLeft: 0 })[0]?.reason).toBe('budget-used-up');
  });

  test('no workload, no step; equal names are told apart by place', () => {
    expect(nextRounds([])).toEqual([]);
    const steps = nextRounds([
      { name: 'w', logRatios: flat(-0.1, 10) },
      { name: 'w', logRatios: noisy(10) },
    ]);
    expect(steps.map((step) => step.next)).toEqual(['stop', 'go on']);
  });

  test('refuses NaN by the name of its workload, and options out of range', () => {
    const bad = { name: 'copy', logRatios: [...flat(0, 4), Number.NaN, ...flat(0, 5)] };
    expect(() => nextRounds([bad])).toThrow('copy: the log ratio of round 4 is NaN');
    expect(() => nextRounds([], { roundsLeft: -1 })).toThrow('roundsLeft must be at least 0, got -1');
    expect(() => nextRounds([], { roundsLeft: Number.NaN })).toThrow(/roundsLeft/);
    expect(() => nextRounds([], { minEffect: Number.NaN })).toThrow(/minEffect/);
    expect(() => nextRounds([], { confidence: 1 })).toThrow(/confidence/);
    expect(() => nextRounds([], { looks: [] })).toThrow(/at least one look/);
  });
});

describe('in simulation, looking after 5, 10, 20 and 40 rounds', () => {
  const options = { looks: [5, 10, 20, 40], minEffect: 0 };

  test('equal kernels are told apart in at most 5 % of runs, and in far more when each look tests at 5 %', () => {
    const random = seeded(101);
    const trials = 2000;
    let [honest, naive] = [0, 0];
    const changed = (verdict: string | undefined) => verdict === 'faster' || verdict === 'slower';
    for (let trial = 0; trial < trials; trial++) {
      const logRatios = Array.from({ length: 40 }, () => 0.01 * normal(random));
      if (changed(nextRounds([{ name: 'w', logRatios }], options)[0]?.verdict)) honest++;
      const peeks = options.looks.map((n) =>
        judgeWorkloads([{ name: 'w', logRatios: logRatios.slice(0, n) }], options),
      );
      if (peeks.some(([one]) => changed(one?.verdict))) naive++;
    }
    expect(honest / trials).toBeLessThanOrEqual(0.05);
    expect(honest / trials).toBeGreaterThan(0.015);
    expect(naive / trials).toBeGreaterThan(0.09);
  });

  test('of five equal workloads any is told apart in at most 5 % of runs', () => {
    const random = seeded(102);
    let any = 0;
    for (let trial = 0; trial < 500; trial++) {
      const many = Array.from({ length: 5 }, (_, i) => ({
        name: `${i}`,
        logRatios: Array.from({ length: 40 }, () => 0.01 * normal(random)),
      }));
      if (nextRounds(many, options).some(({ verdict }) => verdict !== 'ambiguous')) any++;
    }
    expect(any / 500).toBeLessThanOrEqual(0.05);
  });

  test.each(Object.keys(models))('%s: 5 % slower is found at ±2 %, and equal kernels are not slower', (name) => {
    const model = models[name] as (typeof models)[string];
    const random = seeded(103);
    const run = (slowdown: number) =>
      nextRounds([{ name: 'w', logRatios: logRatios(model, random, { rounds: 40, sigma: 0.005, slowdown }) }], {
        minEffect: 0.02,
      })[0]?.verdict;
    const of = (count: number, slowdown: number) => Array.from({ length: count }, () => run(slowdown));
    expect(of(40, 0.05).filter((v) => v === 'slower').length).toBeGreaterThanOrEqual(38);
    expect(of(40, 0.2).filter((v) => v === 'slower').length).toBe(40);
    expect(of(200, 0)).not.toContain('slower');
  });
});
