import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder } from '../../reports/make-folder.js';
import type { Result } from '../../reports/schema.js';
import {
  newResultId,
  openStore,
  parseResult,
  ResultFileError,
  readResult,
  StoreError,
  writeResult,
} from '../../reports/store.js';
import { journalOf, sampleResult } from './sample.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('newResultId', () => {
  const at = (iso: string) => newResultId(new Date(iso), 'quick', 'ab12');

  test('is a time, the suite and something random', () => {
    expect(at('2026-11-23T10:45:12.345Z')).toBe('20261123T104512Z-quick-ab12');
    expect(newResultId(new Date(0), 'quick')).toMatch(/^19700101T000000Z-quick-[0-9a-f]{4}$/);
  });

  test('sorts by time', () => {
    const ids = [at('2026-09-30T23:59:59Z'), at('2026-10-01T00:00:00Z'), at('2027-01-01T00:00:00Z')];
    expect([...ids].sort()).toEqual(ids);
  });

  test.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['Mein Satz Ü', 'mein-satz'],
    ['', 'run'],
    ['a'.repeat(300), 'a'.repeat(40)],
  ])('makes a file name of the suite %j', (suite, part) => {
    expect(newResultId(new Date(0), suite, 'x')).toBe(`19700101T000000Z-${part}-x`);
  });
});

describe('openStore', () => {
  test('makes the folder and leaves nothing in it', () => {
    const store = openStore(join(folder, 'a', 'b'));
    expect(readdirSync(store.folder)).toEqual([]);
    expect(store.journalPath('x')).toBe(join(store.folder, 'x.jsonl'));
    expect(store.resultPath('x')).toBe(join(store.folder, 'x.json'));
  });

  test('names a folder that cannot be, and what to do', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => openStore(join(file, 'results'))).toThrow(StoreError);
    expect(() => openStore(join(file, 'results'))).toThrow(
      `results folder ${file}/results cannot be written: a part of the path is a file, not a folder (ENOTDIR); make it writable, or choose another with --out DIR`,
    );
  });
});

describe('makeFolder', () => {
  test('makes all that is missing, and minds nothing that is there', () => {
    const deep = join(folder, 'a', 'b', 'c');
    makeFolder(deep);
    makeFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  test('a file in the way is an error', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, 'file'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(folder, 'file', 'below'))).toThrow(/ENOTDIR/);
  });

  test.runIf(existsSync('/proc/self'))('a file system that makes no folders does not keep it asking for ever', () => {
    expect(() => makeFolder('/proc/assay')).toThrow(/ENOENT/);
    expect(() => openStore('/proc/assay/results')).toThrow(StoreError);
  });
});

describe('writeResult', () => {
  test('writes what readResult reads, and no other file', () => {
    const path = join(folder, 'r.json');
    writeResult(path, sampleResult());
    writeResult(path, sampleResult());
    expect(readResult(path)).toEqual(sampleResult());
    expect(readdirSync(folder)).toEqual(['r.json']);
  });

  test('leaves the old file when the new one would break the schema', () => {
    const path = join(folder, 'r.json');
    writeResult(path, sampleResult());
    const before = readFileSync(path, 'utf8');
    expect(() => writeResult(path, { ...sampleResult(), colour: 'red' } as Result)).toThrow(/colour: unknown field/);
    expect(() => writeResult(path, sampleResult({ seed: Number.NaN }))).toThrow(/seed: expected a.* number, got NaN/);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('names a file that cannot be written and leaves no half of it', () => {
    expect(() => writeResult(join(folder, 'none', 'r.json'), sampleResult())).toThrow(
      /none\/r\.json cannot be written: no such/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('readResult', () => {
  const good = JSON.stringify(sampleResult(), null, 2);

  test('names a missing file', () => {
    const path = join(folder, 'none.json');
    expect(() => readResult(path)).toThrow(ResultFileError);
    expect(() => readResult(path)).toThrow(`${path}: cannot be read: no such file or folder (ENOENT)`);
  });

  test.each([
    ['an empty file', ' \n', /f: is empty/],
    ['no JSON', 'hello', /f: is not JSON; expected a result file/],
    ['a list', '[]', /f: the file: expected object, got an array of 0/],
    ['a number', '3', /f: is not JSON|f: the file: expected object, got 3/],
    [
      'a cut file',
      good.slice(0, 5000).replace(/\}\s*$/, ''),
      /f: is cut off after \d+ characters; the journal beside it/,
    ],
    ['a spoilt file', good.replace('"seed": 1,', '"seed": 1'), /f: is not JSON, though it begins like it/],
    [
      'a journal',
      journalOf(sampleResult())
        .map((r) => JSON.stringify(r))
        .join('\n'),
      /f: is a journal, not a result/,
    ],
    [
      'another schema',
      '{"schema":"assay.certificate/1"}',
      /f: schema: expected "assay.result\/1", got "assay.certificate\/1"/,
    ],
    ['a lost field', good.replace('"suite": "quick",', ''), /f: suite: expected string, got nothing/],
    [
      'an infinite rate',
      good.replace(/("rate": \{\s*"value": )[\d.]+/, '$11e999'),
      /f: measurements\[0\]\.rate\.value: expected a finite number, got Infinity/,
    ],
  ])('refuses %s and says so', (_, text, message) => {
    expect(() => parseResult(text, 'f')).toThrow(message);
  });

  test('lists the first errors and counts the rest', () => {
    const spoilt = sampleResult();
    for (const m of spoilt.measurements) Object.assign(m, { batch: -1 });
    expect(() => parseResult(JSON.stringify(spoilt), 'f')).toThrow(
      /measurements\[4\]\.batch: expected at least 0, got -1; and 13 more$/,
    );
  });
});
