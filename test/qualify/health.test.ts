import { describe, expect, test } from 'vitest';
import { healthStepWith } from '../../bench/qualify/checks/health.js';
import type { CheckContext } from '../../bench/qualify/step.js';
import { type KernelLog, readKernelLog } from '../../harness/telemetry/kernel-log.js';
import { driverReports, isOf, wordsOf } from '../../reports/card-status/driver-log.js';
import { cards } from '../../reports/cards/index.js';
import type { Device } from '../../reports/schema.js';
import type { TelemetrySample } from '../../reports/telemetry.js';
import { context, device, facts, sample } from './card-context.js';

const QUIET: KernelLog = { text: '[    0.000000] Linux version 6.1\n', source: 'dmesg' };

/** A qualification from `before` over `during` to `after`, a minute apart. */
function qualified(
  [before, ...rest]: readonly Parameters<typeof sample>[1][],
  log: KernelLog = QUIET,
  more: Partial<CheckContext> & { device?: Device } = {},
) {
  const samples = [before, ...rest].map((parts, i) => sample(60_000 * i, parts));
  const after = samples.at(-1) as TelemetrySample;
  const step = healthStepWith(async () => log);
  return step.run(context({ telemetry: samples.slice(0, -1), readTelemetry: async () => after, ...more }));
}

const codes = ({ reasons }: { reasons: { code: string }[] }) => reasons.map(({ code }) => code);
const quiet = {
  temperatureC: { edge: 64, hotspot: 76, memory: 88 },
  fan: { percent: 60, rpm: 1800 },
  ecc: { corrected: 0, uncorrected: 0, correctedLifetime: 3, uncorrectedLifetime: 0 },
  remappedRows: { corrected: 0, uncorrected: 0, pending: false, failed: false },
  pcie: { replays: 4, correctable: 2, uncorrectable: 0 },
};

describe('healthy cards', () => {
  const kinds: readonly (readonly [string, Parameters<typeof sample>[1]])[] = [
    ['tells everything', quiet],
    ['has neither ECC nor rows', { temperatureC: { edge: 70 }, fan: { percent: 55 }, pcie: { replays: 0 } }],
    ['is cool with its fan at rest', { temperatureC: { edge: 41, hotspot: 48 }, fan: { percent: 0, rpm: 0 } }],
  ];
  const variants = cards.flatMap((card) => kinds.map(([kind, parts]) => [card.name, kind, parts, card] as const));
  test('are enough to say something', () => expect(variants.length).toBeGreaterThanOrEqual(50));
  test.each(variants)('%s, which %s', async (name, _, parts, card) => {
    const told = facts({
      name,
      pciId: card.pciIds[0] ?? null,
      vramBytes: card.vramBytes?.value ?? null,
      eccEnabled: true,
    });
    const outcome = await qualified([parts, parts, parts, parts, parts], QUIET, {
      device: device({ name }),
      facts: told,
    });
    expect(outcome).toMatchObject({ status: 'pass', reasons: [] });
  });

  test('a fan that its driver counts in two ways is turning when one says so', async () => {
    const parts = { temperatureC: { edge: 80 }, fan: { percent: 0, rpm: 900 } };
    expect(codes(await qualified([parts, parts, parts, parts, parts]))).toEqual([]);
  });

  test('what was wrong before and is told by counters that stand still is no finding', async () => {
    const parts = { pcie: { replays: 900, correctable: 5000, uncorrectable: 3 }, ecc: { corrected: 700 } };
    expect(codes(await qualified([parts, parts]))).toEqual([]);
  });
});

