import { describe, expect, test } from 'vitest';
import { judgeMemory } from '../../bench/qualify/checks/memory.js';
import { judgeTelemetry } from '../../bench/qualify/checks/telemetry.js';
import { DEFAULT_POLICY } from '../../bench/qualify/policy.js';
import { PASS_NAMES } from '../../harness/memory-test/passes.js';
import type { MemoryReport } from '../../harness/memory-test/report.js';
import { noFigures } from '../../harness/telemetry/types.js';
import type { TelemetrySample } from '../../reports/telemetry.js';

const MIB = 2 ** 20;
const sound: MemoryReport = {
  ...{ seed: 1, level: 'quick', rehearsal: null, endedBy: 'device', coveredBytes: 960 * MIB, reserveBytes: 64 * MIB },
  ...{ loops: 1, movedBytes: 1e12, comparedBytes: 1e12, deviceSeconds: 10, wallSeconds: 11, gbPerS: 100 },
  passes: PASS_NAMES.map((name) => ({
    ...{ name, finished: 1, comparedBytes: 1e11, movedBytes: 1e11 },
    ...{ seconds: 1, gbPerS: 100, errors: 0 },
  })),
  ...{ errors: 0, recorded: 0, classes: { address: 0, transfer: 0, stuck: 0, retention: 0, stored: 0 }, finding: null },
  bits: { zeroToOne: new Array(32).fill(0), oneToZero: new Array(32).fill(0) },
  ...{ displacements: [], heat: { blockBytes: 64 * MIB, blocks: [] }, upperBoundPerTb: 3, peakRssBytes: 0, done: true },
  chunks: Array.from({ length: 15 }, (_, chunk) => ({ chunk, bytes: 64 * MIB, gbPerS: 100, ratio: 1, suspect: false })),
};
const judge = (changes: Partial<MemoryReport>, totalBytes: number | null = 1024 * MIB, software = false) => {
  const { status, reasons } = judgeMemory({ ...sound, ...changes }, DEFAULT_POLICY, { totalBytes, software });
  return [status, ...reasons.map(({ code }) => code)];
};
const wrong = (finding: MemoryReport['finding'], displacements: MemoryReport['displacements'] = []) => ({
  errors: 5,
  finding,
  displacements,
});

describe('the memory check', () => {
  test.each([
    ['sound', {}, ['pass']],
    ['transfer', wrong('transfer'), ['fail', 'memory-transfer']],
    ['stuck', wrong('stuck'), ['fail', 'memory-stuck']],
    ['stored', wrong('stored'), ['fail', 'memory-stored']],
    ['retention', wrong('retention'), ['fail', 'memory-retention']],
    ['a line', wrong('address', [{ chunks: 0, xor: 64, errors: 5 }]), ['fail', 'memory-address']],
    ['a wrap', wrong('address', [{ chunks: 3, xor: 0, errors: 5 }]), ['fail', 'memory-size']],
    ['too little', { coveredBytes: 512 * MIB }, ['inconclusive', 'memory-coverage']],
    [
      'a pass without time',
      { passes: sound.passes.map((p, i) => (i === 7 ? { ...p, finished: 0 } : p)) },
      ['inconclusive', 'no-time'],
    ],
    [
      'a slow chunk, which does not count',
      { chunks: sound.chunks.map((c) => (c.chunk === 3 ? { ...c, suspect: true, ratio: 0.1 } : c)) },
      ['inconclusive', 'memory-host', 'memory-coverage'],
    ],
    ['wrong, and no time besides', { ...wrong('stuck'), coveredBytes: 1 }, ['fail', 'memory-stuck', 'memory-coverage']],
  ] as const)('%s', (_, changes, expected) => expect(judge(changes as Partial<MemoryReport>)).toEqual(expected));
  test('a slow chunk of more than the card says is a warning', () => {
    const chunks = sound.chunks.map((c) => (c.chunk === 14 ? { ...c, suspect: true } : c));
    expect(judge({ chunks }, 900 * MIB)).toEqual(['warn', 'memory-host']);
  });
  test('nobody knows how much there is', () =>
    expect(judge({}, null)).toEqual(['inconclusive', 'memory-size-unknown']));
  test('a program’s is a rehearsal', () => expect(judge({}, 1024 * MIB, true)).toEqual(['pass', 'rehearsal']));
});

describe('the telemetry check', () => {
  const samples = (n: number, changes: (i: number) => Partial<TelemetrySample>): TelemetrySample[] =>
    Array.from({ length: n }, (_, i) => ({
      tMs: i * 1000,
      source: 'nvml',
      ...noFigures(),
      powerWatts: 200 + (i % 7),
      ...changes(i),
    }));
  const lost = { tMs: 5000, code: 'telemetry-lost', detail: 'gone' } as const;
  const back = { tMs: 9000, code: 'telemetry-back', detail: '' } as const;
  const judged = (...args: [TelemetrySample[], (typeof lost | typeof back)[]]) => {
    const { status, reasons } = judgeTelemetry(...args, DEFAULT_POLICY);
    return [status, ...reasons.map(({ code }) => code)];
  };
  const silent = (i: number) => (i >= 5 ? { powerWatts: null } : {});
  test.each([
    ['none', [], [], ['skipped', 'no-telemetry']],
    ['all along', samples(60, () => ({})), [], ['pass']],
    ['constant', samples(60, () => ({ powerWatts: 200 })), [], ['fail', 'telemetry-constant']],
    ['constant, and too few to tell', samples(20, () => ({ powerWatts: 200 })), [], ['pass']],
    [
      'a temperature alone that stays',
      samples(60, () => ({ powerWatts: null, temperatureC: { edge: 40, hotspot: null, memory: null } })),
      [],
      ['inconclusive', 'telemetry-constant'],
    ],
    [
      'one figure that stays beside one that does not',
      samples(60, () => ({ clocksMHz: { graphics: 1500, memory: null } })),
      [],
      ['pass'],
    ],
    ['lost for good', samples(60, silent), [lost], ['inconclusive', 'telemetry-lost']],
    [
      'lost for a while',
      samples(60, (i) => (i > 5 && i < 30 ? { powerWatts: null } : {})),
      [lost, back],
      ['warn', 'telemetry-lost'],
    ],
    ['a hiccup', samples(60, (i) => (i === 5 ? { powerWatts: null } : {})), [lost, back], ['pass']],
  ] as const)('%s', (_, of, events, expected) => expect(judged([...of], [...events])).toEqual(expected));
});
