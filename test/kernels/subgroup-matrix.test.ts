import { describe, expect, test } from 'vitest';
import { limitsOf } from '../../harness/limits.js';
import { refusalOf } from '../../harness/refusal.js';
import type { SubgroupMatrixConfig } from '../../kernels/declaration.js';
import { MissingUnitError, ShapeError } from '../../kernels/errors.js';
import { matrixConfig } from '../../kernels/subgroup-matrix.js';

const config = (M: number, N: number, K: number, types = 'f16 f32'): SubgroupMatrixConfig => {
  const [componentType = '', resultComponentType = ''] = types.split(' ');
  return { componentType, resultComponentType, M, N, K };
};
const f16 = { component: 'f16', result: 'f32' } as const;
const pick = (configs: SubgroupMatrixConfig[], wanted: Parameters<typeof matrixConfig>[1] = f16) =>
  matrixConfig('k/v', wanted, { subgroupMatrixConfigs: configs });

describe('which of the adapter’s matrix products is used', () => {
  test('the biggest of the wanted types, and of equals the first', () => {
    const [small, wide, tall, bigger] = [config(8, 8, 8), config(8, 16, 16), config(16, 8, 16), config(16, 16, 16)];
    expect(pick([small, bigger as SubgroupMatrixConfig, wide])).toBe(bigger);
    expect(pick([small, wide, tall])).toBe(wide);
    expect(pick([config(32, 32, 32, 'f16 f16'), config(32, 32, 32, 'i8 i32'), small])).toBe(small);
  });

  test('only those that the kernel can use', () => {
    const [small, odd] = [config(8, 8, 8), config(12, 16, 16)];
    expect(pick([odd, small], { ...f16, fits: ({ M }) => 32 % M === 0 })).toBe(small);
    expect(() => pick([odd], { ...f16, fits: ({ M }) => 32 % M === 0 })).toThrow(MissingUnitError);
  });

  test('none: a skip for a missing feature that says what there is', () => {
    const missing = (configs: SubgroupMatrixConfig[]) => {
      try {
        pick(configs);
      } catch (error) {
        // Whoever asks whether a plan can be made at all takes it as one more that cannot.
        expect(error).toBeInstanceOf(ShapeError);
        return refusalOf(error);
      }
      throw new Error('nothing was missing');
    };
    expect(missing([config(8, 8, 8, 'f16 f16'), config(8, 16, 32, 'i8 i32')])).toMatchObject({
      status: 'skipped',
      reason: {
        code: 'missing-feature',
        detail:
          'k/v needs subgroup matrices f16 to f32 of a size that it can use; ' +
          'this adapter has 8x8x8 f16 to f16, 8x16x32 i8 to i32',
      },
    });
    expect(missing([])?.reason.detail).toMatch(/has none$/);
  });
});

test('limits of an opened device: its numbers, and no matrices where it tells of none', () => {
  const limits = { maxBufferSize: 7, subgroupMaxSize: 32 };
  expect(limitsOf({ limits })).toEqual({ ...limits, subgroupMatrixConfigs: [] });
  const subgroupMatrixConfigs = [config(8, 8, 8)];
  expect(limitsOf({ limits, subgroupMatrixConfigs })).toEqual({ ...limits, subgroupMatrixConfigs });
});
