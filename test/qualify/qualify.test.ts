import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { memoryStep } from '../../bench/qualify/checks/memory.js';
import { telemetryStep } from '../../bench/qualify/checks/telemetry.js';
import { cardKey, lockCard } from '../../bench/qualify/lock.js';
import { executeQualify, type QualifyOptions } from '../../bench/qualify/qualify.js';
import { executeRig, exitCodeOf } from '../../bench/qualify/rig.js';
import type { QualifySettings } from '../../bench/qualify/settings.js';
import { EnvironmentError } from '../../harness/card.js';
import { listAdapters } from '../../harness/environment/probe.js';
import { renderPage } from '../../reports/html/page.js';
import { openJournal, readJournal } from '../../reports/journal.js';
import { cardOrSkip } from '../harness/adapter.js';
import { hashing, places, settingsOf } from './settings.js';

const steps = [hashing('identity'), memoryStep, hashing('compute'), telemetryStep];

async function qualified(changes: Partial<QualifySettings> = {}, options: QualifyOptions = {}) {
  const { store, lockFolder } = places();
  const outcome = await executeQualify(settingsOf(changes), store, {}, null, { steps, lockFolder, ...options });
  const statuses = outcome.result.checks.map(({ id, status, reasons }) => [
    id,
    status,
    ...reasons.map(({ code }) => code),
  ]);
  return { ...outcome, statuses, verdict: outcome.result.verdict };
}

describe('on a software adapter', () => {
  test('a sound qualification passes, and is a rehearsal', async (context) => {
    await (await cardOrSkip(context)).close();
    const { statuses, verdict, exitCode, result, files } = await qualified({ challenge: 'b2f1' });
    expect(statuses).toEqual([
      ['identity', 'pass'],
      ['memory', 'pass', 'rehearsal'],
      ['compute', 'pass'],
      ['telemetry', 'skipped', 'no-telemetry'],
    ]);
    expect(verdict).toMatchObject({
      overall: 'PASS',
      rehearsal: true,
      fault: null,
      challenge: 'b2f1',
      level: 'quick',
      policy: { name: 'small' },
    });
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      suite: 'qualification',
      finishedAt: expect.any(String),
      journal: { lines: expect.any(Number) },
    });
    const page = readFileSync(files.html, 'utf8');
    expect(page).toContain('<strong>REHEARSAL.</strong>');
    expect(page).toContain('No block of memory had a wrong word.');
  });

  test.each([
    ['stuck-bit', 'memory-stuck'],
    ['faked-size', 'memory-size'],
  ] as const)('%s is found', async (fault, code) => {
    const { statuses, verdict, exitCode, result } = await qualified({ fault, checks: ['memory'] });
    expect(statuses[0]?.slice(0, 3)).toEqual(['memory', 'fail', code]);
    expect([verdict?.overall, verdict?.fault, exitCode]).toEqual(['FAIL', fault, 1]);
    expect(renderPage(result)).toMatch(/ blocks had wrong words/);
  });

  test.each([
    ['worker-killed', 'worker-died'],
    ['device-lost', 'device-lost'],
    ['hung-dispatch', 'worker-hung'],
  ] as const)('%s fails the check at work, and the others go on', async (fault, code) => {
    const { statuses, verdict, result } = await qualified({ fault, seed: 4 });
    const failed = statuses.filter(([, status]) => status === 'fail');
    expect(failed).toEqual([[expect.any(String), 'fail', code]]);
    expect(statuses.map(([id]) => id)).toEqual(['identity', 'memory', 'compute', 'telemetry']);
    expect(verdict?.overall).toBe('FAIL');
    expect(result.events.map(({ code }) => code)).toContain('fault-struck');
  });

  test.each([
    ['telemetry-vanishes', ['telemetry', 'inconclusive', 'telemetry-lost'], 'INCONCLUSIVE'],
    ['telemetry-constant', ['telemetry', 'fail', 'telemetry-constant'], 'FAIL'],
  ] as const)('%s is found', async (fault, found, overall) => {
    const { statuses, verdict, result } = await qualified({ fault });
    expect(statuses.at(-1)).toEqual(found);
    expect(verdict?.overall).toBe(overall);
    expect(result.telemetry.length).toBeGreaterThan(5);
    expect(result.telemetry[0]).toMatchObject({ source: 'rehearsal', powerWatts: expect.any(Number) });
    expect(result.device.identity).toBeNull();
  });
});