describe('cards with something wrong', () => {
  const ecc = (uncorrected: number, uncorrectedLifetime = uncorrected, corrected = 0) => ({
    ecc: { corrected, uncorrected, correctedLifetime: corrected, uncorrectedLifetime },
  });
  const rows = (more: object) => ({ remappedRows: { ...quiet.remappedRows, ...more } });
  const hot = (edge: number, hotspot = edge + 10, memory = edge) => ({ temperatureC: { edge, hotspot, memory } });
  const still = { temperatureC: { edge: 84 }, fan: { percent: 45, rpm: 0 } };
  test.each([
    ['an uncorrected error', [ecc(0), ecc(1)], 'fail', 'health-ecc-uncorrected'],
    ['one from before, since the driver was loaded', [ecc(1), ecc(1)], 'fail', 'health-ecc-uncorrected'],
    ['one in its life', [ecc(0, 2), ecc(0, 2)], 'warn', 'health-ecc-uncorrected'],
    ['many corrected ones', [ecc(0, 0, 5), ecc(0, 0, 16)], 'warn', 'health-ecc-corrected'],
    ['no rows left', [rows({ failed: true }), rows({ failed: true })], 'fail', 'health-remap-failed'],
    ['a row that waits', [rows({}), rows({ pending: true })], 'warn', 'health-remap-pending'],
    ['a row replaced now', [rows({}), rows({ uncorrected: 1 })], 'fail', 'health-rows-remapped'],
    ['rows replaced once', [rows({ uncorrected: 2 }), rows({ uncorrected: 2 })], 'warn', 'health-rows-remapped'],
    [
      'an error of the bus',
      [{ pcie: { uncorrectable: 3 } }, { pcie: { uncorrectable: 4 } }],
      'fail',
      'health-pcie-uncorrectable',
    ],
    ['a noisy bus', [{ pcie: { correctable: 0 } }, { pcie: { correctable: 101 } }], 'warn', 'health-pcie-correctable'],
    [
      'a driver loaded anew',
      [{ pcie: { replays: 9 } }, { pcie: { replays: 0 } }],
      'inconclusive',
      'health-counters-restarted',
    ],
    ['too much heat', [hot(60), hot(93), hot(60)], 'warn', 'health-hot'],
    ['hot memory', [hot(60), hot(70, 80, 108), hot(60)], 'warn', 'health-hot'],
    ['dry paste', [hot(60), hot(70, 106), hot(60)], 'warn', 'health-hotspot'],
    ['a fan that stands', [still, still, still], 'warn', 'health-fan-still'],
  ] as const)('%s', async (_, samples, status, code) => {
    const outcome = await qualified(samples);
    expect([outcome.status, codes(outcome)]).toEqual([status, [code]]);
  });

  test('ECC that was turned off where the model has it on', async () => {
    const told = (name: string, pciId: string, gib: number) => ({
      ...{ device: device({ name }), facts: facts({ name, pciId, vramBytes: gib * 2 ** 30, eccEnabled: false }) },
    });
    expect(codes(await qualified([quiet, quiet], QUIET, told('NVIDIA A40', '10de:2235', 48)))).toEqual([
      'health-ecc-off',
    ]);
    expect(codes(await qualified([quiet, quiet], QUIET, told('NVIDIA GeForce RTX 4090', '10de:2684', 24)))).toEqual([]);
  });

  test('telemetry that is lost leaves what was known, and no verdict', async () => {
    const step = healthStepWith(async () => QUIET);
    const telemetry = [sample(0, quiet), sample(1000, rows({ failed: true })), sample(2000)];
    const outcome = await step.run(context({ telemetry }));
    expect(codes(outcome)).toEqual(['health-remap-failed', 'telemetry-lost']);
    expect(outcome.status).toBe('fail');
    const sound = await step.run(context({ telemetry: [sample(0, quiet)] }));
    expect(sound).toMatchObject({ status: 'inconclusive', reasons: [{ code: 'telemetry-lost' }] });
  });

  test('a card that cannot be asked at all is skipped, and a program, too', async () => {
    const step = healthStepWith(async () => ({ error: 'dmesg: not permitted', remedy: 'sudo dmesg' }));
    expect(await step.run(context())).toMatchObject({
      status: 'skipped',
      reasons: [
        { code: 'no-telemetry' },
        { code: 'health-log-unreadable', detail: 'dmesg: not permitted; sudo dmesg' },
      ],
    });
    const software = await step.run(context({ device: device({ software: true }) }));
    expect(software).toMatchObject({ status: 'skipped', reasons: [{ code: 'rehearsal' }] });
  });
});

