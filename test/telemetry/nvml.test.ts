import koffi from 'koffi';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { nvmlFieldValue, nvmlMemory, nvmlPciInfo, nvmlUtilization } from '../../harness/telemetry/nvml/library.js';
import { openTelemetry } from '../../harness/telemetry/open.js';
import { type CardIdentity, missingFigures, type Telemetry, TelemetryLost } from '../../harness/telemetry/types.js';
import { buildFakeNvml, type FakeNvml } from './fake-nvml.js';

const layouts = { nvmlFieldValue, nvmlMemory, nvmlPciInfo, nvmlUtilization };
const built = buildFakeNvml();
const fake = built as FakeNvml;

const rtx3090: CardIdentity = {
  ...{ name: 'NVIDIA GeForce RTX 3090', vendorId: '10de', pciId: null, busAddress: null, software: false },
};
const opened: Telemetry[] = [];
async function open(identity: Partial<CardIdentity> = {}, library = fake.current): Promise<Telemetry> {
  const roots = { sysfs: '/nowhere', nvml: library, nvidiaSmi: '/nowhere/nvidia-smi', vulkan: null };
  const telemetry = await openTelemetry({ ...rtx3090, ...identity }, roots);
  opened.push(telemetry);
  return telemetry;
}
const codes = ({ problems }: Telemetry) => problems.map(({ code }) => code);

