import type { FaultName } from '../../harness/faults/names.js';
import { type Figures, type Telemetry, TelemetryLost } from '../../harness/telemetry/index.js';
import { noFigures } from '../../harness/telemetry/types.js';
import { randomWords } from '../../kernels/random.js';

/** Readings that come before those of a card vanish, at most. */
const MOST_BEFORE = 8;

/**
 * Telemetry with the fault that is rehearsed. An adapter that has none is given readings that are made up, so that
 * there is something to vanish or to lie.
 */
export function withTelemetryFault(telemetry: Telemetry, fault: FaultName | null, seed: number): Telemetry {
  if (fault !== 'telemetry-vanishes' && fault !== 'telemetry-constant') return telemetry;
  const random = randomWords(seed);
  const source = telemetry.source === null ? madeUp(telemetry, random) : telemetry;
  const before = 1 + (random() % MOST_BEFORE);
  let readings = 0;
  let kept: Figures | null = null;
  return {
    ...source,
    close: () => source.close(),
    async sample() {
      if (fault === 'telemetry-vanishes' && readings++ >= before)
        throw new TelemetryLost('readings vanish: a rehearsal');
      if (fault === 'telemetry-constant' && kept !== null) return kept;
      kept = await source.sample();
      return kept;
    },
  };
}

/** A card that warms up and whose power wavers. */
function madeUp(none: Telemetry, random: () => number): Telemetry {
  let n = 0;
  const wavers = (most: number) => (random() / 2 ** 32) * most;
  return {
    ...{ source: 'rehearsal', facts: none.facts, problems: none.problems },
    async sample() {
      n++;
      return {
        ...noFigures(),
        powerWatts: 180 + wavers(20),
        temperatureC: { edge: Math.round(70 - 30 * Math.exp(-n / 20)), hotspot: null, memory: null },
        clocksMHz: { graphics: 1500 + 15 * Math.round(wavers(6)), memory: 7000 },
      };
    },
    close: async () => {},
  };
}
