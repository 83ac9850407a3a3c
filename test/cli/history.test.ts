import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtFile } from '../../harness/root.js';
import { history as historySchema } from '../../reports/history-schema.js';
import { dailyResults, type HistoryPlan } from '../reports/history-sample.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assay(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('bench/cli.js'), ...args], {
    ...{ cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  });
  return { status, stdout, stderr };
}

function folderOf(name: string, plan: HistoryPlan): string {
  mkdirSync(join(folder, name), { recursive: true });
  for (const { result } of dailyResults(plan))
    writeFileSync(join(folder, name, `${result.id}.json`), JSON.stringify(result));
  return name;
}

beforeAll(() => {
  folderOf('steady', { runs: 10 });
  folderOf('slower', { runs: 16, factor: (run) => (run >= 11 ? 0.9 : 1) });
  folderOf('mixed', { runs: 4 });
  for (const [name, text] of [
    ['copy.json', readFileSync(join(folder, 'mixed', `${dailyResults({ runs: 1 })[0]?.result.id}.json`), 'utf8')],
    ['check.json', '{"schema":"assay.check/1"}'],
    ['cut.json', '{"schema":"assay.result/1","id":"x'],
    ['later.json', '{"schema":"assay.result/2"}'],
    ['list.json', '[]'],
    ['empty.json', ''],
    ['notes.txt', 'no result'],
    ['journal.jsonl', '{"type":"start"}'],
  ] as const)
    writeFileSync(join(folder, 'mixed', name), text);
  mkdirSync(join(folder, 'mixed', 'within.json'));
  mkdirSync(join(folder, 'nothing'));
});

describe('assay history', () => {
  test('shows a change, writes a page and JSON, and ends with 0', () => {
    const { status, stdout, stderr } = assay('history', 'slower', '-o', 'out.html', '--json', 'out.json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/1 change of level: 1 slower,\s0 faster/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(readFileSync(join(folder, 'out.html'), 'utf8')).toContain('▼ 1');
    const written = historySchema.parse(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')));
    expect(written.series[0]?.changes).toHaveLength(1);
  });

  test('--json - and --page - leave standard output to themselves', () => {
    const json = assay('history', 'slower', '--json', '-');
    expect(historySchema.parse(JSON.parse(json.stdout)).series).toHaveLength(1);
    expect(json.stderr).toContain('last change');
    expect(assay('history', 'slower', '-o', '-').stdout).toMatch(/^<!doctype html>/);
  });

  test('--fail-on-regression ends with 1 where the newest change is a recent slow-down, and names it', () => {
    const { status, stderr } = assay('history', 'slower', '--fail-on-regression', '5');
    expect(status).toBe(1);
    expect(stderr).toContain('assay/tiled became slower within its last 5 runs');
    expect(assay('history', 'slower', '--fail-on-regression').status).toBe(1);
    expect(assay('history', 'slower', '--fail-on-regression', '4').status).toBe(0);
    expect(assay('history', 'slower', '--fail-on-regression', '--min-effect', '20').status).toBe(0);
    expect(assay('history', 'steady', '--fail-on-regression').status).toBe(0);
  });

  test('what is no result is named and counted, and the rest goes on', () => {
    const { status, stdout } = assay('history', 'mixed', '--json', 'mixed.out');
    expect(status).toBe(0);
    expect(stdout).toContain('1 file of another kind (assay.check/1) left out.');
    const { files, cards } = historySchema.parse(JSON.parse(readFileSync(join(folder, 'mixed.out'), 'utf8')));
    expect(cards[0]?.runs).toHaveLength(4);
    expect(files.read).toBe(5);
    expect(files.repeated).toMatchObject([{ file: 'mixed/copy.json', first: 'mixed/20261001T120000Z-ci-0000.json' }]);
    expect(files.refused).toEqual([
      { file: 'mixed/cut.json', why: expect.stringContaining('is cut off after 34 characters') },
      { file: 'mixed/empty.json', why: 'is empty; expected a result file' },
      { file: 'mixed/later.json', why: 'schema: expected "assay.result/1", got "assay.result/2"' },
      { file: 'mixed/list.json', why: 'the file: expected object, got an array of 0' },
    ]);
  });

  test('folders and files together; a folder given twice counts once', () => {
    const [file] = dailyResults({ runs: 1 });
    const { stdout } = assay('history', 'steady', 'steady', `slower/${file?.result.id}.json`, '--json', '-');
    expect(JSON.parse(stdout).files).toMatchObject({ read: 11, repeated: [{ run: file?.result.id }] });
  });

  test('its own JSON among the results is none, and may be written again', () => {
    folderOf('own', { runs: 2 });
    for (const _ of [1, 2]) expect(assay('history', 'own', '--json', 'own/history.json').status).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'own/history.json'), 'utf8')).files).toMatchObject({
      ...{ read: 2, others: { 'assay.history/1': 1 }, refused: [] },
    });
  });

  test.each([
    [['nowhere'], /nowhere: cannot be read: no such file or folder \(ENOENT\); give a folder of results/],
    [['nothing'], /no result in nothing$/m],
    [['mixed/cut.json'], /no result in mixed\/cut\.json; of 1 file the first, mixed\/cut\.json: is cut off/],
    [[], /missing required argument/],
    [['steady', '--workload', 'copy/n1'], /no result in steady has a measurement of what --workload and --family name/],
    [['steady', '--family', 'minning'], /--family/],
    [['steady', '--min-effect', '-1'], /--min-effect must be a percentage from 0 to 100/],
    [['steady', '--fail-on-regression', '0'], /--fail-on-regression must be a whole number from 1/],
    [['steady', '-o', '-', '--json', '-'], /both go to standard output/],
    [['steady', '-o', 'same', '--json', 'same'], /go to the same file/],
    [['steady', '--json', '/proc/nowhere/x.json'], /--json \/proc\/nowhere\/x\.json cannot be written/],
    [['steady', '-o', 'steady/20261001T120000Z-ci-0000.json'], /would overwrite a result that was read/],
  ])('bad input %j exits with 2 and names what is wrong', (args, message) => {
    const { status, stdout, stderr } = assay('history', ...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(existsSync(join(folder, 'steady', 'x.json'))).toBe(false);
  });

  test('its schema is printed by assay schema', () => {
    const { status, stdout } = assay('schema', 'history');
    expect([status, JSON.parse(stdout).title]).toEqual([0, 'assay.history/1']);
  });

  test('a thousand results', () => {
    mkdirSync(join(folder, 'thousand'));
    const [{ result }] = dailyResults({ runs: 1 }) as [ReturnType<typeof dailyResults>[0]];
    for (let i = 0; i < 1000; i++) {
      const startedAt = new Date(Date.UTC(2026, 0, 1) + i * 3600e3).toISOString();
      const text = JSON.stringify({ ...result, id: `r${i}`, startedAt, finishedAt: startedAt });
      writeFileSync(join(folder, 'thousand', `${i}.json`), text);
    }
    const { status, stdout } = assay('history', 'thousand', '-o', 'thousand.html');
    expect(status).toBe(0);
    expect(stdout).toContain('1 series of 1000 runs');
  });
});
