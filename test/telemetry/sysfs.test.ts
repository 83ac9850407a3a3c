import { afterEach, describe, expect, test } from 'vitest';
import { starredMHz } from '../../harness/telemetry/amdgpu.js';
import { readThrottleReasons } from '../../harness/telemetry/gpu-metrics.js';
import { openIntel } from '../../harness/telemetry/intel.js';
import { openTelemetry } from '../../harness/telemetry/open.js';
import { generationOf, listPciCards } from '../../harness/telemetry/pci.js';
import { type CardIdentity, missingFigures, Problems, TelemetryLost } from '../../harness/telemetry/types.js';
import { arcI915, arcXe, gpuMetrics, integrated, navi21, polaris, vega20 } from './cards.js';
import { bridge, buildTree, type Tree, type TreeDevice } from './tree.js';

const amd: CardIdentity = {
  ...{ name: 'AMD Radeon RX 6800 XT (RADV NAVI21)', vendorId: '1002', pciId: null, busAddress: null, software: false },
};
const intel: CardIdentity = { ...amd, name: 'Intel(R) Arc(tm) A770 Graphics (DG2)', vendorId: '8086' };
const riser = [
  bridge('pci0000:00/0000:00:03.1', '0x1022', 1, '2.5 GT/s PCIe'),
  bridge('pci0000:00/0000:00:03.1/0000:07:00.0', '0x1002', 1, '2.5 GT/s PCIe'),
  bridge('pci0000:00/0000:00:03.1/0000:07:00.0/0000:08:00.0', '0x1002', 16, '16.0 GT/s PCIe'),
];

const trees: Tree[] = [];
function tree(...devices: TreeDevice[]): Tree {
  const built = buildTree(devices);
  trees.push(built);
  return built;
}
afterEach(() => {
  for (const built of trees.splice(0)) built.remove();
});
/** Root may read every file, so that nothing can be denied to it. */
async function asNobody<T>(what: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return what();
  process.seteuid?.(65534);
  try {
    return await what();
  } finally {
    process.seteuid?.(0);
  }
}
const open = (identity: CardIdentity, { sysfs }: Tree) => openTelemetry(identity, { sysfs, vulkan: null });

