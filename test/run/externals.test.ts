import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseSource } from '../../bench/baselines/external/index.js';
import { againstBaselines } from '../../bench/run/conclude.js';
import { executeRun, type RunObserver } from '../../bench/run/run.js';
import type { RunSettings } from '../../bench/run/settings.js';
import { readJournal } from '../../reports/journal.js';
import type { Measurement } from '../../reports/schema.js';
import { openStore, readResult } from '../../reports/store.js';
import { cardOrSkip, testDevice } from '../harness/adapter.js';
import { sampleResult } from '../reports/sample.js';

const WORKLOAD = 'sha256d-scan/n4099';
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/external/${name}`, import.meta.url));
let folder: string;
let settings: RunSettings;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-externals-'));
  settings = {
    ...{ suite: 'custom', workloads: [WORKLOAD], rounds: 5, seed: 9, mode: 'safe', device: testDevice ?? null },
    ...{ software: null, variants: ['naive'], baselines: [] },
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Says what it was asked, counts its calls in a file, and prints a rate far above anything here. */
function command(): { source: string; calls: () => string[] } {
  const [script, log] = [join(folder, 'mine.mjs'), join(folder, 'calls.txt')];
  writeFileSync(log, '');
  const asked = ['ASSAY_WORKLOADS', 'ASSAY_SEED', 'ASSAY_ROUNDS']
    .map((name) => `process.env.${name}`)
    .join(' + " " + ');
  writeFileSync(
    script,
    `import { appendFileSync } from 'node:fs';
    appendFileSync(${JSON.stringify(log)}, ${asked} + '\\n');
    for (let round = 0; round < Number(process.env.ASSAY_ROUNDS); round++)
      console.log(JSON.stringify({ workload: process.env.ASSAY_WORKLOADS, round, rate: 1e15 + round, unit: 'hash/s' }));`,
  );
  const calls = () => readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return { source: `mine="${process.execPath}" "${script}"`, calls };
}
const byName = (measurements: readonly Measurement[], implementation: string) =>
  measurements.filter((m) => m.implementation === implementation);

test('stand beside ours, unverified, compared with nothing; a failure is one; a finished run asks nobody again', async (context) => {
  await (await cardOrSkip(context)).close();
  const { source, calls } = command();
  const externals = [
    parseSource('command', source),
    parseSource('command', 'broken=echo no device >&2; exit 3'),
    parseSource('command', 'silent=exit 0'),
    parseSource('file', `hashcat=${fixture('hashcat-odd.txt')}`),
    parseSource('file', `llama-bench=${fixture('llama-bench.jsonl')}`),
  ];
  const store = openStore(folder);
  const outcome = await executeRun({ ...settings, externals }, store);
  expect(outcome.exitCode).toBe(0);
  expect(readResult(outcome.files.json)).toEqual(outcome.result);
  expect(calls()).toEqual([`${WORKLOAD} 9 5`]);

  const { measurements, events } = outcome.result;
  const [mine] = byName(measurements, 'external/mine');
  expect(mine).toMatchObject({ workload: WORKLOAD, status: 'unreliable', ceiling: null, versusBaseline: null });
  expect(mine?.reasons.map((r) => r.code)).toEqual(['not-verified']);
  expect(mine?.correctness.status).toBe('not-checked');
  expect(mine?.rounds.map((r) => r.index)).toEqual([0, 1, 2, 3, 4]);
  expect(mine?.rate?.value).toBeCloseTo(1e15, -2);
  expect(byName(measurements, 'assay/naive')[0]?.versusBaseline).toBeNull();

  const [broken, silent] = ['external/broken', 'external/silent'].map((name) => byName(measurements, name)[0]);
  expect(broken).toMatchObject({ workload: WORKLOAD, status: 'failed', rate: null });
  expect(broken?.reasons).toEqual([
    { code: 'external-failed', detail: 'echo no device >&2; exit 3: exited with status 3: no device' },
  ]);
  expect(silent?.reasons[0]?.detail).toBe('exit 0: there is no sample in it');

  // A single round is too few; so are two.
  const devices = measurements.filter((m) => m.implementation.startsWith('hashcat/'));
  expect(devices.map((m) => m.reasons.map((r) => r.code))).toEqual([
    ['not-verified', 'too-few-rounds'],
    ['not-verified', 'too-few-rounds'],
  ]);
  expect(byName(measurements, 'llama-bench/cuda').map((m) => m.rate?.unit)).toEqual(['token/s', 'token/s']);
  expect(events.filter((e) => e.code === 'external').map((e) => e.detail)).toEqual([
    expect.stringMatching(/^mine: 1 measurement by /),
    expect.stringMatching(/^broken: failed: /),
    expect.stringMatching(/^silent: failed: /),
    expect.stringMatching(/^hashcat: 2 measurements from .*; left out: device 3 .*hash modes 0, 1700/),
    expect.stringMatching(/^llama-bench: 2 measurements from /),
  ]);
  const page = readFileSync(outcome.files.html, 'utf8');
  for (const word of ['external/mine', 'not verified', 'ktok/s', 'qwen2-7b-q4_k-medium']) expect(page).toContain(word);

  // As if the process had been killed before its last line.
  const { records } = readJournal(outcome.files.journal);
  const [start] = records;
  if (start?.type !== 'start') throw new Error('no start record');
  const cut = records.slice(0, -1);
  writeFileSync(outcome.files.journal, '');
  for (const record of cut) appendFileSync(outcome.files.journal, `${JSON.stringify(record)}\n`);
  const again = { ...settings, externals };
  const resumed = await executeRun(again, store, {}, { start, records: cut, truncated: false });
  expect(calls()).toHaveLength(1);
  expect(resumed.result.measurements).toEqual(measurements);
});

test('a run that was interrupted while a command ran asks it again, and no other', async (context) => {
  await (await cardOrSkip(context)).close();
  const { source, calls } = command();
  const externals = [parseSource('command', source), parseSource('command', 'endless=sleep 1000000')];
  const store = openStore(folder);
  const observer: RunObserver = {
    step: (_done, _total, what) => {
      if (what.startsWith('endless: running')) setImmediate(() => process.emit('SIGINT'));
    },
  };
  const stopped = await executeRun({ ...settings, externals }, store, observer);
  expect(stopped.exitCode).toBe(130);
  expect(stopped.result.finishedAt).toBeNull();
  expect(stopped.result.events.at(-1)?.detail).toMatch(/^external endless: /);
  expect(byName(stopped.result.measurements, 'external/mine')).toHaveLength(1);
  expect(byName(stopped.result.measurements, 'external/endless')).toEqual([]);

  const { records } = readJournal(stopped.files.journal);
  const start = records.find((r) => r.type === 'start');
  if (start?.type !== 'start') throw new Error('no start record');
  expect(start.options.externals).toEqual(externals);
  const mended = [externals[0] as (typeof externals)[0], parseSource('command', 'endless=exit 1')];
  const resumed = await executeRun({ ...settings, externals: mended }, store, {}, { start, records, truncated: false });
  expect(resumed.exitCode).toBe(0);
  expect(calls()).toHaveLength(1);
  expect(byName(resumed.result.measurements, 'external/endless')[0]?.status).toBe('failed');
});

test.each([
  [
    'a file that is not there',
    'hashcat=/nonexistent/h.txt',
    '/nonexistent/h.txt cannot be read: no such file or folder',
  ],
  ['a folder', `hashcat=${tmpdir()}`, 'cannot be read: it is a folder'],
  [
    "another program's output",
    `hashcat=${fixture('llama-bench.jsonl')}`,
    'llama-bench.jsonl (hashcat): expected lines',
  ],
  ['no samples', `mine=${fixture('hashcat-odd.txt')}`, 'hashcat-odd.txt (samples): line 1 is not a JSON object'],
])('%s is refused before anything is measured', async (_, spec, message) => {
  const externals = [parseSource('file', spec)];
  await expect(executeRun({ ...settings, externals }, openStore(folder))).rejects.toThrow(message);
});

test('the best baseline is the best verified one', () => {
  const scans = sampleResult().measurements.filter((m) => m.workload.startsWith('sha256d-scan'));
  const peer = scans.find((m) => m.implementation === 'node-crypto/cpu') as Measurement;
  const faster = { ...structuredClone(peer), implementation: 'external/mine', status: 'unreliable' as const };
  faster.reasons = [{ code: 'not-verified', detail: '' }];
  faster.rate = { value: 1e15, unit: 'hash/s', low: 1e15, high: 1e15 };
  const judged = againstBaselines([...scans, faster]);
  expect(judged.find((m) => m.implementation === 'assay/unrolled')?.versusBaseline?.peer).toBe('node-crypto/cpu');
  const alone = scans.filter((m) => m !== peer).map((m) => ({ ...m, versusBaseline: null }));
  expect(againstBaselines([...alone, faster]).every((m) => m.versusBaseline === null)).toBe(true);
});
