import { describe, expect, test } from 'vitest';
import { type CommandOutput, cellsOf, numberOf, openNvidiaSmi, textOf } from '../../harness/telemetry/nvidia-smi.js';
import { type CardIdentity, Problems, TelemetryLost } from '../../harness/telemetry/types.js';

/**
 * Answers of nvidia-smi, written by hand after `nvidia-smi --help-query-gpu` and NVIDIA's documentation of the command,
 * not recorded: header-less rows of `--format=csv,noheader,nounits`, `[N/A]` (`[Not Supported]` before driver 450 or
 * so), the message on an unknown field.
 */
const identity: CardIdentity = {
  ...{ name: 'NVIDIA GeForce RTX 3090', vendorId: '10de', pciId: null, busAddress: null, software: false },
};

const common: Readonly<Record<string, string>> = {
  ...{ uuid: 'GPU-8d5b6a0e-0000-0000-0000-000000000000', 'pci.bus_id': '00000000:01:00.0' },
  ...{ 'pci.device_id': '0x220410DE', 'pci.sub_device_id': '0x14543842', name: 'NVIDIA GeForce RTX 3090' },
  ...{ vbios_version: '94.02.42.00.A9', 'memory.total': '24576', 'power.limit': '290.00' },
  ...{ 'power.default_limit': '350.00', 'pcie.link.gen.max': '4', 'pcie.link.width.max': '16' },
  ...{ 'power.draw': '347.12', 'temperature.gpu': '68', 'clocks.sm': '1695', 'clocks.mem': '9501' },
  ...{ 'utilization.gpu': '99', 'utilization.memory': '41', 'fan.speed': '61', 'memory.used': '3072' },
  ...{ 'pcie.link.gen.current': '1', 'pcie.link.width.current': '1' },
};
const absent = (word: string) => ({
  ...{ 'temperature.memory': word, 'ecc.mode.current': word },
  ...{ 'ecc.errors.corrected.volatile.total': word, 'ecc.errors.uncorrected.volatile.total': word },
  ...{ 'ecc.errors.corrected.aggregate.total': word, 'ecc.errors.uncorrected.aggregate.total': word },
});

const drivers = {
  'a driver of 2024': {
    ...{ ...common, ...absent('[N/A]'), driver_version: '550.54.14' },
    'clocks_event_reasons.active': '0x0000000000000004',
  },
  'a driver of 2021': {
    ...{ ...common, ...absent('[N/A]'), driver_version: '470.82.00' },
    'clocks_throttle_reasons.active': '0x0000000000000004',
  },
  'a driver of 2017': {
    ...{ ...common, ...absent('[Not Supported]'), driver_version: '384.111' },
    'clocks_throttle_reasons.active': '0x0000000000000004',
  },
};
delete (drivers['a driver of 2017'] as Record<string, string>)['temperature.memory'];

type Rows = readonly Readonly<Record<string, string>>[];
/** Answers as the command does: one unknown field, and there is nothing but a complaint about it. */
function command(rows: Rows, asked: string[][] = []) {
  return async (args: readonly string[]): Promise<CommandOutput> => {
    const fields = (args.find((arg) => arg.startsWith('--query-gpu=')) as string).slice(12).split(',');
    asked.push([...args]);
    const unknown = fields.find((field) => !(field in (rows[0] ?? {})));
    if (unknown !== undefined)
      return { status: 2, stdout: `Field "${unknown}" is not a valid field to query.\n\n`, stderr: '' };
    const at = args[0] === '-i' ? args[1] : null;
    const chosen = rows.filter((row) => at === null || row['pci.bus_id']?.toLowerCase().endsWith(at as string));
    const lines = chosen.map((row) => fields.map((field) => row[field]).join(', '));
    return { status: 0, stdout: `${lines.join('\n')}\n`, stderr: '' };
  };
}
const failing =
  (status: number | null, stdout: string, stderr = '') =>
  async () => ({ status, stdout, stderr });

async function open(run: Parameters<typeof openNvidiaSmi>[0], wanted: Partial<CardIdentity> = {}) {
  const problems = new Problems();
  const telemetry = await openNvidiaSmi(run, { ...identity, ...wanted }, '/nowhere', problems);
  return { telemetry, problems: problems.list };
}