describe('amdgpu', () => {
  test('RDNA 2: every figure, by label and in SI units', async () => {
    const telemetry = await open(amd, tree(...riser, navi21));
    expect(telemetry.source).toBe('amdgpu');
    expect(telemetry.facts).toMatchObject({
      ...{ busAddress: '0000:09:00.0', pciId: '1002:73bf', subsystemId: '148c:2408', vbios: '113-D4120100-101' },
      ...{ vramBytes: 17163091968, powerLimitWatts: 230, powerDefaultLimitWatts: 255, driver: 'amdgpu' },
      uuidHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await telemetry.sample()).toEqual({
      powerWatts: 254,
      temperatureC: { edge: 71, hotspot: 93, memory: 84 },
      clocksMHz: { graphics: 2245, memory: 1000 },
      utilisationPercent: { graphics: 99, memory: 61 },
      fan: { percent: expect.closeTo(50.2, 1), rpm: 1850 },
      throttleReasons: ['power-cap', 'thermal-software'],
      link: { generation: 1, width: 1 },
      pcie: { replays: 12, correctable: 4, uncorrectable: 1 },
      ecc: { corrected: null, uncorrected: null, correctedLifetime: null, uncorrectedLifetime: null },
      remappedRows: { corrected: null, uncorrected: null, pending: null, failed: null },
      energyJoules: null,
      memoryUsedBytes: 2 ** 30,
    });
  });

  test('an older card and kernel: clocks from the tables, and what is not there is null', async () => {
    const telemetry = await open({ ...amd, name: 'AMD Radeon RX 580 Series' }, tree(polaris));
    const figures = await telemetry.sample();
    expect(figures).toMatchObject({
      ...{ powerWatts: 84.123, clocksMHz: { graphics: 1145, memory: 2000 }, throttleReasons: null },
      temperatureC: { edge: 66, hotspot: null, memory: null },
      fan: { percent: 40, rpm: null },
      link: { generation: 2, width: 1 },
    });
    expect(missingFigures(figures)).toEqual(expect.arrayContaining(['utilisationPercent.graphics', 'memoryUsedBytes']));
    expect(telemetry.problems).toEqual([]);
  });

  test('a compute card: momentary power, ECC counts, another class', async () => {
    const telemetry = await open(amd, tree(vega20));
    expect(await telemetry.sample()).toMatchObject({ powerWatts: 198, ecc: { corrected: 37, uncorrected: 1 } });
  });

  test('a sleeping card answers garbage or nothing: null', async () => {
    const built = tree(polaris);
    built.write('0000:03:00.0', 'hwmon/hwmon1/power1_average', '');
    built.write('0000:03:00.0', 'hwmon/hwmon1/temp1_input', 'N/A\n');
    built.write('0000:03:00.0', 'current_link_speed', 'Unknown\n');
    built.write('0000:03:00.0', 'current_link_width', '0\n');
    const figures = await (await open(amd, built)).sample();
    expect(figures).toMatchObject({ powerWatts: null, link: { generation: null, width: null } });
    expect(figures.temperatureC.edge).toBeNull();
  });

  test('a file that may not be read is named, with the command', async () => {
    const built = tree(polaris);
    built.deny('0000:03:00.0', 'hwmon/hwmon1/power1_average');
    const figures = await asNobody(async () => {
      const telemetry = await open(amd, built);
      return { ...(await telemetry.sample()), problems: telemetry.problems };
    });
    expect(figures).toMatchObject({ powerWatts: null, clocksMHz: { graphics: 1145 } });
    const file = built.file('0000:03:00.0', 'hwmon/hwmon1/power1_average');
    expect(figures.problems).toEqual([
      { code: 'permission', detail: expect.stringContaining(file), remedy: `sudo chmod a+r ${file}` },
    ]);
  });

  test('a card that leaves the bus is lost', async () => {
    const built = tree(polaris);
    const telemetry = await open(amd, built);
    await telemetry.sample();
    built.unplug('0000:03:00.0');
    await expect(telemetry.sample()).rejects.toThrow(TelemetryLost);
  });

  test('of two cards none is taken, with an id or an address the right one is', async () => {
    const built = tree(polaris, vega20);
    const telemetry = await open(amd, built);
    expect(telemetry.source).toBeNull();
    expect(telemetry.problems.map(({ code }) => code)).toEqual(['identical-cards']);
    expect((await open({ ...amd, pciId: '1002:66a1' }, built)).facts.busAddress).toBe('0000:43:00.0');
    expect((await open({ ...amd, busAddress: '0000:03:00.0' }, built)).facts.pciId).toBe('1002:67df');
  });

  test('a driver that tells nothing is named', async () => {
    const telemetry = await open(amd, tree({ ...polaris, driver: 'vfio-pci' }));
    expect(telemetry.problems[0]).toMatchObject({ code: 'no-source', detail: expect.stringContaining('vfio-pci') });
    expect((await open(amd, tree({ ...polaris, driver: null }))).problems[0]?.detail).toContain('no kernel driver');
  });
});

describe('the slot’s link', () => {
  test('without a switch on the card it is the card’s own', async () => {
    const root = bridge('pci0000:00/0000:00:1c.0', '0x1002', 16, '16.0 GT/s PCIe');
    expect((await (await open(amd, tree(root, polaris))).sample()).link).toEqual({ generation: 2, width: 1 });
  });

  test('two bridges with nothing above are no switch on the card', async () => {
    const ports = [
      bridge('pci0000:00/0000:00:1c.0', '0x1002', 4, '16.0 GT/s PCIe'),
      bridge('pci0000:00/0000:00:1c.0/0000:02:00.0', '0x1002', 8, '16.0 GT/s PCIe'),
    ];
    const below = { ...polaris, path: 'pci0000:00/0000:00:1c.0/0000:02:00.0/0000:03:00.0' };
    expect((await (await open(amd, tree(...ports, below))).sample()).link).toEqual({ generation: 2, width: 1 });
  });

  test('generations', () => {
    const speeds = ['2.5 GT/s PCIe', '5.0 GT/s PCIe', '8.0 GT/s', '16.0 GT/s PCIe', '32.0 GT/s PCIe', 'Unknown', null];
    expect(speeds.map(generationOf)).toEqual([1, 2, 3, 4, 5, null, null]);
  });
});

describe('gpu_metrics', () => {
  test('bits are told apart, unknown ones are kept', () => {
    expect(readThrottleReasons(gpuMetrics(0n))).toEqual([]);
    expect(readThrottleReasons(gpuMetrics(1n << 16n))).toEqual(['current-limit']);
    expect(readThrottleReasons(gpuMetrics((1n << 43n) | (1n << 44n)))).toEqual([
      'thermal-software',
      'thermal-hardware',
    ]);
    expect(readThrottleReasons(gpuMetrics(1n << 57n))).toEqual(['other']);
  });

  test('other layouts, cut files and fields that are not filled in tell nothing', () => {
    expect(readThrottleReasons(gpuMetrics(1n, 96, 1))).toBeNull();
    expect(readThrottleReasons(gpuMetrics(1n, 120, 4))).toBeNull();
    expect(readThrottleReasons(gpuMetrics(1n).subarray(0, 100))).toBeNull();
    expect(readThrottleReasons(gpuMetrics(0xffff_ffff_ffff_ffffn))).toBeNull();
    expect(readThrottleReasons(Buffer.alloc(0))).toBeNull();
  });
});

test('the star marks the clock', () => {
  expect(starredMHz('0: 300Mhz \n1: 600Mhz *\n')).toBe(600);
  expect(starredMHz('S: 19Mhz *\n0: 500Mhz \n')).toBe(19);
  expect(starredMHz('0: 300Mhz \n')).toBeNull();
});

describe('Intel', () => {
  const slot = [
    bridge('pci0000:00/0000:00:01.0', '0x8086', 16, '16.0 GT/s PCIe'),
    bridge('pci0000:00/0000:00:01.0/0000:01:00.0', '0x8086', 8, '16.0 GT/s PCIe'),
    bridge('pci0000:00/0000:00:01.0/0000:01:00.0/0000:02:01.0', '0x8086', 1, '2.5 GT/s PCIe'),
  ];

  test('i915: power is the difference of two readings of energy, and null at the first', async () => {
    const built = tree(...slot, arcI915);
    const problems = new Problems();
    const card = listPciCards(built.sysfs, problems).find(({ driver }) => driver === 'i915');
    let now = 0;
    const telemetry = openIntel(card as NonNullable<typeof card>, 'i915', problems, () => now);
    expect(telemetry.facts).toMatchObject({ powerLimitWatts: 190, powerDefaultLimitWatts: 225, pciId: '8086:56a0' });
    const read = async (ms: number, microjoules: number) => {
      now = ms;
      built.write('0000:03:00.0', 'hwmon/hwmon3/energy1_input', `${microjoules}\n`);
      return (await telemetry.sample()).powerWatts;
    };
    expect(await read(1000, 3e9)).toBeNull();
    expect(await read(2000, 3.15e9)).toBeCloseTo(150, 9);
    expect(await read(4000, 3.25e9)).toBeCloseTo(50, 9);
    // Started anew: neither a negative power nor a huge one.
    expect(await read(5000, 1e6)).toBeNull();
    expect(await read(6000, 31e6)).toBeCloseTo(30, 9);
  });

  test('i915: clocks, reasons and the link above the card’s own switch', async () => {
    const telemetry = await open(intel, tree(...slot, arcI915));
    expect(telemetry.source).toBe('i915');
    expect(await telemetry.sample()).toMatchObject({
      ...{ clocksMHz: { graphics: 2400, memory: null }, energyJoules: 3000, link: { generation: 4, width: 8 } },
      ...{ fan: { percent: null, rpm: 1310 }, throttleReasons: ['power-cap', 'current-limit'] },
    });
  });

  test('xe: temperatures by label, the card’s energy before the package’s, a limit of 0 is none', async () => {
    const telemetry = await open({ ...intel, name: 'Intel(R) Arc(tm) B580' }, tree(arcXe));
    expect(telemetry.source).toBe('xe');
    expect(telemetry.facts).toMatchObject({ powerLimitWatts: 190, powerDefaultLimitWatts: null });
    expect(await telemetry.sample()).toMatchObject({
      ...{ temperatureC: { edge: 61, hotspot: null, memory: 70 }, clocksMHz: { graphics: 2850, memory: null } },
      ...{ energyJoules: 7000, throttleReasons: [] },
    });
  });

  test('a card beside the processor’s own graphics is not guessed', async () => {
    const built = tree(arcXe, integrated);
    expect((await open(intel, built)).problems[0]?.code).toBe('identical-cards');
    expect((await open({ ...intel, pciId: '8086:e20b' }, built)).source).toBe('xe');
    const inside = await open({ ...intel, pciId: '8086:4680' }, built);
    expect(await inside.sample()).toMatchObject({
      clocksMHz: { graphics: 300 },
      powerWatts: null,
      throttleReasons: null,
    });
  });
});

test('no PCI bus, a program, an unknown maker: each says why', async () => {
  const code = async (identity: CardIdentity) =>
    (await openTelemetry(identity, { sysfs: '/nowhere', vulkan: null })).problems.map((problem) => problem.code);
  expect(await code(amd)).toEqual(['no-such-card']);
  expect(await code({ ...amd, software: true })).toEqual(['software-adapter']);
  expect(await code({ ...amd, vendorId: null })).toEqual(['unknown-vendor']);
});
