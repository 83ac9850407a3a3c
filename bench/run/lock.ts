import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { InputError } from '../../kernels/errors.js';
import { isProcessAlive } from '../process-alive.js';

/**
 * Keeps two processes from writing one journal. A file beside it holds the owner's process id; one left
 * behind by a process that is gone does not count.
 * @returns the release
 * @throws {InputError} when the run is still at work
 */
export function lockRun(journal: string): () => void {
  const path = lockPath(journal);
  const owner = liveOwner(journal);
  if (owner !== null)
    throw new InputError(`the run of ${journal} is still at work (process ${owner}); wait for it, or end it first`);
  rmSync(path, { force: true });
  writeFileSync(path, String(process.pid), { flag: 'wx' });
  return () => rmSync(path, { force: true });
}

/** The process that is at work on a journal, other than this one; null when there is none. */
export function liveOwner(journal: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(lockPath(journal), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return pid !== process.pid && isProcessAlive(pid) ? pid : null;
}

const lockPath = (journal: string) => `${journal}.lock`;
