import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findVulkan, type Machine, parseLinkerCache } from '../../harness/environment/vulkan.js';
import { temporaryFolder } from './temporary.js';

const manifest = (libraryPath: string) =>
  JSON.stringify({ file_format_version: '1.0.0', ICD: { library_path: libraryPath, api_version: '1.3' } });

function machine(root: string, env: NodeJS.ProcessEnv = {}, cache: Map<string, string> | null = null): Machine {
  return { root, env: { HOME: join(root, 'home'), ...env }, linkerCache: () => cache };
}

test('nothing installed is no loader, no manifests and no problem', () => {
  expect(findVulkan(machine(temporaryFolder()))).toEqual({ loader: null, manifests: [], problems: [] });
});

test('the loader is found in the linker cache, in LD_LIBRARY_PATH first, else in the standard folders', () => {
  const root = temporaryFolder({
    'cached/libvulkan.so.1': '',
    'preset/libvulkan.so.1': '',
    'usr/lib64/libvulkan.so.1': '',
  });
  const cache = new Map([['libvulkan.so.1', join(root, 'cached/libvulkan.so.1')]]);
  const preset = { LD_LIBRARY_PATH: `/nowhere:${join(root, 'preset')}` };
  expect(findVulkan(machine(root, preset, cache)).loader).toBe(join(root, 'preset/libvulkan.so.1'));
  expect(findVulkan(machine(root, {}, cache)).loader).toBe(join(root, 'cached/libvulkan.so.1'));
  expect(findVulkan(machine(root)).loader).toBe(join(root, 'usr/lib64/libvulkan.so.1'));
});

test('a linker cache that names a deleted library is not believed', () => {
  const root = temporaryFolder();
  const cache = new Map([['libvulkan.so.1', join(root, 'gone/libvulkan.so.1')]]);
  expect(findVulkan(machine(root, {}, cache)).loader).toBeNull();
});

test('ldconfig’s list is read for one architecture', () => {
  const text = `123 libs found in cache
\tlibvulkan.so.1 (libc6) => /lib/i386-linux-gnu/libvulkan.so.1
\tlibvulkan.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libvulkan.so.1
\tlibvulkan.so.1 (libc6,AArch64) => /lib/aarch64-linux-gnu/libvulkan.so.1
`;
  expect(parseLinkerCache(text, 'x64').get('libvulkan.so.1')).toBe('/lib/x86_64-linux-gnu/libvulkan.so.1');
  expect(parseLinkerCache(text, 'arm64').get('libvulkan.so.1')).toBe('/lib/aarch64-linux-gnu/libvulkan.so.1');
});

test('manifests are read from every standard folder, in order, each once', () => {
  const root = temporaryFolder({
    'etc/vulkan/icd.d/nvidia_icd.json': manifest('libGLX_nvidia.so.0'),
    'usr/share/vulkan/icd.d/lvp_icd.json': manifest('libvulkan_lvp.so'),
    'usr/share/vulkan/icd.d/readme.txt': 'not a manifest',
    'home/.local/share/vulkan/icd.d/mine.json': manifest('./mine.so'),
    'home/.local/share/vulkan/icd.d/mine.so': '',
    'usr/lib64/libvulkan_lvp.so': '',
  });
  const found = findVulkan(machine(root, { XDG_DATA_DIRS: join(root, 'usr/share') }));
  expect(found.problems).toEqual([]);
  expect(found.manifests.map(({ name, library }) => [name, library])).toEqual([
    ['nvidia_icd', null],
    ['mine', join(root, 'home/.local/share/vulkan/icd.d/mine.so')],
    ['lvp_icd', join(root, 'usr/lib64/libvulkan_lvp.so')],
  ]);
});

test('a manifest beside NVIDIA’s driver is found and marked as not searched by the loader', () => {
  const root = temporaryFolder({
    'usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json': manifest('libGLX_nvidia.so.0'),
  });
  expect(findVulkan(machine(root)).manifests).toMatchObject([{ name: 'nvidia_icd', searched: false }]);
});

test.each(['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'])('%s replaces the search; folders in it are listed', (variable) => {
  const root = temporaryFolder({
    'usr/share/vulkan/icd.d/lvp_icd.json': manifest('libvulkan_lvp.so'),
    'own/a.json': manifest('liba.so'),
    'folder/b.json': manifest('libb.so'),
  });
  const found = findVulkan(machine(root, { [variable]: `${join(root, 'own/a.json')}:${join(root, 'folder')}` }));
  expect(found.manifests.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('broken and missing manifests are reported, and do not hide the good ones', () => {
  const root = temporaryFolder({
    'd/empty.json': '',
    'd/text.json': 'not json',
    'd/nolibrary.json': '{"ICD":{}}',
    'd/number.json': '{"ICD":{"library_path":7}}',
    'd/sound.json': manifest('/usr/lib/x.so'),
  });
  const files = `${join(root, 'd')}:${join(root, 'missing.json')}`;
  const found = findVulkan(machine(root, { VK_DRIVER_FILES: files }));
  expect(found.manifests.map(({ name }) => name)).toEqual(['sound']);
  expect(found.problems.map(({ file }) => file)).toEqual(
    ['d/empty.json', 'd/nolibrary.json', 'd/number.json', 'd/text.json', 'missing.json'].map((name) =>
      join(root, name),
    ),
  );
  expect(found.problems.find(({ file }) => file.endsWith('number.json'))?.message).toContain('ICD.library_path');
});
