import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainIoError } from '../../reports/io-errors.js';
import { StoreError } from '../../reports/store.js';

/** Writing takes milliseconds: a lock older than this was left behind, whatever its process id says. */
const STALE_MS = 10_000;
const PATIENCE_MS = 30_000;

/**
 * Runs `act` while no other process that uses the same lock file is within it.
 * @throws {StoreError} when the lock cannot be made, or is held for longer than anything honest takes
 */
export async function withLock<T>(path: string, act: () => T): Promise<T> {
  const lock = `${path}.lock`;
  const token = `${process.pid} ${randomBytes(8).toString('hex')}`;
  const start = Date.now();
  mkdirSync(dirname(lock), { recursive: true });
  while (!take(lock, token)) {
    dropIfStale(lock);
    if (Date.now() - start > PATIENCE_MS)
      throw new StoreError(`tuning cache ${path} is locked by ${lock}; delete that file if no assay is at work`);
    await sleep(5 + 15 * Math.random());
  }
  try {
    return act();
  } finally {
    if (contents(lock) === token) rmSync(lock, { force: true });
  }
}

function take(lock: string, token: string): boolean {
  try {
    writeFileSync(lock, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new StoreError(`${lock} cannot be made: ${explainIoError(error)}`, { cause: error });
  }
}

/** Takes a lock that was left behind out of the way: by renaming it, so that of several waiters one does it. */
function dropIfStale(lock: string): void {
  const seen = contents(lock);
  if (seen === null || !(isOld(lock) || (seen !== '' && isDead(Number(seen.split(' ')[0]))))) return;
  const aside = `${lock}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Another waiter was quicker and this is its new lock: it goes back unless a third has taken it meanwhile.
  const moved = contents(aside);
  if (moved !== null && moved !== seen) take(lock, moved);
  rmSync(aside, { force: true });
}

function contents(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isOld(lock: string): boolean {
  return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > STALE_MS;
}

function isDead(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
