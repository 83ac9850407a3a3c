import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtFile } from '../../harness/environment/root.js';
import {
  cacheFolders,
  locateSwiftShader,
  type SwiftShaderSource,
  swiftShader,
} from '../../harness/environment/swiftshader.js';
import { readTar } from '../../harness/environment/tar.js';
import { swiftShaderArchive, swiftShaderFiles, writeTar } from './tar-fixture.js';
import { temporaryFolder } from './temporary.js';

const names = ['contents.json', 'libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json'];

function setUp(archive: Uint8Array = swiftShaderArchive()): { source: SwiftShaderSource; folder: string } {
  const folder = temporaryFolder({ 'swiftshader.tar.br': archive });
  return { source: { archive: join(folder, 'swiftshader.tar.br'), version: '1.2.3' }, folder: join(folder, 'cache') };
}

const unpack = (source: SwiftShaderSource | null, folders: string[]) => swiftShader(source, folders, 'linux-x64');

test('driver, loader and manifest are unpacked, and nothing else', () => {
  const { source, folder } = setUp();
  const directory = join(folder, 'swiftshader-1.2.3');
  expect(unpack(source, [folder])).toEqual({
    available: true,
    version: '1.2.3',
    directory,
    icd: join(directory, 'vk_swiftshader_icd.json'),
    loader: join(directory, 'libvulkan.so.1'),
  });
  expect(readdirSync(directory).sort()).toEqual(names);
  expect(readFileSync(join(directory, 'libvulkan.so.1'), 'utf8')).toBe('the loader');
  expect(statSync(directory).mode & 0o022).toBe(0);
});

test('a whole cache is left alone', () => {
  const { source, folder } = setUp();
  const directory = join(folder, 'swiftshader-1.2.3');
  unpack(source, [folder]);
  const before = names.map((name) => statSync(join(directory, name)).ino);
  unpack(source, [folder]);
  expect(names.map((name) => statSync(join(directory, name)).ino)).toEqual(before);
});

test.each([
  ['a cut file', (path: string) => truncateSync(join(path, 'libvk_swiftshader.so'), 3)],
  [
    'a file of the right size and other content',
    (path: string) => writeFileSync(join(path, 'libvulkan.so.1'), 'THE LOADER'),
  ],
  ['a cut record', (path: string) => truncateSync(join(path, 'contents.json'), 20)],
])('%s is mended', (_, damage) => {
  const { source, folder } = setUp();
  const directory = join(folder, 'swiftshader-1.2.3');
  unpack(source, [folder]);
  damage(directory);
  expect(unpack(source, [folder]).available).toBe(true);
  for (const name of ['libvk_swiftshader.so', 'libvulkan.so.1'] as const)
    expect(readFileSync(join(directory, name), 'utf8')).toBe(swiftShaderFiles[name]);
  expect(readdirSync(directory).sort()).toEqual(names);
});

test('processes that unpack at once all succeed and leave whole files', async () => {
  const { source, folder } = setUp();
  const script = `import { swiftShader } from ${JSON.stringify(builtFile('harness/environment/swiftshader.js'))};
    console.log(swiftShader(${JSON.stringify(source)}, [${JSON.stringify(folder)}], 'linux-x64').available);`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const answers = await Promise.all([run(), run(), run(), run()]);
  expect(answers.map(({ stdout }) => stdout.trim())).toEqual(['true', 'true', 'true', 'true']);
  expect(readdirSync(join(folder, 'swiftshader-1.2.3')).sort()).toEqual(names);
});

test('where the first folder cannot be used the next is', () => {
  const { source, folder } = setUp();
  const file = join(temporaryFolder({ occupied: '' }), 'occupied');
  expect(unpack(source, [join(file, 'cache'), folder])).toMatchObject({
    available: true,
    directory: join(folder, 'swiftshader-1.2.3'),
  });
});

test('the reason is told when it is not installed, for another platform, or damaged', () => {
  expect(unpack(null, [])).toMatchObject({ available: false, reason: expect.stringContaining('not installed') });
  expect(swiftShader(null, [], 'linux-arm64')).toMatchObject({
    available: false,
    reason: expect.stringContaining('linux-arm64'),
  });
  const lacking = setUp(swiftShaderArchive({ 'libvulkan.so.1': 'the loader' }));
  expect(unpack(lacking.source, [lacking.folder])).toMatchObject({
    reason: expect.stringContaining('libvk_swiftshader.so'),
  });
  const damaged = setUp(swiftShaderArchive().subarray(0, 60));
  expect(unpack(damaged.source, [damaged.folder]).available).toBe(false);
});

test('a tar archive that is cut or damaged is refused', () => {
  const archive = writeTar({ a: 'x'.repeat(600), b: 'second' });
  expect(Buffer.from(readTar(archive, ['b']).get('b') ?? []).toString()).toBe('second');
  expect(() => readTar(archive.subarray(0, 1024), ['a'])).toThrow('cut short');
  archive[0] = 0x7a;
  expect(() => readTar(archive, ['a'])).toThrow('damaged');
});

test('the cache follows XDG_CACHE_HOME, then HOME', () => {
  expect(cacheFolders({ XDG_CACHE_HOME: '/x', HOME: '/h' })[0]).toBe('/x/assay');
  expect(cacheFolders({ HOME: '/h' })[0]).toBe('/h/.cache/assay');
});

test('the installed package is found', (context) => {
  const source = locateSwiftShader();
  if (source === null) return context.skip('@sparticuz/chromium is not installed');
  expect(source.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(statSync(source.archive).size).toBeGreaterThan(0);
});
