import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildResult } from '../../reports/build-result.js';
import { JournalError, openJournal, parseJournal, readJournal } from '../../reports/journal.js';
import type { JournalRecord } from '../../reports/journal-records.js';
import { validateResult } from '../../reports/validate.js';
import { journalOf, sampleResult } from './sample.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-journal-'));
  path = join(folder, 'run.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = (records: readonly JournalRecord[]) => records.map((r) => `${JSON.stringify(r)}\n`).join('');
const event = (code: string): JournalRecord => ({ type: 'event', tMs: 1, code, detail: 'ü€' });

describe('openJournal', () => {
  test('has each line on the disk before it returns', () => {
    const journal = openJournal(path);
    journal.append(event('one'));
    expect(readFileSync(path, 'utf8')).toBe(text([event('one')]));
    journal.append(event('two'));
    expect(readJournal(path)).toEqual({ records: [event('one'), event('two')], truncated: false });
    journal.close();
  });

  test('goes on in an existing file, after the last whole line', () => {
    writeFileSync(path, `${text([event('one')])}{"type":"event","tMs":2,"co`);
    expect(readJournal(path).truncated).toBe(true);
    const journal = openJournal(path);
    journal.append(event('two'));
    journal.close();
    expect(readJournal(path)).toEqual({ records: [event('one'), event('two')], truncated: false });
  });

  test('cuts off an unfinished line longer than a block', () => {
    writeFileSync(path, `${text([event('one')])}${'x'.repeat(200_000)}`);
    openJournal(path).close();
    expect(readFileSync(path, 'utf8')).toBe(text([event('one')]));
  });

  test('refuses a record that could not be read back, and leaves the file as it was', () => {
    const journal = openJournal(path);
    journal.append(event('one'));
    const bad = { type: 'event', tMs: Number.NaN, code: 'x', detail: '' } as JournalRecord;
    expect(() => journal.append(bad)).toThrow(/malformed record: tMs: expected a finite number, got NaN/);
    expect(() => journal.append({ type: 'nonsense' } as never)).toThrow(JournalError);
    journal.close();
    expect(readJournal(path).records).toEqual([event('one')]);
  });

  test('names the file and what is wrong when it cannot be opened', () => {
    expect(() => openJournal(folder)).toThrow(
      `journal ${folder} cannot be opened: it is a folder, not a file (EISDIR)`,
    );
    expect(() => openJournal(join(folder, 'no', 'x.jsonl'))).toThrow(/no such file or folder \(ENOENT\)/);
    expect(() => readJournal(join(folder, 'none.jsonl'))).toThrow(/none\.jsonl cannot be read: no such file/);
  });

  test.runIf(process.platform === 'linux')('names a full disk', () => {
    expect(() => openJournal('/dev/full').append(event('one'))).toThrow(
      'journal /dev/full cannot be written: no space left on the device (ENOSPC)',
    );
  });
});

describe('readJournal', () => {
  test('reads everything before the cut, wherever the file is cut', () => {
    const records = [event('one'), ...journalOf(sampleResult()).slice(0, 2), event('two')];
    const whole = Buffer.from(text(records));
    const ends = records.map((_, i) => Buffer.from(text(records.slice(0, i + 1))).length);
    for (let offset = 0; offset <= whole.length; offset++) {
      const { records: read, truncated } = parseJournal(whole.subarray(0, offset).toString('utf8'), 'cut');
      const finished = ends.filter((end) => end <= offset).length;
      expect(read).toHaveLength(finished);
      expect(truncated).toBe(offset !== 0 && !ends.includes(offset));
    }
  });

  test('names the line of damage in the middle', () => {
    writeFileSync(path, text([event('one')]));
    appendFileSync(path, '{"type":"ev\n');
    appendFileSync(path, text([event('two')]));
    expect(() => readJournal(path)).toThrow(`${path}: line 2 is not JSON`);
  });

  test('names the field of a line that is no record', () => {
    expect(() => parseJournal('{"type":"end","exitCode":0}\n', 'j')).toThrow(
      'j: line 1 is not a journal record: finishedAt: expected string, got nothing',
    );
    expect(() => parseJournal('{"type":"finish"}\n', 'j')).toThrow(
      /line 1 .* type: expected a known type, got "finish"/,
    );
    expect(() => parseJournal('\n', 'j')).toThrow('line 1 is not JSON');
  });

  test('an empty file has no records', () => {
    expect(parseJournal('', 'j')).toEqual({ records: [], truncated: false });
  });
});

describe('buildResult', () => {
  const whole = journalOf(sampleResult());

  test('gives back the result whose journal it is', () => {
    expect(buildResult(whole)).toEqual(sampleResult());
    expect(validateResult(buildResult(whole), 'written').ok).toBe(true);
  });

  test('is a valid result after any number of records once a device is open', () => {
    for (let n = 2; n <= whole.length; n++) {
      const checked = validateResult(buildResult(whole.slice(0, n)), 'written');
      expect(checked).toMatchObject({ ok: true });
    }
  });

  test('a measurement without a last word failed, keeps its rounds and has no rate', () => {
    const cut = whole.slice(0, whole.findIndex((r) => r.type === 'round') + 2);
    const { measurements, finishedAt } = buildResult(cut);
    expect(finishedAt).toBeNull();
    expect(measurements[0]).toMatchObject({
      ...{ status: 'failed', rate: null, summary: null },
      reasons: [{ code: 'interrupted', detail: 'after 2 rounds' }],
    });
    expect(measurements[0]?.rounds).toEqual(sampleResult().measurements[0]?.rounds.slice(0, 2));
  });

  test.each(['worker-died', 'worker-hung', 'device-lost', 'interrupted'])('the event %s says why', (code) => {
    const cut = whole.slice(0, whole.findIndex((r) => r.type === 'round') + 1);
    const later: JournalRecord = { type: 'event', tMs: 2, code: 'resumed', detail: '' };
    const { measurements, events } = buildResult([...cut, { type: 'event', tMs: 1, code, detail: 'exit 139' }, later]);
    expect(measurements[0]?.reasons).toEqual([{ code, detail: 'exit 139' }]);
    expect(events.map((e) => e.code)).toEqual([code, 'resumed']);
  });

  test('an event before a measurement began does not explain it', () => {
    const at = whole.findIndex((r) => r.type === 'prepared');
    const records = [...whole.slice(0, at), event('worker-died'), ...whole.slice(at, at + 2)];
    expect(buildResult(records).measurements[0]?.reasons[0]?.code).toBe('interrupted');
  });

  test('a round measured again after a resume replaces the one before', () => {
    const [first] = whole.filter((r) => r.type === 'round');
    if (first?.type !== 'round') throw new Error('the sample has no round');
    const again = { ...first, round: { ...first.round, order: 99, samplesNs: [1, 2, 3] } };
    const rounds = buildResult([...whole.slice(0, -1), again]).measurements[0]?.rounds;
    expect(rounds).toHaveLength(5);
    expect(rounds?.at(-1)).toEqual(again.round);
  });

  test.each([
    [0, '2026-11-23T11:00:00.000Z'],
    [1, '2026-11-23T11:00:00.000Z'],
    [4, '2026-11-23T11:00:00.000Z'],
    [5, null],
    [130, null],
  ])('exit code %d leaves finishedAt %s', (exitCode, expected) => {
    const end: JournalRecord = { type: 'end', finishedAt: '2026-11-23T11:00:00.000Z', exitCode };
    expect(buildResult([...whole.slice(0, -1), end]).finishedAt).toBe(expected);
  });

  test('a run taken up again is unfinished until it ends again', () => {
    expect(buildResult([...whole, event('resumed')]).finishedAt).toBeNull();
  });

  test('refuses what cannot be a run', () => {
    const [start, device] = whole as [JournalRecord, JournalRecord];
    if (start.type !== 'start' || device.type !== 'device') throw new Error('the sample journal begins otherwise');
    const orphan = whole.find((r) => r.type === 'round') as JournalRecord;
    const other: JournalRecord = { ...device, device: { ...device.device, name: 'another' } };
    expect(() => buildResult([])).toThrow(/no start record/);
    expect(() => buildResult([start])).toThrow(/before a device was opened/);
    expect(() => buildResult([start, device, orphan])).toThrow(/never prepared/);
    expect(() => buildResult([start, device, other])).toThrow(/resumed on another device: another after llvmpipe/);
    expect(() => buildResult([start, device, { ...start, id: 'x' }])).toThrow(/two runs in one journal/);
  });
});
