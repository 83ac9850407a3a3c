import { expect, test } from 'vitest';
import { chooseAdapter, parseListing } from '../../harness/environment/adapters.js';
import { dawnOptions } from '../../harness/environment/dawn.js';

test('both modes measure with exact timestamps and may use f16 and subgroup matrices', () => {
  for (const mode of ['safe', 'peer-equal'] as const) {
    const options = dawnOptions(mode);
    expect(options.disabled).toEqual(['timestamp_quantization']);
    expect(options.enabled).toEqual(expect.arrayContaining(['allow_unsafe_apis', 'vulkan_enable_f16_on_nvidia']));
    expect(options.arguments).toEqual([
      `enable-dawn-features=${options.enabled.join(',')}`,
      'disable-dawn-features=timestamp_quantization',
    ]);
  }
});

test('peer-equal gives up exactly what ONNX Runtime gives up', () => {
  const safe = dawnOptions('safe').enabled;
  const given = dawnOptions('peer-equal').enabled.filter((toggle) => !safe.includes(toggle));
  expect(given).toEqual(['disable_robustness', 'skip_validation', 'use_vulkan_memory_model']);
});

test('callers cannot change each other’s toggles', () => {
  dawnOptions('safe').enabled.push('skip_validation');
  expect(dawnOptions('safe').enabled).not.toContain('skip_validation');
});

test('the list in Dawn’s refusal is read, quotes inside names included', () => {
  const message =
    "no suitable backends found\nAvailable adapters:\n * backend: 'vulkan', name: 'Bob's card'\n * backend: 'd3d12', name: 'llvmpipe (LLVM 15.0.6, 256 bits)'";
  expect(parseListing(message)).toEqual([
    { backend: 'vulkan', name: "Bob's card" },
    { backend: 'd3d12', name: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
  ]);
  expect(parseListing('something else')).toEqual([]);
});

const cards = [
  { name: 'SwiftShader Device (Subzero)', software: true },
  { name: 'NVIDIA GeForce RTX 3090', software: false },
  { name: 'llvmpipe (LLVM 15)', software: true },
];
const choose = (deviceName: string | null, software: boolean | null) =>
  chooseAdapter(cards, { deviceName, software }, (it) => it)?.name ?? null;

test.each([
  [null, null, 'NVIDIA GeForce RTX 3090'],
  [null, false, 'NVIDIA GeForce RTX 3090'],
  [null, true, 'SwiftShader Device (Subzero)'],
  ['LLVMPIPE', null, 'llvmpipe (LLVM 15)'],
  ['rtx 3090', null, 'NVIDIA GeForce RTX 3090'],
  ['rtx 3090', true, null],
  ['llvmpipe', false, null],
  ['radeon', null, null],
] as const)('choosing by name %o and software %o gives %o', (name, software, expected) => {
  expect(choose(name, software)).toBe(expected);
});
