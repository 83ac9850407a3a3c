import { describe, expect, test } from 'vitest';
import { DEFAULT_LOAD_POLICY } from '../../bench/qualify/load-policy.js';
import { noFigures } from '../../harness/telemetry/types.js';
import { constancy } from '../../reports/load/constant.js';
import { judgeTold, type Told } from '../../reports/load/told.js';
import type { TelemetrySample } from '../../reports/telemetry.js';
import { reading, simulated } from './load-simulated.js';

const sample = (more: Partial<TelemetrySample> = {}): TelemetrySample => ({
  ...{ tMs: 0, source: 'nvml', ...noFigures() },
  ...more,
});
const idle = (edge = 35) =>
  sample({
    powerWatts: 20,
    temperatureC: { edge, hotspot: null, memory: null },
    clocksMHz: { graphics: 210, memory: 400 },
  });
const busy = (edge = 70) =>
  sample({
    powerWatts: 300,
    temperatureC: { edge, hotspot: null, memory: null },
    clocksMHz: { graphics: 1800, memory: 9500 },
  });
const rest = [idle(), idle(), idle(34), idle(36)];
const loaded = [busy(), busy(71), busy(72), busy(72)];

function codes(more: Partial<Told> = {}, told = () => reading()) {
  const windows = simulated({ windows: 100 }, 1, told);
  const given = {
    windows,
    rest,
    loaded,
    lost: 0,
    powerLimitWatts: 300,
    powerDefaultLimitWatts: 300,
    slow: false,
    ...more,
  };
  return judgeTold(given, DEFAULT_LOAD_POLICY).findings.map(({ status, code }) => `${status} ${code}`);
}

describe('what the card tells under load', () => {
  test('a sound card at its limit of power, and one that tells nothing, leave nothing to remark', () => {
    expect(codes()).toEqual([]);
    const nothing = { rest: [], loaded: [], powerLimitWatts: null, powerDefaultLimitWatts: null };
    expect(codes({ ...nothing, windows: simulated({ windows: 100 }, 1) })).toEqual([]);
  });

  test('heat that holds it back warns, hardware that steps in fails, a moment of it is nothing', () => {
    expect(codes({}, () => reading({ throttleReasons: ['thermal-software'] }))).toEqual(['warn throttled-thermal']);
    expect(codes({ slow: true }, () => reading({ throttleReasons: ['thermal-software'] }))).toEqual([
      'fail throttled-thermal',
    ]);
    expect(codes({}, () => reading({ throttleReasons: ['hardware-slowdown'] }))).toEqual(['fail throttled-thermal']);
    const moment = simulated({ windows: 100 }, 1, (share) =>
      reading(share === 0.5 ? { throttleReasons: ['thermal-hardware'] } : {}),
    );
    expect(codes({ windows: moment })).toEqual([]);
  });

  test('power is a finding where the rate is one, and when the wire asks for less', () => {
    expect(codes({ slow: true })).toEqual(['fail throttled-power']);
    expect(codes({}, () => reading({ throttleReasons: ['power-brake'] }))).toEqual(['warn throttled-power']);
  });

  test('a lowered power limit is said', () => {
    expect(codes({ powerLimitWatts: 220 })).toEqual(['warn power-limit-left']);
    expect(codes({ powerLimitWatts: 350 })).toEqual([]);
  });

  test('a hotspot far above the edge, and a fan that stands still', () => {
    const apart = reading({ temperatureC: { edge: 70, hotspot: 105, memory: null } });
    expect(codes({}, () => apart)).toEqual(['warn hotspot-delta']);
    expect(codes({}, () => reading({ fan: { percent: 60, rpm: 0 } }))).toEqual(['warn fan-stopped']);
    const cool = { temperatureC: { edge: 50, hotspot: 60, memory: null }, fan: { percent: 0, rpm: null } };
    expect(codes({}, () => reading(cool))).toEqual([]);
    expect(codes({}, () => reading({ fan: { percent: null, rpm: null } }))).toEqual([]);
  });

  test('readings that stop', () => {
    expect(codes({ lost: 4 })).toEqual(['inconclusive telemetry-lost']);
    expect(codes({ loaded: Array.from({ length: 100 }, (_, i) => busy(70 + (i % 3))), lost: 2 })).toEqual([]);
  });
});

describe('readings that follow the load', () => {
  test('a frozen reading is found at any temperature, twenty times of twenty', () => {
    for (let seed = 0; seed < 20; seed++) {
      const frozen = busy(30 + seed);
      expect(codes({ rest: Array(4).fill(frozen), loaded: Array(4).fill(frozen) })).toEqual([
        'inconclusive telemetry-constant',
      ]);
    }
  });

  test('one figure that moves is enough, and it is said which do not', () => {
    const still = loaded.map((one) => ({ ...one, clocksMHz: { graphics: 210, memory: 400 } }));
    expect(constancy(rest, still)).toEqual({
      ...{ constant: ['graphics clock'], moved: ['power', 'edge temperature'], untrusted: false },
    });
  });

  test('a card that tells only whole degrees, or was asked too rarely, is not accused', () => {
    const degrees = sample({ temperatureC: { edge: 50, hotspot: null, memory: null } });
    expect(constancy(Array(4).fill(degrees), Array(4).fill(degrees))).toBeNull();
    expect(constancy([busy()], Array(4).fill(busy()))).toBeNull();
  });
});
