import { describe, expect, test } from 'vitest';
import { compareRounds, judgeWorkloads, type PairedRound, pairedLogRatios } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

const around = (random: () => number, mean: number, count: number, sigma = 0.007) =>
  Array.from({ length: count }, () => mean + sigma * normal(random));

describe('judgeWorkloads', () => {
  test('one workload gets the verdict and the interval of compareRounds', () => {
    const random = seeded(91);
    const seen = new Set<string>();
    for (let trial = 0; trial < 1500; trial++) {
      const arm = (slow: number): PairedRound[] =>
        Array.from({ length: 2 + (trial % 15) }, (_, index) => {
          const ns = 1000 * slow * (1 + 0.01 * normal(random));
          return { index, samplesNs: [ns], hostSamplesNs: [ns] };
        });
      const [a, b] = [arm(1 + 0.02 * normal(random)), arm(1)];
      const options = { minEffect: [0, 0.01, 0.02][trial % 3] as number, confidence: trial % 2 ? 0.95 : 0.8 };
      const alone = compareRounds(a, b, options);
      const [judged] = judgeWorkloads([{ name: 'w', logRatios: pairedLogRatios(a, b) }], options);
      expect(judged).toMatchObject({ verdict: alone?.verdict, rounds: alone?.pairs });
      expect(judged?.interval).toEqual({ ratio: alone?.ratio, low: alone?.low, high: alone?.high });
      seen.add(judged?.verdict as string);
    }
    expect([...seen].sort()).toEqual(['ambiguous', 'faster', 'same', 'slower']);
  });

  test('of many, what is barely slower alone becomes ambiguous and what is plainly slower stays', () => {
    const barely = { name: 'barely', logRatios: [-0.02, -0.03, -0.045, -0.02, -0.03] };
    const plainly = { name: 'plainly', logRatios: [-0.1, -0.11, -0.1, -0.1, -0.11] };
    const same = { name: 'same', logRatios: [0.001, -0.001, 0, 0.002, -0.001] };
    expect(judgeWorkloads([barely])[0]?.verdict).toBe('slower');
    const many = [barely, plainly, ...Array.from({ length: 20 }, () => same)];
    expect(judgeWorkloads(many).map((one) => one.verdict)).toEqual([
      'ambiguous',
      'slower',
      ...Array.from({ length: 20 }, () => 'same'),
    ]);
  });

  test('never says more of a workload among many than alone', () => {
    const random = seeded(92);
    for (let trial = 0; trial < 200; trial++) {
      const many = Array.from({ length: 8 }, (_, i) => ({
        name: `${i}`,
        logRatios: around(random, 0.02 * normal(random), 6),
      }));
      for (const [i, { verdict }] of judgeWorkloads(many).entries()) {
        const alone = judgeWorkloads([many[i] as (typeof many)[number]])[0]?.verdict;
        if (verdict !== alone)
          expect([verdict, ['faster', 'slower'].includes(alone ?? '')]).toEqual(['ambiguous', true]);
      }
    }
  });

  test('of thirty equal workloads at the nominal bound of 0 any is called changed in no more than 5 % of runs', () => {
    const random = seeded(93);
    const trials = 600;
    let [any, uncorrected] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const many = Array.from({ length: 30 }, (_, i) => ({ name: `${i}`, logRatios: around(random, 0, 8) }));
      const changed = (verdict: string | undefined) => verdict === 'faster' || verdict === 'slower';
      if (judgeWorkloads(many, { minEffect: 0 }).some((one) => changed(one.verdict))) any++;
      if (many.some((one) => changed(judgeWorkloads([one], { minEffect: 0 })[0]?.verdict))) uncorrected++;
    }
    expect(any / trials).toBeLessThanOrEqual(0.06);
    expect(uncorrected / trials).toBeGreaterThan(0.5);
  });

  test('a workload without two rounds says nothing and still counts', () => {
    const [none, one, two] = judgeWorkloads([
      { name: 'none', logRatios: [] },
      { name: 'one', logRatios: [-1] },
      { name: 'two', logRatios: [-1, -1.000001] },
    ]);
    expect(none).toEqual({ name: 'none', interval: null, rounds: 0, p: 1, verdict: 'ambiguous' });
    expect(one).toMatchObject({ interval: null, rounds: 1, verdict: 'ambiguous' });
    expect(two?.verdict).toBe('slower');
    const alone = judgeWorkloads([{ name: 'two', logRatios: [-1, -1.000001] }])[0]?.p as number;
    expect(two?.p).toBeCloseTo(3 * alone, 12);
  });

  test('equal ratios in every round need no test', () => {
    const equal = (value: number) => ({ name: `${value}`, logRatios: [value, value, value] });
    expect(judgeWorkloads([equal(0), equal(-0.5), equal(0.5)]).map((one) => one.verdict)).toEqual([
      'same',
      'slower',
      'faster',
    ]);
  });

  test('no workload, no verdict', () => {
    expect(judgeWorkloads([])).toEqual([]);
  });

  test('refuses NaN by the name of its workload, and options out of range', () => {
    const bad = { name: 'matmul/f32', logRatios: [0, Number.NaN] };
    expect(() => judgeWorkloads([bad])).toThrow('matmul/f32: the log ratio of round 1 is NaN');
    expect(() => judgeWorkloads([{ ...bad, logRatios: [Number.NEGATIVE_INFINITY] }])).toThrow('round 0 is -Infinity');
    for (const confidence of [0, 1, Number.NaN]) expect(() => judgeWorkloads([], { confidence })).toThrow(/confidence/);
    for (const minEffect of [-1, Number.NaN]) expect(() => judgeWorkloads([], { minEffect })).toThrow(/minEffect/);
  });
});
