import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainIoError } from '../../reports/io-errors.js';
import { makeFolder } from '../../reports/make-folder.js';
import { StoreError } from '../../reports/store.js';
import { isProcessAlive } from '../process-alive.js';

/**
 * The lock is a folder that holds one file, named after its owner. It is taken by renaming a folder that already holds
 * that file into place, which fails while another with a file in it is there. So whoever finds a lock left behind can
 * remove that owner's file and nothing else: had another waiter taken the lock meanwhile, it would be another's file.
 */

/** Writing takes milliseconds: a lock older than this was left behind, whatever its process id says. */
const STALE_MS = 10_000;
const PATIENCE_MS = 30_000;
/** What renaming a folder onto one that is not empty, or a file, says; on Windows it is never allowed to replace one. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : [])];

/**
 * Runs `act` while no other process that uses the same lock is within it.
 * @throws {StoreError} when the lock cannot be made, or is held for longer than anything honest takes
 */
export async function withLock<T>(path: string, act: () => T): Promise<T> {
  const lock = `${path}.lock`;
  const owner = newOwner();
  const start = Date.now();
  guard(lock, () => makeFolder(dirname(lock)));
  while (!takeLock(lock, owner)) {
    for (const stale of staleOwners(lock)) dropOwner(lock, stale);
    if (Date.now() - start > PATIENCE_MS)
      throw new StoreError(`tuning cache ${path} is locked by ${lock}; delete that if no assay is at work`);
    await sleep(5 + 15 * Math.random());
  }
  try {
    return act();
  } finally {
    dropOwner(lock, owner);
  }
}

/** This process, once: a name that no other waiter has. */
export const newOwner = () => `${process.pid}-${randomBytes(8).toString('hex')}`;

/** @returns whether the lock is now this owner's */
export function takeLock(lock: string, owner: string): boolean {
  const own = `${lock}.${owner}`;
  return guard(lock, () => {
    // Made for each attempt, so that its age is that of the lock.
    mkdirSync(own);
    try {
      writeFileSync(join(own, owner), '', { flag: 'wx' });
      renameSync(own, lock);
      return true;
    } catch (error) {
      rmSync(own, { recursive: true, force: true });
      if (TAKEN.includes(codeOf(error))) return false;
      throw error;
    }
  });
}

/** Owners that died within, or have been there for too long. */
export function staleOwners(lock: string): string[] {
  return (
    passing(['ENOENT', 'ENOTDIR'], () => readdirSync(lock).filter((owner) => isOld(lock, owner) || isDead(owner))) ?? []
  );
}

/** Ends one owner's hold, and nobody else's. */
export function dropOwner(lock: string, owner: string): void {
  guard(lock, () => rmSync(join(lock, owner), { force: true }));
  // An empty folder is no lock, but Windows renames nothing onto it; one that is taken again is not empty.
  passing(['ENOENT', 'ENOTDIR', ...TAKEN], () => rmdirSync(lock));
}

function isOld(lock: string, owner: string): boolean {
  return Date.now() - (statSync(join(lock, owner), { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > STALE_MS;
}

const isDead = (owner: string) => !isProcessAlive(Number(owner.split('-')[0]));

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** Null for the errors that another process's success causes. */
function passing<T>(codes: readonly string[], act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (codes.includes(codeOf(error))) return null;
    throw error;
  }
}

function guard<T>(lock: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new StoreError(`${lock} cannot be made: ${explainIoError(error)}`, { cause: error });
  }
}
