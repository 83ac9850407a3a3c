import type { LoadWindowRecord } from '../../reports/load/window.js';
import { models } from '../statistics/noise.js';
import { seeded } from '../statistics/random.js';

export type Rate = (share: number) => number;
type Reading = NonNullable<LoadWindowRecord['reading']>;

/** What a card tells that is well. */
export const reading = (more: Partial<Reading> = {}): Reading => ({
  ...{ powerWatts: 300, temperatureC: { edge: 70, hotspot: 82, memory: 80 } },
  ...{ clocksMHz: { graphics: 1800, memory: 9500 }, fan: { percent: 60, rpm: 1800 }, throttleReasons: ['power-cap'] },
  ...more,
});

/** Steady windows of a second each, at `rate` and slowed down now and then by `noise`. */
export function simulated(
  {
    rate = () => 1,
    noise = 'white',
    sigma = 0.003,
    windows = 120,
  }: { rate?: Rate; noise?: string; sigma?: number; windows?: number },
  seed: number,
  told: (share: number) => Reading | null = () => null,
): LoadWindowRecord[] {
  const random = seeded(seed);
  const model = models[noise] as NonNullable<(typeof models)[string]>;
  const own = model.own(random, windows);
  // The first of every pair of slots, as one card alone sees it.
  const common = model.common?.(random, 2 * windows).filter((_, slot) => slot % 2 === 0);
  return own.map((value, i) => ({
    ...{ phase: 'steady' as const, tMs: 1000 * i, reading: told(i / windows) },
    rate: 50 * rate(i / windows) * Math.exp(-sigma * (value + (common?.[i] ?? 0))),
  }));
}

export const noises = Object.keys(models);