describe('a card that is gone', () => {
  test('fails all that is left, after two attempts to open it', async () => {
    const { store, lockFolder } = places();
    // The environment of workers that are started later has no driver any more.
    const gone = { VK_DRIVER_FILES: '/none', VK_ICD_FILENAMES: '/none' };
    const before = { ...process.env };
    const vanishing = [
      {
        ...hashing('identity'),
        async run(context: Parameters<(typeof memoryStep)['run']>[0]) {
          Object.assign(process.env, gone);
          return hashing('identity').run(context);
        },
      },
      hashing('compute'),
      hashing('load'),
      telemetryStep,
    ];
    try {
      const { adapters } = await listAdapters();
      const device = adapters.find(({ candidate, software }) => candidate === 'system' && software)?.name;
      if (!device) return;
      const { result } = await executeQualify(settingsOf({ device }), store, {}, null, {
        steps: vanishing,
        lockFolder,
      });
      expect(result.checks.map(({ id, status, reasons }) => [id, status, reasons[0]?.code])).toEqual([
        ['identity', 'pass', undefined],
        ['compute', 'fail', 'device-lost'],
        ['load', 'fail', 'device-lost'],
        ['telemetry', 'skipped', 'no-telemetry'],
      ]);
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });
});

describe('the journal', () => {
  test('that takes no more lines stops everything, and is said; it can be resumed', async () => {
    const { store, lockFolder } = places();
    let path = '';
    const full = (of: string) => {
      path = of;
      const journal = openJournal(of);
      return {
        ...journal,
        append: (record: Parameters<typeof journal.append>[0]) => {
          if (record.type === 'check' && record.check.id === 'compute')
            throw Object.assign(new Error(`journal ${of} cannot be written: no space left on the device (ENOSPC)`), {
              name: 'JournalError',
            });
          journal.append(record);
        },
      };
    };
    const settings = settingsOf();
    await expect(executeQualify(settings, store, {}, null, { steps, lockFolder, openJournal: full })).rejects.toThrow(
      /no space left/,
    );
    const { records, truncated } = readJournal(path);
    const start = records.find((r) => r.type === 'start');
    if (start?.type !== 'start') throw new Error('no start');
    const { result } = await executeQualify(settings, store, {}, { start, records, truncated }, { steps, lockFolder });
    expect(result.checks.map(({ id }) => id)).toEqual(['identity', 'memory', 'compute', 'telemetry']);
    expect(result.verdict?.overall).toBe('PASS');
  });

  test('of an interrupted one keeps what was finished, and is no PASS', async () => {
    const { store, lockFolder } = places();
    const stop = new AbortController();
    const begun = { begun: (check: string) => void (check === 'memory' && setTimeout(() => stop.abort(), 300)) };
    const { exitCode, result } = await executeQualify(settingsOf(), store, begun, null, {
      steps,
      lockFolder,
      signal: stop.signal,
    });
    expect(exitCode).toBe(130);
    expect(result).toMatchObject({ finishedAt: null, verdict: { overall: 'INCONCLUSIVE' } });
    expect(result.checks.map(({ id }) => id)).toEqual(['identity']);
  });
});

describe('a lock', () => {
  test('keeps two from one card, and is given back', async (context) => {
    const card = await cardOrSkip(context);
    await card.close();
    const { lockFolder, store } = places();
    const release = lockCard(card.device, lockFolder);
    const run = () =>
      executeQualify(settingsOf({ device: card.device.name }), store, {}, null, {
        steps: [hashing('identity')],
        lockFolder,
      });
    await expect(run()).rejects.toThrow(new RegExp(`being qualified already \\(process ${process.pid}\\)`));
    release();
    await run();
    // And it was given back.
    lockCard(card.device, lockFolder)();
  });
  test('is the card’s: its identifier before its slot, its slot before its name', () => {
    const device = (identity: object | null, name = 'A') =>
      ({ name, backend: 'vulkan', software: false, identity }) as never;
    const keys = [
      device({ uuidHash: 'u1', busAddress: 'b1' }),
      device({ uuidHash: 'u1', busAddress: 'b2' }, 'B'),
      device({ uuidHash: null, busAddress: 'b1' }),
      device({ uuidHash: null, busAddress: 'b1' }, 'B'),
      device(null),
      device(null, 'B'),
    ].map(cardKey);
    expect(new Set(keys).size).toBe(4);
    expect([keys[0], keys[2]]).toEqual([keys[1], keys[3]]);
  });
});

describe('a rig', () => {
  test('of two: one card that is lost leaves the other alone', async (context) => {
    const { adapters } = await listAdapters();
    const names = adapters.filter(({ software }) => software).map(({ name }) => name);
    if (names.length < 2) return context.skip(`only ${names.length} software adapters`);
    const { store, lockFolder } = places();
    const cards = names.slice(0, 2).map((device, i) => ({
      settings: settingsOf({ device, fault: i === 0 ? 'worker-killed' : null }),
      observer: {},
    }));
    const { cards: outcomes, exitCode } = await executeRig(cards, store, { steps, lockFolder });
    const results = outcomes.map((one) => (one instanceof Error ? one : one.result));
    expect(results.map((one) => (one instanceof Error ? one.message : one.verdict?.overall))).toEqual(['FAIL', 'PASS']);
    expect(results.map((one) => (one instanceof Error ? '' : one.device.name))).toEqual(names.slice(0, 2));
    expect(exitCode).toBe(1);
  }, 300_000);

  const died = Object.assign(new EnvironmentError('x'), { how: 'worker-died' as const });
  test.each([
    [[0, 0], 0],
    [[0, 4], 4],
    [[4, 1, 0], 1],
    [[1, 130], 130],
    [[0, died], 1],
    [[died, died], 5],
    [[0, new EnvironmentError('none')], 3],
    [[0, new TypeError('ours')], 70],
  ] as const)('%j exits with %d', (codes, code) =>
    expect(exitCodeOf(codes.map((one) => (typeof one === 'number' ? { exitCode: one } : one)))).toBe(code),
  );
});
