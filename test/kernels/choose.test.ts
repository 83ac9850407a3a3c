import { describe, expect, test } from 'vitest';
import { chosenVariant } from '../../kernels/choose.js';
import type { Limits, SubgroupMatrixConfig } from '../../kernels/declaration.js';
import { findKernel } from '../../kernels/index.js';

const limitsWith = (...subgroupMatrixConfigs: SubgroupMatrixConfig[]) =>
  ({
    ...{ maxComputeInvocationsPerWorkgroup: 1024, maxComputeWorkgroupStorageSize: 32768, subgroupMaxSize: 32 },
    subgroupMatrixConfigs,
  }) as unknown as Limits;
const size = { M: 16, N: 16, K: 16 };
const halves = { ...size, componentType: 'f16', resultComponentType: 'f32' };
const bytes = { ...size, K: 32, componentType: 'i8', resultComponentType: 'i32' };

describe('what runs when nobody named a variant', () => {
  const all = () => true;
  const many = { m: 512, n: 512, k: 512, batch: 1, transposeB: 1 };
  const one = { ...many, m: 1 };

  test.each([
    ['matmul/i8', bytes, halves],
    ['matmul/q4', halves, bytes],
  ])('%s: matrix units only where they have these types', (name, own, other) => {
    expect(chosenVariant(findKernel(name), many, all, limitsWith(other, own))).toBe('matrix-units');
    expect(chosenVariant(findKernel(name), many, all, limitsWith(other))).toBe('register-tiled');
    expect(chosenVariant(findKernel(name), many, all, limitsWith())).toBe('register-tiled');
    const without = (feature: string) => feature !== 'chromium-experimental-subgroup-matrix';
    expect(chosenVariant(findKernel(name), many, without, limitsWith(own))).toBe('register-tiled');
  });

  test.each(['matmul/i8', 'matmul/q4'])('%s: a vector by subgroups, or the default where there are none', (name) => {
    expect(chosenVariant(findKernel(name), one, all, limitsWith())).toBe('vector');
    expect(chosenVariant(findKernel(name), one, (feature) => feature !== 'subgroups', limitsWith())).toBe(
      'register-tiled',
    );
  });
});
