import { describe, expect, test } from 'vitest';
import { COMPUTE_FAULTS, type ComputeFaultName, computeFault } from '../../harness/faults/compute-faults.js';
import { randomWords } from '../../kernels/random.js';
import { chanceOfLateness, classifyComputeErrors } from '../../reports/compute-errors.js';

/** Bursts of twelve kernels in turn, as a rehearsal has them; every fault is struck as it is on a device. */
const JOBS = [...Array.from({ length: 9 }, () => 'exact' as const), 'exact', 'floats', 'halves'] as const;
const WORDS = 4096;

function simulated(fault: ComputeFaultName, seed: number, count = 96) {
  const budgetMs = count * 40;
  const { strike } = computeFault(fault, seed, budgetMs);
  const words: { job: string; index: number; nan: boolean }[] = [];
  const bursts = Array.from({ length: count }, (_, i) => {
    const comparison = JOBS[i % JOBS.length] as (typeof JOBS)[number];
    const place = strike({ comparison, words: WORDS, executions: 4, elapsedMs: 40 * i });
    const hit = Array.from({ length: WORDS }, (_, at) => at).filter(
      (at) => place && (place.period > 0 ? at % place.period === place.index : at === place.index),
    );
    const nan = place?.keep === 0;
    words.push(...hit.slice(0, 16).map((index) => ({ job: `${i % JOBS.length}`, index, nan })));
    return { atMs: 40 * (i + 1), wrong: hit.length, nans: nan ? hit.length : 0 };
  });
  return { bursts, words };
}

const FINDING = { 'wrong-lane': 'lane', 'nan-lane': 'nan', 'hot-compute-error': 'hot' } as const;

describe('each fault is named right', () => {
  for (const fault of COMPUTE_FAULTS)
    test.each(Array.from({ length: 20 }, (_, i) => i + 1))(`${fault}, seed %i`, (seed) => {
      const { bursts, words } = simulated(fault, seed);
      expect(classifyComputeErrors(bursts, words, 0.01)).toBe(FINDING[fault]);
    });
});

describe('what is not a class', () => {
  const burst = (wrong: number, nans = 0) => ({ atMs: 0, wrong, nans });
  test('nothing wrong is no finding', () => {
    expect(classifyComputeErrors([burst(0), burst(0)], [], 0.01)).toBeNull();
  });
  test('a single error says nothing of heat, nor of a lane', () => {
    const bursts = [...Array.from({ length: 20 }, () => burst(0)), burst(1)];
    expect(classifyComputeErrors(bursts, [{ job: 'a', index: 32, nan: false }], 0.01)).toBe('now-and-then');
  });
  test('a NaN among other errors is not all NaN', () => {
    expect(classifyComputeErrors([burst(2, 1)], [], 0.01)).toBe('now-and-then');
  });
  test('words of two lanes are no lane', () => {
    const words = [0, 64, 128, 129].map((index) => ({ job: 'a', index, nan: false }));
    expect(classifyComputeErrors([burst(4)], words, 0.01)).toBe('now-and-then');
  });
  test('errors spread evenly are called hot no more often than the level says', () => {
    let called = 0;
    const runs = 2000;
    const next = randomWords(7);
    const random = () => next() / 2 ** 32;
    for (let i = 0; i < runs; i++) {
      const bursts = Array.from({ length: 80 }, () => burst(random() < 0.08 ? 1 : 0));
      if (chanceOfLateness(bursts) < 0.01) called++;
    }
    expect(called / runs).toBeLessThan(0.015);
  });
  test('the chance that three of ten are all among the last five', () => {
    const bursts = [0, 0, 0, 0, 0, 1, 1, 0, 0, 1].map((wrong) => burst(wrong));
    // C(5, 3) / C(10, 3)
    expect(chanceOfLateness(bursts)).toBeCloseTo(10 / 120, 12);
  });
});