describe('one reading, by drivers of three ages', () => {
  for (const [age, row] of Object.entries(drivers))
    test(age, async () => {
      const { telemetry } = await open(command([row]));
      expect(telemetry?.facts).toMatchObject({
        ...{ busAddress: '0000:01:00.0', pciId: '10de:2204', subsystemId: '3842:1454', vramBytes: 24 * 2 ** 30 },
        ...{ powerLimitWatts: 290, powerDefaultLimitWatts: 350, driver: `nvidia ${row.driver_version}` },
        ...{ vbios: '94.02.42.00.A9', linkMax: { generation: 4, width: 16 }, eccEnabled: null },
      });
      expect(await telemetry?.sample()).toEqual({
        powerWatts: 347.12,
        temperatureC: { edge: 68, hotspot: null, memory: null },
        clocksMHz: { graphics: 1695, memory: 9501 },
        utilisationPercent: { graphics: 99, memory: 41 },
        fan: { percent: 61, rpm: null },
        throttleReasons: ['power-cap'],
        link: { generation: 1, width: 1 },
        pcie: { replays: null, correctable: null, uncorrectable: null },
        ecc: { corrected: null, uncorrected: null, correctedLifetime: null, uncorrectedLifetime: null },
        remappedRows: { corrected: null, uncorrected: null, pending: null, failed: null },
        energyJoules: null,
        memoryUsedBytes: 3 * 2 ** 30,
      });
    });

  test('an unknown field is left out, said once, and not asked for again', async () => {
    const asked: string[][] = [];
    const { telemetry, problems } = await open(command([drivers['a driver of 2017']], asked));
    await telemetry?.sample();
    const before = asked.length;
    await telemetry?.sample();
    expect(asked.length).toBe(before + 1);
    expect(problems).toEqual([expect.objectContaining({ code: 'unknown-field' })]);
    expect(problems[0]?.detail).toContain('temperature.memory');
  });

  test('a data-centre card has what the others lack', async () => {
    const row = {
      ...drivers['a driver of 2024'],
      ...{ 'temperature.memory': '71', 'ecc.mode.current': 'Enabled', 'fan.speed': '[N/A]' },
      ...{ 'ecc.errors.corrected.volatile.total': '0', 'ecc.errors.uncorrected.aggregate.total': '2' },
    };
    const { telemetry } = await open(command([row]));
    expect(telemetry?.facts.eccEnabled).toBe(true);
    expect(await telemetry?.sample()).toMatchObject({
      ...{ temperatureC: { memory: 71 }, fan: { percent: null } },
      ecc: { corrected: 0, uncorrected: null, uncorrectedLifetime: 2 },
    });
  });
});

test('cells: numbers with and without a unit or a decimal comma, everything else null', () => {
  expect(['61', '-3', '347.12', '347,12', '61 %', '16 GB/s'].map(numberOf)).toEqual([61, -3, 347.12, 347.12, 61, 16]);
  const none = ['[N/A]', 'N/A', '[Not Supported]', 'ERR!', '[Unknown Error]', 'Unknown Error', '[GPU is lost]', ''];
  expect(none.map(numberOf)).toEqual(none.map(() => null));
  expect(none.map(textOf)).toEqual([null, null, null, null, null, null, null, null]);
  expect(['1.2.3', '0x12', '12 34', undefined].map(numberOf)).toEqual([null, null, null, null]);
  expect(cellsOf('347,12, 68, [N/A]')).toEqual(['347,12', '68', '[N/A]']);
});

describe('a command that fails', () => {
  const said = {
    'there is none': [failing(null, '', 'spawn nvidia-smi ENOENT'), 'ENOENT'],
    'no driver': [
      failing(9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure…\n"),
      'communicate with the NVIDIA driver',
    ],
    'another version of the library': [
      failing(18, 'Failed to initialize NVML: Driver/library version mismatch\n'),
      'Driver/library version mismatch',
    ],
    'it was killed, having hung': [failing(null, '', ''), 'exit status null'],
  } as const;
  for (const [why, [run, words]] of Object.entries(said))
    test(why, async () => {
      const { telemetry, problems } = await open(run);
      expect(telemetry).toBeNull();
      expect(problems).toEqual([expect.objectContaining({ code: 'command-fails', detail: expect.any(String) })]);
      expect(problems[0]?.detail).toContain(words);
    });

  test('a card that is lost later', async () => {
    let lost = false;
    const healthy = command([drivers['a driver of 2024']]);
    const message = 'Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost.  Reboot the system\n';
    const { telemetry } = await open((args) => (lost ? failing(15, message)() : healthy(args)));
    await telemetry?.sample();
    lost = true;
    await expect(telemetry?.sample()).rejects.toThrow(TelemetryLost);
    await expect(telemetry?.sample()).rejects.toThrow('GPU is lost');
  });

  test('a card that answers errors only is lost', async () => {
    const row = drivers['a driver of 2024'];
    const errors = Object.fromEntries(Object.keys(row).map((field) => [field, '[Unknown Error]']));
    let broken = false;
    const { telemetry } = await open((args) => command([broken ? errors : row])(broken ? args.slice(2) : args));
    broken = true;
    await expect(telemetry?.sample()).rejects.toThrow('tells nothing');
  });

  test('a row that cannot be told apart is refused, not read one cell off', async () => {
    const row = { ...drivers['a driver of 2024'], 'fan.speed': '61, 5' };
    const { telemetry } = await open(command([row]));
    await expect(telemetry?.sample()).rejects.toThrow('is not a row of figures');
  });
});

test('of identical cards none without an address, and with one its row alone', async () => {
  const row = drivers['a driver of 2024'];
  const twin = { ...row, 'pci.bus_id': '00000000:41:00.0', 'temperature.gpu': '80' };
  expect((await open(command([row, twin]))).problems[0]?.code).toBe('identical-cards');
  const { telemetry } = await open(command([row, twin]), { busAddress: '0000:41:00.0' });
  expect((await telemetry?.sample())?.temperatureC.edge).toBe(80);
});
