import type { TelemetrySample } from '../telemetry.js';

/** What of a reading moves when a card goes from rest to work and back, whatever the card. */
const MOVING: Readonly<Record<string, (sample: TelemetrySample) => number | null>> = {
  power: (s) => s.powerWatts,
  'edge temperature': (s) => s.temperatureC.edge,
  'hotspot temperature': (s) => s.temperatureC.hotspot,
  'graphics clock': (s) => s.clocksMHz.graphics,
  utilisation: (s) => s.utilisationPercent.graphics,
  energy: (s) => s.energyJoules,
};
/** A temperature in whole degrees may stand still for a while; these do not. */
const SURE = ['power', 'graphics clock', 'utilisation', 'energy'];
/** Readings in rest and under load, each: fewer prove nothing. */
const LEAST = 3;

export interface Constancy {
  /** Figures that were told in every reading and never changed. */
  readonly constant: readonly string[];
  /** Figures that moved. */
  readonly moved: readonly string[];
  /** Nothing that should move did, and something is among it that must. */
  readonly untrusted: boolean;
}

/**
 * Whether readings follow the load: taken at rest, under load, and at rest again.
 * Null where there are too few of either, or where the card tells nothing that would move.
 */
export function constancy(rest: readonly TelemetrySample[], loaded: readonly TelemetrySample[]): Constancy | null {
  if (rest.length < LEAST || loaded.length < LEAST) return null;
  const all = [...rest, ...loaded];
  const told = Object.entries(MOVING).flatMap(([name, of]) => {
    const values = all.map(of);
    return values.some((value) => value === null) ? [] : [{ name, still: new Set(values).size === 1 }];
  });
  const names = (still: boolean) => told.filter((one) => one.still === still).map(({ name }) => name);
  const [constant, moved] = [names(true), names(false)];
  if (!told.some(({ name }) => SURE.includes(name))) return null;
  return { constant, moved, untrusted: moved.length === 0 };
}
