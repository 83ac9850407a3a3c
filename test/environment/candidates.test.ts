import { expect, test } from 'vitest';
import { type CandidateSources, candidates } from '../../harness/environment/candidates.js';
import type { SwiftShader } from '../../harness/environment/swiftshader.js';
import type { Manifest } from '../../harness/environment/vulkan.js';

const anything = { deviceName: null, software: null };
const found: SwiftShader = {
  available: true,
  version: '147.0.0',
  directory: '/cache/ss',
  icd: '/cache/ss/vk_swiftshader_icd.json',
  loader: '/cache/ss/libvulkan.so.1',
};
const lavapipe: Manifest = {
  file: '/usr/share/vulkan/icd.d/lvp_icd.json',
  name: 'lvp_icd',
  libraryPath: 'libvulkan_lvp.so',
  library: '/usr/lib/libvulkan_lvp.so',
  searched: true,
};
const nvidia: Manifest = { ...lavapipe, file: '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json', searched: false };

function sources(changes: Partial<CandidateSources> = {}): CandidateSources {
  return {
    platform: 'linux',
    env: {},
    vulkan: () => ({ loader: '/usr/lib/libvulkan.so.1', manifests: [lavapipe], problems: [] }),
    swiftShader: () => found,
    ...changes,
  };
}

test('the system comes first, as it is; then SwiftShader with its own loader and driver alone', () => {
  expect(candidates(anything, sources())).toEqual([
    { id: 'system', description: "the system's Vulkan", env: {} },
    {
      id: 'swiftshader',
      description: 'SwiftShader 147.0.0 from npm',
      env: { LD_LIBRARY_PATH: '/cache/ss', VK_DRIVER_FILES: found.icd, VK_ICD_FILENAMES: found.icd },
    },
  ]);
});

test('SwiftShader’s folder goes before a library path that is already set', () => {
  const list = candidates(anything, sources({ env: { LD_LIBRARY_PATH: '/opt/cuda' } }));
  expect(list[1]?.env.LD_LIBRARY_PATH).toBe('/cache/ss:/opt/cuda');
});

test('hardware only leaves SwiftShader out, and does not unpack it', () => {
  const swiftShader = () => {
    throw new Error('unpacked');
  };
  expect(candidates({ deviceName: null, software: false }, sources({ swiftShader })).map(({ id }) => id)).toEqual([
    'system',
  ]);
});

test('without SwiftShader the system is left', () => {
  const swiftShader = () => ({ available: false, reason: 'not installed' }) as const;
  expect(candidates(anything, sources({ swiftShader })).map(({ id }) => id)).toEqual(['system']);
});

test('drivers without a loader borrow SwiftShader’s loader, and the description says so', () => {
  const vulkan = () => ({ loader: null, manifests: [lavapipe], problems: [] });
  const [system] = candidates(anything, sources({ vulkan }));
  expect(system?.env).toEqual({ LD_LIBRARY_PATH: '/cache/ss' });
  expect(system?.description).toContain('because the system has none');
});

test('no drivers and no loader borrow nothing', () => {
  const vulkan = () => ({ loader: null, manifests: [], problems: [] });
  expect(candidates(anything, sources({ vulkan }))[0]?.env).toEqual({});
});

test('a driver where the loader does not look is named to it, beside those that it would find', () => {
  const vulkan = () => ({ loader: '/usr/lib/libvulkan.so.1', manifests: [lavapipe, nvidia], problems: [] });
  const files = `${nvidia.file}:${lavapipe.file}`;
  expect(candidates(anything, sources({ vulkan }))[0]?.env).toEqual({
    VK_DRIVER_FILES: files,
    VK_ICD_FILENAMES: files,
  });
});

test.each(['win32', 'darwin'] as const)('on %s there is the system alone', (platform) => {
  expect(candidates(anything, sources({ platform }))).toMatchObject([{ id: 'system', env: {} }]);
});
