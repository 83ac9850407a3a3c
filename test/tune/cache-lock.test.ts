import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newOwner, staleOwners, takeLock, withLock } from '../../bench/tune/cache-lock.js';
import { StoreError } from '../../reports/store.js';

const script = fileURLToPath(new URL('../fixtures/lock-waiter.mjs', import.meta.url));
const DEAD = `${spawnSync(process.execPath, ['--version']).pid}-0123456789abcdef`;

let folder: string;
let path: string;
let lock: string;
let waiters: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-lock-'));
  path = join(folder, 'tuning.json');
  lock = `${path}.lock`;
  waiters = [];
});
afterEach(async () => {
  for (const waiter of waiters) {
    const end = once(waiter, 'exit');
    waiter.disconnect();
    await end;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A process of its own; a step is done when its answer is here. */
function waiter(): (step: string) => Promise<unknown> {
  const child = fork(script, [path], { execArgv: [] });
  waiters.push(child);
  return async (step) => {
    const answer = once(child, 'message');
    child.send(step);
    return (await answer)[0].answer;
  };
}

/** A lock whose owner is gone. */
function leaveBehind(owner = DEAD): void {
  mkdirSync(lock);
  writeFileSync(join(lock, owner), '');
}

test('of two that wait on a lock left behind the slower does not end the hold of the quicker', async () => {
  leaveBehind();
  const [a, b] = [waiter(), waiter()];
  expect([await a('take'), await b('take')]).toEqual([false, false]);
  expect([await a('look'), await b('look')]).toEqual([[DEAD], [DEAD]]);
  await a('drop');
  expect(await a('take')).toBe(true);
  // What it saw is gone: this must not touch what has come in its place.
  await b('drop');
  expect(await b('look')).toEqual([]);
  expect(await b('take')).toBe(false);
  await a('release');
  expect(await b('take')).toBe(true);
  await b('release');
  expect(readdirSync(folder)).toEqual([]);
});

test('however they meet at a lock left behind, each is alone within it', async () => {
  const all = [waiter(), waiter(), waiter()];
  for (let round = 0; round < 20; round++) {
    leaveBehind();
    const found = await Promise.all(all.map((one) => one('visit')));
    expect(found, `round ${round}`).toEqual(['alone', 'alone', 'alone']);
    expect(readdirSync(folder)).toEqual([]);
  }
});

test('a lock is stale when its owner is dead, or much too old; not while its owner is at work', async () => {
  const owner = newOwner();
  expect(takeLock(lock, owner)).toBe(true);
  expect(staleOwners(lock)).toEqual([]);
  const before = new Date(Date.now() - 60_000);
  utimesSync(join(lock, owner), before, before);
  expect(staleOwners(lock)).toEqual([owner]);
  expect(await withLock(path, () => readdirSync(lock).length)).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

test('a lock is given back when what is done within fails', async () => {
  const boom = withLock(path, () => {
    throw new Error('boom');
  });
  await expect(boom).rejects.toThrow('boom');
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that cannot be made is named', async () => {
  writeFileSync(join(folder, 'file'), '');
  const inFile = withLock(join(folder, 'file', 'tuning.json'), () => null);
  await expect(inFile).rejects.toThrow(StoreError);
  await expect(inFile).rejects.toThrow(/tuning\.json\.lock cannot be made/);
});
