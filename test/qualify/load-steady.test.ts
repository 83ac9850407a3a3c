import { describe, expect, test } from 'vitest';
import { DEFAULT_LOAD_POLICY } from '../../bench/qualify/load-policy.js';
import { LOAD_FAULTS, loadFault } from '../../harness/faults/load-faults.js';
import { judgeSteady } from '../../reports/load/steady.js';
import { noises, type Rate, reading, simulated } from './load-simulated.js';

const earnest = DEFAULT_LOAD_POLICY;
const rehearsal = { ...earnest, ...earnest.rehearsal };
const judge = (windows: ReturnType<typeof simulated>, policy = earnest) =>
  judgeSteady(windows, policy, {
    ...{ windows: policy.plateauWindows, windowsPerMinute: 60_000 / policy.windowMs },
    ...{ ratePercentPerMinute: policy.ratePercentPerMinute, celsiusPerMinute: policy.celsiusPerMinute },
  });
const codes = (windows: ReturnType<typeof simulated>, policy = earnest) =>
  judge(windows, policy).findings.map(({ status, code }) => `${status} ${code}`);
const fault = (name: (typeof LOAD_FAULTS)[number], seed: number): Rate => {
  const { burden } = loadFault(name, seed);
  return (share) => 1 / (1 + burden(share));
};
const seeds = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
/** A drift of 6 % is no noise to this check, but what it looks for. */
const healthy = noises.filter((noise) => !noise.startsWith('linear'));
// What drifts for all alike wanders about as far as what is allowed; a fifth of it is what machines do.
const sigmaOf = (noise: string, sigma: number) => (noise.includes('both arms') ? sigma / 5 : sigma);

describe('healthy load in noise', () => {
  test.each(healthy)('%s: fifty runs, none fails, in earnest and in a rehearsal', (noise) => {
    for (const seed of seeds(50)) {
      const quiet = simulated({ noise, sigma: sigmaOf(noise, 0.003), windows: 240 }, seed);
      expect(codes(quiet).filter((code) => code.startsWith('fail'))).toEqual([]);
      // Two processors that others use: ten times the noise, and seconds.
      const loud = simulated({ noise, sigma: sigmaOf(noise, 0.03), windows: 50 }, seed);
      expect(codes(loud, rehearsal).filter((code) => code.startsWith('fail'))).toEqual([]);
    }
  });

  test('white noise leaves nothing to remark', () => {
    for (const seed of seeds(50)) expect(codes(simulated({ windows: 240 }, seed))).toEqual([]);
  });

  test('a card that warms up and loses 6 % by it holds its speed', () => {
    const rate: Rate = (share) => 0.94 + 0.06 * Math.exp(-12 * share);
    for (const seed of seeds(20)) {
      const verdict = judge(simulated({ rate, windows: 600 }, seed));
      expect(verdict.findings).toEqual([]);
      expect(verdict.figures.warmOverCold).toBeLessThan(0.96);
      expect(verdict.warmup).toBeGreaterThan(60);
    }
  });
});

describe('faults in noise', () => {
  test.each(healthy)('%s: every fault of twenty seeds fails, and by its name', (noise) => {
    for (const name of LOAD_FAULTS)
      for (const seed of seeds(20)) {
        const rate = fault(name, seed);
        const wanted = [name === 'slow-decay' ? 'fail rate-decays' : 'fail sudden-drop'];
        const windows = { rate, noise, windows: 240, sigma: sigmaOf(noise, 0.003) };
        expect(codes(simulated(windows, seed)), `${name}, seed ${seed}`).toEqual(wanted);
      }
  });

  test('in a rehearsal all fail, and 95 % by their name', () => {
    let named = 0;
    for (const name of LOAD_FAULTS)
      for (const noise of ['white', 'heavy tails (Student t₃)'])
        for (const seed of seeds(20)) {
          const found = codes(simulated({ rate: fault(name, seed), noise, windows: 50, sigma: 0.03 }, seed), rehearsal);
          expect(
            found.some((code) => code.startsWith('fail')),
            `${name}, ${noise}, seed ${seed}`,
          ).toBe(true);
          if (found.includes(name === 'slow-decay' ? 'fail rate-decays' : 'fail sudden-drop')) named++;
        }
    expect(named).toBeGreaterThanOrEqual(0.95 * 80);
  });

  test('a step of 5 % is found, and where it was', () => {
    const windows = simulated({ rate: (share) => (share < 0.5 ? 1 : 0.95), windows: 240 }, 3, () => reading());
    const [finding] = judge(windows).findings;
    expect(finding).toMatchObject({ status: 'fail', code: 'sudden-drop' });
    expect(finding?.detail).toMatch(
      /after 1(19|20|21)\.0 s of load the rate fell to 95\.\d %.*; the card says power-cap/,
    );
  });

  test('a decay of 10 % in twenty minutes is found, of a night’s windows too', () => {
    const rate: Rate = (share) => 1 - 0.1 * share;
    for (const windows of [1200, 5000]) expect(codes(simulated({ rate, windows }, 2))).toEqual(['fail rate-decays']);
  });

  test('a rate that comes and goes is unsteady or has dropped', () => {
    const rate: Rate = (share) => (Math.floor(share * 16) % 2 === 0 ? 1 : 0.9);
    expect(codes(simulated({ rate, windows: 480 }, 1))[0]).toMatch(/^fail (sudden-drop|rate-unsteady)$/);
  });

  test('single slow windows are disturbances, and many are said', () => {
    const windows = simulated({ windows: 240 }, 1);
    const slow = (every: number) => windows.map((w, i) => (i % every === 0 ? { ...w, rate: w.rate / 2 } : w));
    expect(codes(slow(20))).toEqual([]);
    expect(codes(slow(5))).toEqual(['warn rate-noisy']);
  });
});

describe('the plateau', () => {
  const hot = (celsius: (share: number) => number) => (share: number) =>
    reading({ temperatureC: { edge: Math.round(celsius(share)), hotspot: null, memory: null } });

  test('a temperature that still rises is none, and one that has risen is', () => {
    const rising = simulated(
      { windows: 600 },
      1,
      hot((share) => 40 + 40 * share),
    );
    expect(judge(rising)).toMatchObject({ plateau: false, findings: [{ code: 'no-plateau', status: 'warn' }] });
    const risen = judge(
      simulated(
        { windows: 600 },
        1,
        hot((share) => 75 - 35 * Math.exp(-20 * share)),
      ),
    );
    expect(risen).toMatchObject({ plateau: true, findings: [] });
    expect(risen.warmup).toBeGreaterThan(100);
  });

  test('too few windows say nothing', () => {
    expect(codes(simulated({ windows: 20 }, 1))).toEqual(['inconclusive no-time']);
  });
});
