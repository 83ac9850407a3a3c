import { describe, expect, test } from 'vitest';
import { holm } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

const close = (values: number[]) => values.map((v) => expect.closeTo(v, 12));

describe('holm', () => {
  // R: p.adjust(p, "holm")
  test.each([
    [
      [0.01, 0.02, 0.03, 0.04, 0.05],
      [0.05, 0.08, 0.09, 0.09, 0.09],
    ],
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
    ],
    [
      [0.6, 0.7, 0.001],
      [1, 1, 0.003],
    ],
    [[0.03], [0.03]],
    [
      [0.02, 0.02],
      [0.04, 0.04],
    ],
    [
      [0, 1],
      [0, 1],
    ],
    [[], []],
  ])('of %j', (p, adjusted) => {
    expect(holm(p)).toEqual(close(adjusted));
  });

  test('counts tests that are not listed as p = 1: R, p.adjust(c(0.01, 0.02), "holm", n = 5)', () => {
    expect(holm([0.02, 0.01], 5)).toEqual(close([0.08, 0.05]));
    expect(holm([0.02, 0.01, 1, 1, 1]).slice(0, 2)).toEqual(holm([0.02, 0.01], 5));
  });

  test('keeps the order of p, lowers none, is no more than Bonferroni and forgets nothing when shuffled', () => {
    const random = seeded(81);
    for (let trial = 0; trial < 300; trial++) {
      const p = Array.from({ length: 1 + (trial % 12) }, () => random() ** 3);
      const adjusted = holm(p);
      for (const [i, a] of adjusted.entries()) {
        expect(a).toBeGreaterThanOrEqual(p[i] as number);
        expect(a).toBeLessThanOrEqual(Math.min(1, p.length * (p[i] as number)) + 1e-15);
        for (const [j, b] of adjusted.entries())
          if ((p[i] as number) < (p[j] as number)) expect(a).toBeLessThanOrEqual(b);
      }
      expect(holm([...p].reverse())).toEqual([...adjusted].reverse());
    }
  });

  test('any false rejection of ten correlated tests stays under the level', () => {
    const random = seeded(82);
    let any = 0;
    for (let trial = 0; trial < 4000; trial++) {
      const common = normal(random);
      const p = Array.from({ length: 10 }, () => normalTail(Math.SQRT1_2 * (common + normal(random))));
      if (holm(p).some((adjusted) => adjusted < 0.05)) any++;
    }
    expect(any / 4000).toBeLessThanOrEqual(0.05);
    expect(any / 4000).toBeGreaterThan(0.01);
  });

  test.each([-0.1, 1.1, Number.NaN])('refuses p = %d', (p) => {
    expect(() => holm([0.5, p])).toThrow(`got ${p} at position 1`);
  });

  test.each([1, 2.5, Number.NaN])('refuses a family of %d for two tests', (family) => {
    expect(() => holm([0.1, 0.2], family)).toThrow(/at least 2 tests/);
  });
});

/** P(Z > z), by Simpson's rule from 0. */
function normalTail(z: number): number {
  const steps = 40;
  const h = z / steps;
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let i = 1; i < steps; i++) sum += (i % 2 ? 4 : 2) * density(i * h);
  return Math.min(1, Math.max(0, 0.5 - (sum * h) / 3));
}
