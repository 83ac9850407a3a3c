import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { liveOwner, lockRun } from '../../bench/run/lock.js';

let journal: string;
beforeEach(() => {
  journal = join(mkdtempSync(join(tmpdir(), 'assay-lock-')), 'run.jsonl');
});
afterEach(() => rmSync(join(journal, '..'), { recursive: true, force: true }));

describe('one journal has one writer', () => {
  test('a lock is taken, seen, and given back', () => {
    const release = lockRun(journal);
    expect(existsSync(`${journal}.lock`)).toBe(true);
    release();
    expect(existsSync(`${journal}.lock`)).toBe(false);
  });
  test('the lock of a living process is refused, by its number', () => {
    writeFileSync(`${journal}.lock`, String(process.ppid));
    expect(liveOwner(journal)).toBe(process.ppid);
    expect(() => lockRun(journal)).toThrow(new RegExp(`still at work \\(process ${process.ppid}\\)`));
  });
  test('one left behind by a process that is gone, or unreadable, does not count', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const content of [String(pid), 'rubbish', '']) {
      writeFileSync(`${journal}.lock`, content);
      expect(liveOwner(journal)).toBeNull();
      lockRun(journal)();
    }
  });
});
