import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../kernels/errors.js';
import { makeFolder } from '../../reports/make-folder.js';
import type { Device } from '../../reports/schema.js';
import { isProcessAlive } from '../process-alive.js';
import { dropOwner, newOwner, takeLock } from '../tune/cache-lock.js';

/** Of this machine and not of a results folder: two qualifications of one card may write to different ones. */
export const LOCK_FOLDER = join(tmpdir(), 'assay-cards');

/** What tells a card from others: its own identifier, else its slot, else its name and kind. */
export function cardKey({ identity, name, software, backend }: Device): string {
  const known =
    identity?.uuidHash ?? identity?.busAddress ?? `${name} ${backend} ${software ? 'software' : 'hardware'}`;
  return createHash('sha256').update(known).digest('hex').slice(0, 24);
}

/**
 * Takes a card for one qualification. The lock of a process that is gone, even if its number is another's by now, is
 * taken over.
 * @returns the release
 * @throws {InputError} when another qualification has it, this process's own included
 */
export function lockCard(device: Device, folder = LOCK_FOLDER): () => void {
  makeFolder(folder);
  const lock = join(folder, `${cardKey(device)}.lock`);
  const owner = `${newOwner()}-${beganAt(process.pid) ?? ''}`;
  // Twice: whoever is stale is dropped, by name, so that a lock that was taken meanwhile stays.
  for (let attempt = 0; attempt < 2; attempt++) {
    if (takeLock(lock, owner)) return () => dropOwner(lock, owner);
    for (const other of ownersOf(lock)) if (!isAlive(other)) dropOwner(lock, other);
  }
  const [pid] = (ownersOf(lock)[0] ?? '').split('-');
  throw new InputError(
    `${device.name} is being qualified already${pid ? ` (process ${pid})` : ''}: two at once would disturb each other; wait for it, or end it first`,
  );
}

function ownersOf(lock: string): string[] {
  try {
    return readdirSync(lock);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

function isAlive(owner: string): boolean {
  const [pid, , began = ''] = owner.split('-');
  if (!isProcessAlive(Number(pid))) return false;
  const now = beganAt(Number(pid));
  return began === '' || now === null || now === began;
}

/** When a process began, in the kernel's ticks since it started; null where `/proc` does not tell. */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 (proc(5)); the name in brackets may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
