import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { explainIoError } from '../../reports/io-errors.js';
import { makeFolder } from '../../reports/make-folder.js';
import { StoreError } from '../../reports/store.js';
import { CACHE_SCHEMA, type CacheEntry, cacheEntry, cacheFile } from './cache-file.js';
import { withLock } from './cache-lock.js';

export interface CacheContents {
  readonly entries: readonly CacheEntry[];
  /** What is wrong with the file, in words; null when nothing is. Entries that are whole are kept all the same. */
  readonly damage: string | null;
}

/** Reads the cache; a file that is not there is an empty one. Never throws. */
export function readCache(path: string): CacheContents {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], damage: null };
    return { entries: [], damage: `it cannot be read: ${explainIoError(error)}` };
  }
  return parseCache(text);
}

function parseCache(text: string): CacheContents {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { entries: [], damage: text.trim() === '' ? 'it is empty' : 'it is not JSON, or cut off' };
  }
  const file = cacheFile.safeParse(value);
  if (!file.success) {
    const [issue] = file.error.issues;
    return { entries: [], damage: `${issue?.path.join('.') || 'the file'}: ${issue?.message}` };
  }
  const entries: CacheEntry[] = [];
  let damage: string | null = null;
  for (const [i, raw] of file.data.entries.entries()) {
    const entry = cacheEntry.safeParse(raw);
    if (entry.success) entries.push(entry.data);
    else {
      const [issue] = entry.error.issues;
      damage ??= `${['entries', i, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`;
    }
  }
  return { entries, damage };
}

/**
 * Proves that the cache can be written, before tuning has cost any time.
 * @throws {StoreError} naming the path
 */
export function checkCacheWritable(path: string): void {
  const probe = join(dirname(path), `.writable-${process.pid}-${randomBytes(4).toString('hex')}`);
  guard(path, () => {
    makeFolder(dirname(path));
    writeFileSync(probe, '', { flag: 'wx' });
    rmSync(probe);
    // A folder, or a file of somebody else's, where the cache should be.
    if (existsSync(path)) closeSync(openSync(path, 'r+'));
  });
}

/** Two entries are about the same thing: the later takes the place of the earlier. */
const identity = ({ device, driver, backend, mode, workload, variant }: CacheEntry) =>
  JSON.stringify([device, driver, backend, mode, workload, variant]);

/**
 * Adds entries to whatever the file holds by now, so that processes which tune at the same time lose nothing: under
 * a lock it is read again, merged, written beside and renamed. A damaged file is kept as `tuning.json.bad`.
 *
 * @returns where a damaged file was put aside; null when it was whole
 * @throws {StoreError} naming the path
 */
export async function addToCache(path: string, added: readonly CacheEntry[]): Promise<string | null> {
  return withLock(path, () => {
    const { entries, damage } = readCache(path);
    const bad = damage === null ? null : putAside(path);
    const merged = new Map([...entries, ...added].map((entry) => [identity(entry), entry]));
    write(path, [...merged.values()]);
    return bad;
  });
}

/** As a copy, so that a reader finds a file at any moment. */
function putAside(path: string): string {
  let bad = `${path}.bad`;
  for (let i = 2; existsSync(bad); i++) bad = `${path}.bad${i}`;
  guard(path, () => copyFileSync(path, bad));
  return bad;
}

function write(path: string, entries: readonly CacheEntry[]): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  guard(path, () => {
    try {
      const fd = openSync(temporary, 'wx', 0o644);
      try {
        writeFileSync(fd, `${JSON.stringify({ schema: CACHE_SCHEMA, entries }, null, 2)}\n`);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

function guard(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new StoreError(
      `tuning cache ${path} cannot be written: ${explainIoError(error)}; make it writable, choose another with --cache FILE or ASSAY_TUNING_CACHE, or keep nothing with --no-cache`,
      { cause: error },
    );
  }
}
