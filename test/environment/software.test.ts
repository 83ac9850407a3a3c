import { describe, expect, test } from 'vitest';
import { isSoftware, type SoftwareSigns } from '../../harness/environment/software.js';
import { fakeAdapter, lavapipe, swiftShaderAdapter } from './adapter-fixtures.js';

const software: [string, SoftwareSigns][] = [
  ['lavapipe as Dawn tells it', lavapipe],
  ['SwiftShader as Dawn tells it', swiftShaderAdapter],
  ['a fallback adapter of any name', { isFallbackAdapter: true, architecture: 'ampere', description: 'NVIDIA' }],
  ['llvmpipe by its description', { isFallbackAdapter: false, description: 'llvmpipe: Mesa 26.1' }],
  ['lavapipe by its name', { isFallbackAdapter: false, name: 'lavapipe' }],
  ['architecture software', { architecture: 'software' }],
  ['architecture swiftshader', { architecture: 'swiftshader' }],
  ['WARP', { description: 'D3D12 WARP driver' }],
  ['Microsoft Basic Render Driver', { name: 'Microsoft Basic Render Driver' }],
];

const hardware: [string, SoftwareSigns][] = [
  ['an NVIDIA card', fakeAdapter()],
  ['an AMD card on Mesa', { isFallbackAdapter: false, architecture: 'rdna-2', description: 'radv Mesa 25.0.7' }],
  [
    'an Intel card on Mesa',
    { isFallbackAdapter: false, architecture: 'gen-12lp', description: 'Intel open-source Mesa driver' },
  ],
  ['a name with warp inside a word', { name: 'Warpdrive 9000', description: 'warped' }],
  ['nothing known', {}],
];

describe('isSoftware', () => {
  test.each(software)('is true for %s', (_, info) => expect(isSoftware(info)).toBe(true));
  test.each(hardware)('is false for %s', (_, info) => expect(isSoftware(info)).toBe(false));
});
