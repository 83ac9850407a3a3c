import { median } from '../statistics/index.js';
import type { TelemetrySample } from '../telemetry.js';
import { constancy } from './constant.js';
import { FORCED, heldBack, type LoadFinding, type LoadWindowRecord, POWER, percent, THERMAL } from './window.js';

export interface ToldLimits {
  /** Share of the loaded time that heat may hold the card back. */
  readonly mostThrottled: number;
  readonly mostHotspotDeltaC: number;
  /** The power limit over the maker's. */
  readonly leastPowerLimit: number;
  /** Fans may stand still up to here. */
  readonly fanlessC: number;
  /** Share of readings that may be missing. */
  readonly mostLost: number;
}

export interface Told {
  readonly windows: readonly LoadWindowRecord[];
  /** Before and after the load. */
  readonly rest: readonly TelemetrySample[];
  readonly loaded: readonly TelemetrySample[];
  /** Readings that were asked for and did not come. */
  readonly lost: number;
  readonly powerLimitWatts: number | null;
  readonly powerDefaultLimitWatts: number | null;
  /** The rate is at fault already: then what held the card back is a finding too. */
  readonly slow: boolean;
}

/** What the card says of itself beside the rate. */
export function judgeTold(
  told: Told,
  limits: ToldLimits,
): { findings: LoadFinding[]; figures: Record<string, number | null> } {
  const { windows, rest, loaded, lost } = told;
  const last = windows.slice(Math.floor(windows.length / 2)).flatMap(({ reading }) => reading ?? []);
  const of = (value: (reading: (typeof last)[number]) => number | null) => {
    const values = last.map(value).filter((one) => one !== null);
    return values.length === 0 ? null : median(values);
  };
  const delta = of(({ temperatureC: { edge, hotspot } }) =>
    edge === null || hotspot === null ? null : hotspot - edge,
  );
  const edge = of(({ temperatureC }) => temperatureC.edge);
  const figures = {
    edgeC: edge,
    hotspotC: of(({ temperatureC }) => temperatureC.hotspot),
    memoryC: of(({ temperatureC }) => temperatureC.memory),
    hotspotDeltaC: delta,
    powerWatts: of(({ powerWatts }) => powerWatts),
    graphicsMHz: of(({ clocksMHz }) => clocksMHz.graphics),
    fanPercent: of(({ fan }) => fan.percent),
  };
  const findings: LoadFinding[] = [...throttling(told, limits), ...powerLimit(told, limits)];
  if (delta !== null && delta > limits.mostHotspotDeltaC)
    findings.push({
      ...{ status: 'warn', code: 'hotspot-delta' },
      detail: `the hotspot is ${delta.toFixed(0)} °C hotter than the edge, more than ${limits.mostHotspotDeltaC}: paste or cooler do not touch everywhere`,
    });
  const still = last.filter(({ fan }) => fan.rpm === 0 || (fan.rpm === null && fan.percent === 0)).length;
  if (edge !== null && edge > limits.fanlessC && last.length > 0 && still > last.length / 2)
    findings.push({ status: 'warn', code: 'fan-stopped', detail: `the fan stands still at ${edge.toFixed(0)} °C` });
  const constant = constancy(rest, loaded);
  if (constant?.untrusted)
    findings.push({
      ...{ status: 'inconclusive', code: 'telemetry-constant' },
      detail: `${constant.constant.join(', ')} never changed from rest to load and back`,
    });
  const asked = rest.length + loaded.length + lost;
  if (lost > limits.mostLost * asked && lost < asked)
    findings.push({
      status: 'inconclusive',
      code: 'telemetry-lost',
      detail: `${lost} of ${asked} readings did not come`,
    });
  return { findings, figures };
}

function* throttling({ windows, slow }: Told, { mostThrottled }: ToldLimits): Generator<LoadFinding> {
  const reasons = heldBack(windows);
  const among = (names: readonly string[]) =>
    reasons.filter(({ reason, share }) => names.includes(reason) && share > mostThrottled);
  const said = (of: typeof reasons) =>
    of.map(({ reason, share }) => `${reason} in ${percent(share)} of readings`).join(', ');
  const [thermal, forced, power] = [among(THERMAL), among(FORCED), among(POWER)];
  const heat = [...new Set([...thermal, ...forced])];
  if (heat.length > 0)
    yield { status: slow || forced.length > 0 ? 'fail' : 'warn', code: 'throttled-thermal', detail: said(heat) };
  // At its limit of power a sound card runs all day. The wire that asks for less is another matter.
  const brake = power.some(({ reason }) => reason === 'power-brake');
  if (power.length > 0 && (slow || brake))
    yield { status: slow ? 'fail' : 'warn', code: 'throttled-power', detail: said(power) };
}

function* powerLimit(
  { powerLimitWatts: limit, powerDefaultLimitWatts: usual }: Told,
  { leastPowerLimit }: ToldLimits,
): Generator<LoadFinding> {
  if (limit === null || usual === null || usual <= 0 || limit >= leastPowerLimit * usual) return;
  yield {
    ...{ status: 'warn', code: 'power-limit-left' },
    detail: `the power limit is ${limit} W, the maker's ${usual} W: somebody lowered it, and all rates here are with that`,
  };
}