describe('the driver’s reports', () => {
  const uptimeS = Number(process.hrtime.bigint()) / 1e9;
  const stamp = (ageS: number) => `[${(uptimeS - ageS).toFixed(6)}]`;
  const log = (...lines: string[]): KernelLog => ({ text: `${lines.join('\n')}\n`, source: 'dmesg' });
  const at = (ageS: number, xid: number, address = '0000:01:00') =>
    `${stamp(ageS)} NVRM: Xid (PCI:${address}): ${xid}, pid=1234, name=node, something happened`;
  // Between the readings lies a minute.
  test.each([
    ['a fallen card', [at(10, 79)], 'fail', ['health-driver-error']],
    ['a fault from before', [at(4000, 48)], 'warn', ['health-driver-error-earlier']],
    ['a program’s mistake now', [at(10, 31)], 'warn', ['health-driver-error']],
    ['a program’s mistake from before', [at(4000, 13)], 'pass', []],
    ['another card’s fault', [at(10, 79, '0000:02:00')], 'pass', []],
    [
      'a line without a stamp',
      [at(10, 79).replace(/^\S+ /, 'Jan 1 00:00:00 rig kernel: ')],
      'warn',
      ['health-driver-error-earlier'],
    ],
  ] as const)('%s', async (_, lines, status, want) => {
    const outcome = await qualified([quiet, quiet], log(...lines));
    expect([outcome.status, codes(outcome)]).toEqual([status, want]);
  });

  test('many of one kind are told once', async () => {
    const outcome = await qualified([quiet, quiet], log(at(10, 94), at(9, 94), at(8, 94)));
    expect(outcome.reasons).toEqual([
      { code: 'health-driver-error', detail: 'Xid 94, contained memory error (3 times)' },
    ]);
  });

  test('are read as drivers write them', () => {
    const [older, newer, wide, amd, ...none] = driverReports(
      [
        '[ 1234.567890] NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.',
        '[ 1234.567890] NVRM: Xid (PCI:0000:0F:00): 119, pid=1977, name=nvidia-smi, Timeout waiting for RPC from GSP!',
        'Okt 06 17:59:27 balrog kernel: NVRM: Xid (PCI:00000000:3b:00): 48, pid=1122, DBE',
        '[  99.100000] amdgpu 0000:09:00.0: amdgpu: GPU reset begin!',
        '[  99.100000] amdgpu 0000:09:00.0: amdgpu: Fetched VBIOS from VFCT',
        '[  99.100000] NVRM: GPU at PCI:0000:01:00: GPU-e11dfcca',
        'nothing',
      ].join('\n'),
    );
    expect(older).toMatchObject({ atS: 1234.56789, busAddress: '0000:01:00', xid: 79 });
    expect(newer).toMatchObject({ busAddress: '0000:0f:00', xid: 119 });
    expect(wide).toMatchObject({ atS: null, busAddress: '0000:3b:00', xid: 48 });
    expect(amd).toMatchObject({ driver: 'amdgpu', busAddress: '0000:09:00.0', xid: null });
    expect(none).toEqual([]);
    expect(wordsOf(older as never)).toBe('Xid 79, the card fell off the bus');
    expect(isOf(older as never, '0000:01:00.0')).toBe(true);
    expect(isOf(older as never, '0001:01:00.0')).toBe(false);
    expect(isOf(amd as never, '0000:09:00.1')).toBe(false);
  });

  test('a log that may not be read is said, and the rest goes on', async () => {
    const outcome = await qualified([quiet, quiet], { error: 'dmesg: not permitted', remedy: 'sudo sysctl x' });
    expect(outcome).toMatchObject({ status: 'pass', reasons: [{ code: 'health-log-unreadable' }] });
  });
});

describe('readKernelLog', () => {
  test('asks dmesg, then the journal, and says what both answered', async () => {
    const asked: string[] = [];
    const answers: Record<string, { stdout: string; error: string | null }> = {
      dmesg: { stdout: '', error: 'dmesg: read kernel buffer failed: Operation not permitted' },
      journalctl: { stdout: '[    1.0] a line', error: null },
    };
    const command = async (file: string) => {
      asked.push(file);
      return answers[file] as { stdout: string; error: string | null };
    };
    expect(await readKernelLog(command)).toEqual({ text: '[    1.0] a line', source: 'journalctl' });
    answers.journalctl = { stdout: '', error: null };
    expect(await readKernelLog(command)).toMatchObject({
      error: 'dmesg: dmesg: read kernel buffer failed: Operation not permitted; journalctl tells nothing',
    });
    answers.dmesg = { stdout: '[    0.0] Linux', error: null };
    asked.length = 0;
    expect(await readKernelLog(command)).toMatchObject({ source: 'dmesg' });
    expect(asked).toEqual(['dmesg']);
  });

  test('a command that is not there is an answer, too', async () => {
    const log = await readKernelLog();
    expect('text' in log || log.error.length > 0).toBe(true);
  });
});
