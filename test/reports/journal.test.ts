import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildResult } from '../../reports/build-result.js';
import { JournalError, openJournal, parseJournal, readJournal } from '../../reports/journal.js';
import { checkChain } from '../../reports/journal-chain.js';
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

/** As versions before the chain wrote it. */
const text = (records: readonly JournalRecord[]) => records.map((r) => `${JSON.stringify(r)}\n`).join('');
const chainedText = (records: readonly JournalRecord[]) => {
  const journal = openJournal(join(mkdtempSync(join(folder, 'chained-')), 'run.jsonl'));
  for (const record of records) journal.append(record);
  journal.close();
  return readFileSync(journal.path, 'utf8');
};
const event = (code: string): JournalRecord => ({ type: 'event', tMs: 1, code, detail: 'ü€' });

describe('openJournal', () => {
  test('has each line on the disk before it returns', () => {
    const journal = openJournal(path);
    journal.append(event('one'));
    // SHA-256 of nothing (FIPS 180-4).
    const start = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const first = `${JSON.stringify({ ...event('one'), prev: start })}\n`;
    expect(readFileSync(path, 'utf8')).toBe(first);
    journal.append(event('two'));
    const second = `${JSON.stringify({ ...event('two'), prev: createHash('sha256').update(first).digest('hex') })}\n`;
    expect(readFileSync(path, 'utf8')).toBe(first + second);
    const head = { lines: 2, sha256Head: createHash('sha256').update(second).digest('hex') };
    expect(readJournal(path)).toEqual({ records: [event('one'), event('two')], truncated: false, head });
    journal.close();
  });

  test('goes on in an existing file, after the last whole line', () => {
    writeFileSync(path, `${text([event('one')])}{"type":"event","tMs":2,"co`);
    expect(readJournal(path).truncated).toBe(true);
    const journal = openJournal(path);
    journal.append(event('two'));
    journal.close();
    expect(readJournal(path)).toEqual({ records: [event('one'), event('two')], truncated: false, head: null });
  });

  test('goes on with the chain after a line that a killed process left unfinished', () => {
    const whole = chainedText([event('one'), event('two')]);
    for (const cut of [0, 1, whole.indexOf('\n') + 1, whole.length - 70, whole.length - 1]) {
      writeFileSync(path, whole.slice(0, cut));
      const journal = openJournal(path);
      for (const code of ['three', 'four']) journal.append(event(code));
      journal.close();
      const { records, head } = readJournal(path);
      expect(records.slice(-2)).toEqual([event('three'), event('four')]);
      expect(head?.lines).toBe(records.length);
      expect(checkChain(readFileSync(path))).toEqual({ kind: 'whole', head, unfinished: false });
    }
  });

  test('begins no chain in the middle of a journal without one', () => {
    writeFileSync(path, text([event('one')]));
    const journal = openJournal(path);
    journal.append(event('two'));
    journal.close();
    expect(readFileSync(path, 'utf8')).toBe(text([event('one'), event('two')]));
    expect(checkChain(readFileSync(path))).toEqual({ kind: 'none' });
  });

  test('cuts off an unfinished line longer than a block', () => {
    writeFileSync(path, `${text([event('one')])}${'x'.repeat(200_000)}`);
    openJournal(path).close();
    expect(readFileSync(path, 'utf8')).toBe(text([event('one')]));
    writeFileSync(path, 'x'.repeat(200_000));
    openJournal(path).close();
    expect(readFileSync(path, 'utf8')).toBe('');
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
    expect(parseJournal('', 'j')).toEqual({ records: [], truncated: false, head: null });
  });
});

describe('the chain', () => {
  const events = ['one', 'two', 'three', 'four'].map(event);
  const lines = () => chainedText(events).match(/.*\n/g) as string[];
  const [a, b, c, d] = [0, 1, 2, 3];

  test.each([
    ['a line taken out', [a, c, d], 2],
    ['the first line taken out', [b, c, d], 1],
    ['a line twice', [a, b, b, c, d], 3],
    ['two lines in the other order', [a, c, b, d], 2],
  ])('%s is found', (_, order, line) => {
    const changed = Buffer.from(order.map((i) => lines()[i]).join(''));
    expect(checkChain(changed)).toMatchObject({ kind: 'broken', line });
    expect(() => parseJournal(changed, 'j')).toThrow(`j: line ${line}: `);
  });

  test('a changed field is found by the line after it', () => {
    const changed = Buffer.from(lines().join('').replace('"three"', '"drei"'));
    expect(checkChain(changed)).toMatchObject({ kind: 'broken', line: 4 });
    expect(() => parseJournal(changed, 'j')).toThrow(
      'j: line 4: the line before it is not the one that it was written after: the journal was changed or damaged',
    );
  });

  test('a line without a link among linked ones, and the reverse', () => {
    const [first = '', second = ''] = lines();
    expect(checkChain(Buffer.from(first + text([event('x')])))).toMatchObject({ kind: 'broken', line: 2 });
    expect(checkChain(Buffer.from(text([event('x')]) + second))).toMatchObject({ kind: 'broken', line: 2 });
  });

  test('missing lines at the end change the head and nothing else', () => {
    const shorter = checkChain(Buffer.from(lines().slice(0, 3).join('')));
    expect(shorter).toMatchObject({ kind: 'whole', head: { lines: 3 }, unfinished: false });
    const unfinished = checkChain(Buffer.from(lines().join('').slice(0, -1)));
    expect(unfinished).toMatchObject({ kind: 'whole', head: { lines: 3 }, unfinished: true });
  });

  test('a field of the same name inside a record is no link', () => {
    const start = journalOf(sampleResult()).find((record) => record.type === 'start');
    if (!start) throw new Error('the sample has no start');
    const records: JournalRecord[] = [event('one'), { ...start, options: { prev: 'f'.repeat(64) } }, event('two')];
    expect(parseJournal(chainedText(records), 'j').records).toEqual(records);
    expect(parseJournal(text(records.slice(1)), 'j')).toMatchObject({ records: records.slice(1), head: null });
  });

  test('is what sha256sum says of the line before', (context) => {
    const sums = lines().map((line) => spawnSync('sha256sum', { input: line, encoding: 'utf8' }));
    if (sums[0]?.error) context.skip('no sha256sum');
    for (const [i, line] of lines().slice(1).entries()) expect(line).toContain(sums[i]?.stdout.slice(0, 64));
  });
});

describe('buildResult', () => {
  const whole = journalOf(sampleResult());

  test('gives back the result whose journal it is', () => {
    expect(buildResult(whole)).toEqual(sampleResult());
    expect(validateResult(buildResult(whole), 'written').ok).toBe(true);
  });

  test('keeps where the journal stood', () => {
    const head = { lines: whole.length, sha256Head: 'ab'.repeat(32) };
    expect(buildResult(whole, head)).toEqual({ ...sampleResult(), journal: head });
    expect(validateResult(buildResult(whole, head), 'written').ok).toBe(true);
    expect(buildResult(whole, null).journal).toBeNull();
    const short = validateResult(buildResult(whole, { lines: 1, sha256Head: 'ab' }), 'written');
    expect(short).toMatchObject({
      errors: ['journal.sha256Head: expected text that matches /^[0-9a-f]{64}$/, got "ab"'],
    });
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