describe('NVML', () => {
  beforeEach(async (context) => {
    if ('missing' in built) return context.skip(built.missing);
    for (const telemetry of opened.splice(0)) await telemetry.close();
    fake.behave();
  });
  afterAll(() => fake.remove?.());

  test('the layouts are what a C compiler makes of the documentation', () => {
    const text = Buffer.alloc(2000);
    koffi.load(fake.current).func('fake_layout', 'int', ['void *', 'uint32_t'])(text, text.length);
    const lines = text
      .toString('utf8', 0, text.indexOf(0))
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(lines).toHaveLength(4);
    for (const [name, size, ...fields] of lines) {
      const type = layouts[name as keyof typeof layouts];
      expect(koffi.sizeof(type), name).toBe(Number(size));
      for (const [field, offset] of fields.map((f) => f.split('=') as [string, string]))
        expect(koffi.offsetof(type, field), `${name}.${field}`).toBe(Number(offset));
    }
  });

  test('facts in SI units, and an identifier only as a hash', async () => {
    const { source, facts, problems } = await open();
    expect(problems).toEqual([]);
    expect(source).toBe('nvml');
    expect(facts).toEqual({
      name: 'NVIDIA GeForce RTX 3090',
      uuidHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      ...{ busAddress: '0000:01:00.0', pciId: '10de:2204', subsystemId: '3842:1454' },
      ...{ vbios: '94.02.42.00.a9', driver: 'nvidia 550.54.14', vramBytes: 24 * 2 ** 30 },
      ...{ powerLimitWatts: 290, powerDefaultLimitWatts: 350, eccEnabled: true },
      linkMax: { generation: 4, width: 16 },
    });
  });

  test('every figure lands in its place', async () => {
    fake.behave('constant');
    expect(await (await open()).sample()).toEqual({
      powerWatts: 347.12,
      temperatureC: { edge: 68, hotspot: null, memory: 94 },
      clocksMHz: { graphics: 1695, memory: 9501 },
      utilisationPercent: { graphics: 99, memory: 41 },
      fan: { percent: 61, rpm: null },
      throttleReasons: ['hardware-slowdown', 'thermal-software'],
      link: { generation: 1, width: 1 },
      pcie: { replays: 7, correctable: null, uncorrectable: null },
      ecc: { corrected: 1, uncorrected: 2, correctedLifetime: 11, uncorrectedLifetime: 12 },
      remappedRows: { corrected: 2, uncorrected: 1, pending: true, failed: false },
      energyJoules: 5_000_000,
      memoryUsedBytes: 3 * 2 ** 30,
    });
  });

  test('readings are taken anew, and a card that lies reads the same', async () => {
    const moving = await open();
    const [first, second] = [await moving.sample(), await moving.sample()];
    expect(second.powerWatts).not.toBe(first.powerWatts);
    fake.behave('constant');
    const [third, fourth] = [await moving.sample(), await moving.sample()];
    expect(fourth).toEqual(third);
  });

  test('what is not supported is null, never 0, and no problem', async () => {
    fake.behave('GetFanSpeed=3', 'GetTotalEccErrors=3', 'GetRemappedRows=3', 'MemoryTemp=3', 'GetPowerUsage=999');
    const telemetry = await open();
    const missing = missingFigures(await telemetry.sample());
    for (const name of ['powerWatts', 'fan.percent', 'temperatureC.memory', 'ecc.corrected', 'remappedRows.pending'])
      expect(missing).toContain(name);
    expect(missing).not.toContain('temperatureC.edge');
    expect(telemetry.problems).toEqual([]);
  });

  test('a missing permission is named once, and the rest is read', async () => {
    fake.behave('GetTotalEccErrors=4');
    const telemetry = await open();
    await telemetry.sample();
    const { ecc, powerWatts } = await telemetry.sample();
    expect(ecc.corrected).toBeNull();
    expect(powerWatts).toBeGreaterThan(300);
    expect(telemetry.problems).toEqual([
      { code: 'permission', detail: expect.stringContaining('TotalEccErrors'), remedy: expect.any(String) },
    ]);
  });

  test('a lost card is an exception, not a row of nulls, and a returned one is read again', async () => {
    const telemetry = await open();
    fake.behave('lost');
    await expect(telemetry.sample()).rejects.toThrow(TelemetryLost);
    await expect(telemetry.sample()).rejects.toThrow('GPU is lost');
    fake.behave();
    expect((await telemetry.sample()).powerWatts).toBeGreaterThan(300);
  });

  test('a card that vanishes between two queries of one reading', async () => {
    const telemetry = await open();
    await telemetry.sample();
    fake.behave('lost_after=50');
    const readings = await Promise.allSettled(Array.from({ length: 9 }, () => telemetry.sample()));
    const kept = readings.filter(({ status }) => status === 'fulfilled').length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(9);
    expect(readings.slice(kept).every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('a card that is lost when telemetry opens is said to be', async () => {
    fake.behave('lost_after=3');
    const telemetry = await open();
    expect(telemetry.source).toBeNull();
    expect(codes(telemetry)).toEqual(['card-lost']);
  });

  test('of two identical cards neither is taken without an address', async () => {
    fake.behave('cards=2');
    const telemetry = await open();
    expect(telemetry.source).toBeNull();
    expect(codes(telemetry)).toEqual(['identical-cards']);
    expect(telemetry.problems[0]?.detail).toContain('0000:02:00.0');
    expect((await telemetry.sample()).powerWatts).toBeNull();
  });

  test('with an address the right one of them is', async () => {
    fake.behave('cards=2');
    const [first, second] = [
      await open({ busAddress: '0000:01:00.0' }),
      await open({ busAddress: '00000000:02:00.0' }),
    ];
    expect(first.facts.busAddress).toBe('0000:01:00.0');
    expect(second.facts.busAddress).toBe('0000:02:00.0');
    expect(second.facts.uuidHash).not.toBe(first.facts.uuidHash);
    expect(codes(await open({ busAddress: '0000:09:00.0' }))).toEqual(['no-such-card']);
  });

  test('another model beside it is no obstacle', async () => {
    fake.behave('cards=2', 'other_card=0');
    const telemetry = await open();
    expect(telemetry.facts).toMatchObject({ busAddress: '0000:02:00.0', pciId: '10de:2204' });
  });

  test('a card that cannot be opened might be the one', async () => {
    fake.behave('cards=2', 'open_1=15');
    expect(codes(await open())).toEqual(['card-lost', 'identical-cards']);
    fake.behave('cards=1', 'open_0=4');
    const denied = await open();
    expect(denied.source).toBeNull();
    expect(denied.problems[0]).toMatchObject({ code: 'permission', remedy: 'sudo chmod a+rw /dev/nvidia*' });
  });

  test('a driver that is not loaded, or of another version, is told with what mends it', async () => {
    fake.behave('init=9');
    expect((await open()).problems[0]).toEqual({
      ...{ code: 'library-refuses', detail: 'NVML does not start: driver not loaded', remedy: 'sudo modprobe nvidia' },
    });
    fake.behave('init=18');
    const mismatch = await open();
    expect(mismatch.problems[0]?.remedy).toContain('reboot');
    expect(codes(mismatch)).toEqual(['library-refuses', 'command-fails']);
  });

  test('an old library: unversioned symbols, a shorter struct, the older name for throttling', async () => {
    const telemetry = await open({}, fake.old);
    expect(telemetry.facts).toMatchObject({ busAddress: '0000:01:00.0', pciId: '10de:2204', subsystemId: '3842:1454' });
    const figures = await telemetry.sample();
    expect(figures).toMatchObject({ throttleReasons: ['power-cap'], energyJoules: null });
    expect(figures.remappedRows).toEqual({ corrected: null, uncorrected: null, pending: null, failed: null });
    expect(figures.temperatureC).toEqual({ edge: 68, hotspot: null, memory: null });
  });
});

test('no library and no command: both are named', async () => {
  const telemetry = await openTelemetry(rtx3090, {
    ...{ nvml: '/nowhere/libnvidia-ml.so.1', nvidiaSmi: '/nowhere/smi', vulkan: null },
  });
  expect(telemetry.source).toBeNull();
  expect(codes(telemetry)).toEqual(['library-missing', 'command-fails']);
});

test('a library that is something else is refused, and nothing crashes', async () => {
  const telemetry = await openTelemetry(rtx3090, { nvml: 'libc.so.6', nvidiaSmi: '/nowhere/smi', vulkan: null });
  expect(telemetry.source).toBeNull();
  expect(telemetry.problems[0]).toMatchObject({ code: 'library-refuses', detail: expect.stringContaining('function') });
});
