import { describe, expect, test } from 'vitest';
import { GUARD_BYTES } from '../../harness/buffers.js';
import { checkedPlan, effectiveTuning } from '../../harness/limits.js';
import type { Kernel, Limits, Plan, Variant } from '../../kernels/declaration.js';

const limits = {
  ...{ maxBufferSize: 4096, maxStorageBufferBindingSize: 2048, maxUniformBufferBindingSize: 512 },
  ...{ maxStorageBuffersPerShaderStage: 2, maxComputeWorkgroupStorageSize: 16384 },
  ...{ maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupSizeY: 256 },
  ...{ maxComputeWorkgroupSizeZ: 64, maxComputeWorkgroupsPerDimension: 65535 },
  ...{ subgroupMinSize: 32, subgroupMaxSize: 32, subgroupMatrixConfigs: [] },
} satisfies Limits;
const kernel = { id: 'k', axes: [{ name: 'n', token: 'n', meaning: '', min: 1, max: 9 }] } as unknown as Kernel;
const check = (plan: Plan) =>
  checkedPlan(kernel, { plan: () => plan } as unknown as Variant<unknown, unknown>, { n: 1 }, {}, limits);
const buffer = (byteLength: number, role: 'input' | 'uniform' = 'input') => ({ name: 'a', role, byteLength });
const dispatch = (bindings: string[], x = 1) => ({ wgsl: 'f.wgsl', bindings, workgroups: [x, 1, 1] as const });

describe('a plan is held against the adapter before anything is allocated', () => {
  test('a buffer fits with its guard words or not at all', () => {
    expect(() => check({ buffers: [buffer(2048 - GUARD_BYTES)], dispatches: [] })).not.toThrow();
    expect(() => check({ buffers: [buffer(2052 - GUARD_BYTES)], dispatches: [] })).toThrow(
      /k\/n1: buffer a needs a binding of bytes 2052, but this adapter's maxStorageBufferBindingSize is 2048/,
    );
  });
  test('a uniform has the smaller limit', () => {
    expect(() => check({ buffers: [buffer(512, 'uniform')], dispatches: [] })).not.toThrow();
    expect(() => check({ buffers: [buffer(516, 'uniform')], dispatches: [] })).toThrow(/maxUniformBufferBindingSize/);
  });
  test('too many bindings or workgroups name the limit', () => {
    const buffers = ['a', 'b', 'c'].map((name) => ({ ...buffer(4), name }));
    expect(() => check({ buffers, dispatches: [dispatch(['a', 'b', 'c'])] })).toThrow(
      /maxStorageBuffersPerShaderStage/,
    );
    expect(() => check({ buffers, dispatches: [dispatch(['a'], 65536)] })).toThrow(/maxComputeWorkgroupsPerDimension/);
  });
});

describe('tuning', () => {
  const variant = { id: 'v', tuning: { tile: [16, 8], rows: [1, 2] } };
  test('defaults to the first value of each parameter', () => {
    expect(effectiveTuning(variant, {})).toEqual({ tile: 16, rows: 1 });
    expect(effectiveTuning(variant, { rows: 2 })).toEqual({ tile: 16, rows: 2 });
  });
  test('refuses what was not declared', () => {
    expect(() => effectiveTuning(variant, { tiel: 8 })).toThrow(/no tuning parameter "tiel"/);
    expect(() => effectiveTuning(variant, { tile: 12 })).toThrow(/must be one of 16, 8, got 12/);
  });
});
