import { expect, test } from 'vitest';
import { LOAD_FAULTS, loadFault } from '../../harness/faults/load-faults.js';
import { type LoadOptions, type LoadPart, LoadSession } from '../../harness/load/session.js';

/** A device whose time is simulated: every execution moves the clock. */
function simulated(ns: readonly number[], more: Partial<LoadOptions> = {}) {
  const clock = { ms: 0 };
  const asked: number[][] = ns.map(() => []);
  const part = (each: number, i: number): LoadPart => ({
    ...{ clock: 'gpu', ns: each },
    sample: async (count) => {
      asked[i]?.push(count);
      clock.ms += (count * each) / 1e6;
      return { gpuNs: count * each, hostNs: 2 * count * each };
    },
  });
  const options = {
    submissionMs: 10,
    spanMs: 10_000,
    fault: null,
    now: () => clock.ms,
    cpuNs: () => 2e6 * clock.ms,
    ...more,
  };
  return { session: new LoadSession(ns.map(part), options), asked, clock };
}
const window = { ms: 1000, busyMs: 0, restMs: 0 };

test('every part gets about a submission’s time, and a window counts whole cycles', async () => {
  const { session, asked } = simulated([1e6, 4e6, 50e6]);
  expect(session.counts).toEqual([10, 3, 1]);
  const { cycles, ns, cpuNs, partNs, discarded } = await session.step(window);
  expect(cycles).toBe(Math.ceil(1000 / 72));
  expect(partNs).toEqual([10e6, 12e6, 50e6].map((one) => one * cycles));
  expect(ns).toBe(72e6 * cycles);
  expect(cpuNs).toBe(2 * ns);
  expect(discarded).toBe(0);
  expect(asked.map((counts) => counts.length)).toEqual([cycles, cycles, cycles]);
});

test('unusable stamps are no time', async () => {
  const clock = { ms: 0 };
  const sample = async () => {
    clock.ms += 100;
    return { gpuNs: clock.ms % 200 === 0 ? null : 1e8, hostNs: 1e8 };
  };
  const options = { submissionMs: 100, spanMs: 1e4, fault: null, now: () => clock.ms, cpuNs: () => 0 };
  const session = new LoadSession([{ clock: 'gpu', ns: 1e8, sample }], options);
  expect(await session.step(window)).toMatchObject({ cycles: 5, discarded: 5, ns: 5e8 });
});

test.each(LOAD_FAULTS)('%s: the device does more than was asked for, and each window says less', async (name) => {
  for (let seed = 1; seed <= 20; seed++) {
    const fault = loadFault(name, seed);
    const { session, asked } = simulated([1e6, 3e6], { fault });
    const rates: number[] = [];
    for (let i = 0; i < 10; i++) {
      const { cycles, ns } = await session.step(window);
      rates.push((1e9 * cycles) / ns);
    }
    const [first, last] = [rates[0] as number, rates.at(-1) as number];
    expect(last / first).toBeLessThan(0.4);
    expect(Math.max(...(asked[0] ?? []))).toBeGreaterThan(20);
    const falls = rates.slice(1).map((rate, i) => rate / (rates[i] as number));
    // A decay falls in every window; a sudden fault within two, and after it no more.
    if (name === 'slow-decay') for (const fall of falls) expect(fall).toBeLessThan(1);
    else expect(falls.filter((fall) => fall < 0.98).length).toBeLessThanOrEqual(2);
  }
});
