import { fork } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addToCache, checkCacheWritable, readCache } from '../../bench/tune/cache.js';
import { CACHE_SCHEMA, cachePath } from '../../bench/tune/cache-file.js';
import { entry } from './entries.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-cache-'));
  path = join(folder, 'assay', 'tuning.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const damaged = (text: string) => {
  mkdirSync(join(folder, 'assay'), { recursive: true });
  writeFileSync(path, text);
};

describe('where the cache lies', () => {
  test.each([
    [{}, 'linux', '/home/u/.cache/assay/tuning.json'],
    [{ XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/assay/tuning.json'],
    [{ XDG_CACHE_HOME: '' }, 'linux', '/home/u/.cache/assay/tuning.json'],
    [{}, 'darwin', '/home/u/Library/Caches/assay/tuning.json'],
    [{ LOCALAPPDATA: '/local' }, 'win32', '/local/assay/tuning.json'],
    [{ ASSAY_TUNING_CACHE: '/here.json', XDG_CACHE_HOME: '/xdg' }, 'linux', '/here.json'],
  ] as const)('%j on %s', (env, platform, expected) => {
    expect(cachePath(env as NodeJS.ProcessEnv, platform, '/home/u')).toBe(expected);
  });

  test('no test of this project reads or writes the user’s own', () => {
    expect(cachePath()).toContain('assay-test-');
  });
});

describe('reading and adding', () => {
  test('a file that is not there is empty, and is made with its folder', async () => {
    expect(readCache(path)).toEqual({ entries: [], damage: null });
    expect(await addToCache(path, [entry()])).toBeNull();
    expect(readCache(path)).toEqual({ entries: [entry()], damage: null });
    expect(readdirSync(join(folder, 'assay'))).toEqual(['tuning.json']);
  });

  test('a later entry about the same thing takes the place of the earlier; any other stays', async () => {
    await addToCache(path, [entry()]);
    await addToCache(path, [entry({ tuning: { tile: 32 }, sourceHash: 'b'.repeat(64), toolVersion: '1.1.0' })]);
    expect(readCache(path).entries).toEqual([
      entry({ tuning: { tile: 32 }, sourceHash: 'b'.repeat(64), toolVersion: '1.1.0' }),
    ]);
    const others = [
      entry({ driver: 'driver 2' }),
      entry({ device: 'other' }),
      entry({ mode: 'peer-equal' }),
      entry({ variant: 'subgroup' }),
      entry({ workload: 'matmul/f32/m1-n1-k1' }),
      entry({ backend: 'd3d12' }),
    ];
    await addToCache(path, others);
    expect(readCache(path).entries).toHaveLength(7);
  });
});

test('an entry of another version, with a field that this one does not know, is read without it', () => {
  damaged(JSON.stringify({ schema: CACHE_SCHEMA, entries: [{ ...entry(), colour: 1 }] }));
  expect(readCache(path)).toEqual({ entries: [entry()], damage: null });
});

describe('a damaged file', () => {
  const whole = JSON.stringify({ schema: CACHE_SCHEMA, entries: [entry()] });
  test.each([
    ['cut off', whole.slice(0, -20), 0, /not JSON, or cut off/],
    ['empty', '', 0, /empty/],
    ['of another schema', '{"schema":"assay.tuning/9","entries":[]}', 0, /schema/],
    ['of other types', '{"schema":"assay.tuning/1","entries":{}}', 0, /entries/],
    ['not even an object', '[1,2]', 0, /the file/],
    [
      'with one bad entry',
      JSON.stringify({ schema: CACHE_SCHEMA, entries: [{ ...entry(), tuning: { tile: '8' } }, entry()] }),
      1,
      /entries\.0\.tuning\.tile/,
    ],
  ])('%s: read as far as it goes, and kept aside when it is written', async (_, text, good, damage) => {
    damaged(text);
    const read = readCache(path);
    expect(read.entries).toHaveLength(good);
    expect(read.damage).toMatch(damage);
    const added = entry({ variant: 'subgroup' });
    expect(await addToCache(path, [added])).toBe(`${path}.bad`);
    expect(readFileSync(`${path}.bad`, 'utf8')).toBe(text);
    expect(readCache(path)).toEqual({ entries: [...read.entries, added], damage: null });
  });

  test('what was put aside before is not overwritten', async () => {
    damaged('{');
    await addToCache(path, []);
    damaged('[');
    expect(await addToCache(path, [])).toBe(`${path}.bad2`);
    expect(readFileSync(`${path}.bad`, 'utf8')).toBe('{');
  });
});

describe('several at once', () => {
  test('processes that add at the same time lose nothing', async () => {
    const script = fileURLToPath(new URL('../fixtures/tuning-writer.mjs', import.meta.url));
    const writers = ['a', 'b', 'c', 'd'];
    const each = 12;
    const ends = writers.map(
      (name) =>
        new Promise<number | null>((resolve) =>
          fork(script, [path, name, String(each)], { execArgv: [] }).once('exit', resolve),
        ),
    );
    expect(await Promise.all(ends)).toEqual([0, 0, 0, 0]);
    const { entries, damage } = readCache(path);
    expect(damage).toBeNull();
    expect(new Set(entries.map((e) => e.variant)).size).toBe(writers.length * each);
    expect(readdirSync(join(folder, 'assay'))).toEqual(['tuning.json']);
  });
});

describe('a cache that cannot be written is named before tuning begins', () => {
  test('a file where a folder should be', () => {
    writeFileSync(join(folder, 'assay'), '');
    expect(() => checkCacheWritable(path)).toThrow(/tuning cache .*tuning\.json cannot be written: .*--no-cache/);
  });

  test('a folder where the file should be', () => {
    mkdirSync(path, { recursive: true });
    expect(() => checkCacheWritable(path)).toThrow(/it is a folder, not a file/);
  });

  test('a folder that may not be written to', (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    mkdirSync(join(folder, 'assay'));
    chmodSync(join(folder, 'assay'), 0o555);
    expect(() => checkCacheWritable(path)).toThrow(/permission denied/);
  });
});
