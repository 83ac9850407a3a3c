import type { TelemetryEvent } from '../../../harness/telemetry/index.js';
import type { TelemetrySample } from '../../../reports/telemetry.js';
import type { Policy } from '../policy.js';
import type { CheckOutcome, CheckStep } from '../step.js';

/** What changes on any card when its load does. */
const VARYING: Readonly<Record<string, (sample: TelemetrySample) => number | null>> = {
  powerWatts: (s) => s.powerWatts,
  edgeC: (s) => s.temperatureC.edge,
  hotspotC: (s) => s.temperatureC.hotspot,
  memoryC: (s) => s.temperatureC.memory,
  graphicsMHz: (s) => s.clocksMHz.graphics,
  graphicsPercent: (s) => s.utilisationPercent.graphics,
};
/** Of them: without one of these, a card at rest may well look always the same. */
const TELLING = ['powerWatts', 'graphicsMHz', 'graphicsPercent'];

/** The last check: whether the readings, on which others rest, came all along and are to be believed. */
export const telemetryStep: CheckStep = {
  id: 'telemetry',
  title: 'Telemetry',
  about: 'Did readings come all along, and do they change as the load does?',
  cardless: true,
  run: async ({ telemetry, telemetryEvents = [], policy }) => judgeTelemetry(telemetry, telemetryEvents, policy),
};

/** Pure. @param samples of the whole qualification, in order */
export function judgeTelemetry(
  samples: readonly TelemetrySample[],
  events: readonly TelemetryEvent[],
  { telemetry: { constantSamples, mostLost } }: Pick<Policy, 'telemetry'>,
): CheckOutcome {
  if (samples.length === 0)
    return { status: 'skipped', reasons: [{ code: 'no-telemetry', detail: '' }], figures: { samples: 0 } };
  const told = samples.filter((sample) => Object.values(VARYING).some((read) => read(sample) !== null));
  const lost = samples.length - told.length;
  const lostShare = lost / samples.length;
  const distinct = Object.fromEntries(
    Object.entries(VARYING).map(([name, read]) => {
      const values = told.map(read).filter((value) => value !== null);
      return [name, values.length === 0 ? null : new Set(values).size];
    }),
  );
  const known = Object.entries(distinct).filter(([, values]) => values !== null);
  const constant = told.length >= constantSamples && known.length > 0 && known.every(([, values]) => values === 1);
  const figures = {
    ...{ samples: samples.length, lost, lostShare },
    ...Object.fromEntries(Object.entries(distinct).map(([name, values]) => [`${name}Values`, values])),
  };
  const last = [...events].reverse().find(({ code }) => code === 'telemetry-lost' || code === 'telemetry-back');
  if (constant) {
    const names = known.map(([name]) => name);
    const detail = `${told.length} readings with one and the same ${names.join(', ')}`;
    const status = names.some((name) => TELLING.includes(name)) ? 'fail' : 'inconclusive';
    return { status, reasons: [{ code: 'telemetry-constant', detail }], figures };
  }
  if (last?.code === 'telemetry-lost')
    return {
      status: 'inconclusive',
      reasons: [{ code: 'telemetry-lost', detail: `${last.detail}; they did not come back` }],
      figures,
    };
  if (lostShare > mostLost)
    return {
      status: 'warn',
      reasons: [{ code: 'telemetry-lost', detail: `${lost} of ${samples.length} readings, and they came back` }],
      figures,
    };
  return { status: 'pass', reasons: [], figures };
}
