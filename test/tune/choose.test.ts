import { describe, expect, test } from 'vitest';
import { parseWorkload } from '../../bench/suites/index.js';
import type { CacheEntry } from '../../bench/tune/cache-file.js';
import { chooseTuning, staleWarning, type TuningIdentity } from '../../bench/tune/choose.js';
import { tuningsFromCache } from '../../bench/tune/for-run.js';
import { sourceHash } from '../../harness/source-hash.js';
import type { Limits, Variant } from '../../kernels/declaration.js';
import { findKernel } from '../../kernels/index.js';
import { entry } from './entries.js';

const limits = {
  ...{ maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30, maxUniformBufferBindingSize: 65536 },
  ...{ maxStorageBuffersPerShaderStage: 8, maxComputeWorkgroupStorageSize: 32768 },
  ...{ maxComputeInvocationsPerWorkgroup: 1024, maxComputeWorkgroupSizeX: 1024, maxComputeWorkgroupSizeY: 1024 },
  ...{ maxComputeWorkgroupSizeZ: 64, maxComputeWorkgroupsPerDimension: 65535 },
  ...{ subgroupMinSize: 32, subgroupMaxSize: 32, subgroupMatrixConfigs: [] },
} satisfies Limits;
const now: TuningIdentity = {
  ...{ device: { name: 'card', driver: 'driver 1', backend: 'vulkan' }, limits, mode: 'safe', toolVersion: '1.0.0' },
};
const matmul = findKernel('matmul');
const tiled = matmul.variants.find((v) => v.id === 'tiled') as Variant<unknown, unknown>;
const at = (id: string) => parseWorkload(id);
const M512 = 'matmul/f32/m512-n512-k512';

/** An entry whose hash is that of the sources as they are. */
function fresh(changes: Partial<CacheEntry> = {}): CacheEntry {
  const made = entry(changes);
  return { ...made, sourceHash: sourceHash(matmul, tiled, at(made.workload).shape, made.tuning, limits) };
}
const choose = (entries: CacheEntry[], id = M512, identity = now) => chooseTuning(entries, at(id), tiled, identity);

describe('the tuning of a run', () => {
  test('is what was found for this very workload', () => {
    expect(choose([fresh()])).toEqual({
      chosen: { tuning: { tile: 8 }, source: 'tuned', tunedOn: M512 },
      stale: [],
    });
  });

  test('is the default where nothing was found, or where the default won', () => {
    const nothing = { chosen: { tuning: {}, source: 'default', tunedOn: null }, stale: [] };
    expect(choose([])).toEqual(nothing);
    expect(choose([fresh({ tuning: { tile: 16 }, differs: false })])).toEqual(nothing);
    for (const other of [
      { device: 'other' },
      { backend: 'd3d12' },
      { mode: 'peer-equal' },
      { variant: 'naive' },
    ] as const)
      expect(choose([{ ...fresh(), ...other }])).toEqual(nothing);
  });

  test('is else what was found for the nearest shape, and says for which', () => {
    const near = fresh({ workload: 'matmul/f32/m1024-n512-k512', tuning: { tile: 32 } });
    const far = fresh({ workload: 'matmul/f32/m4096-n4096-k4096' });
    expect(choose([far, near]).chosen).toEqual({ tuning: { tile: 32 }, source: 'near', tunedOn: near.workload });
    expect(choose([far]).chosen.tunedOn).toBe(far.workload);
    expect(choose([far, near, fresh()]).chosen.source).toBe('tuned');
  });

  test('a shape more than sixteen times off in one size is not near', () => {
    expect(choose([fresh({ workload: 'matmul/f32/m32-n512-k512' })]).chosen.source).toBe('near');
    expect(choose([fresh({ workload: 'matmul/f32/m31-n512-k512' })]).chosen.source).toBe('default');
    expect(choose([fresh({ workload: 'matmul/f32/m8193-n512-k512' })]).chosen.source).toBe('default');
  });

  test('a near tuning that this adapter cannot plan for this shape is passed over', () => {
    const small = { ...limits, maxStorageBufferBindingSize: 2 ** 20 + 1024 };
    const near = { ...fresh({ workload: 'matmul/f32/m64-n64-k64' }) };
    near.sourceHash = sourceHash(matmul, tiled, at(near.workload).shape, near.tuning, small);
    expect(choose([near], 'matmul/f32/m256-n256-k256', { ...now, limits: small }).chosen.source).toBe('near');
    expect(choose([near], M512, { ...now, limits: { ...small } }).chosen.source).toBe('near');
    const tiny = { ...small, maxStorageBufferBindingSize: 2 ** 17 };
    near.sourceHash = sourceHash(matmul, tiled, at(near.workload).shape, near.tuning, tiny);
    expect(choose([near], M512, { ...now, limits: tiny }).chosen.source).toBe('default');
  });
});

describe('what has changed since makes an entry stale', () => {
  test.each([
    ['the driver', { driver: 'driver 0' }, /the driver was "driver 0" and is "driver 1"/],
    ['the program', { toolVersion: '0.9.0' }, /the program was 0\.9\.0 and is 1\.0\.0/],
    ['the sources', { sourceHash: 'f'.repeat(64) }, /the kernel has changed/],
    ['the space', { tuning: { tile: 17 } }, /the tuning space has changed/],
    ['a parameter', { tuning: { side: 8 } }, /the tuning space has changed/],
  ])('%s', (_, changes, why) => {
    const { chosen, stale } = choose([{ ...fresh(), ...changes }]);
    expect(chosen.source).toBe('default');
    expect(stale).toEqual([{ workload: M512, variant: 'tiled', why: expect.stringMatching(why) }]);
  });

  test('nobody is told of it when another entry does', () => {
    const { chosen, stale } = choose([{ ...fresh(), driver: 'driver 0' }, fresh()]);
    expect([chosen.source, stale]).toEqual(['tuned', []]);
  });

  test('the warning says what, and what renews it', () => {
    const one = { workload: M512, variant: 'tiled', why: 'the kernel has changed' };
    expect(staleWarning('/c.json', [])).toBeNull();
    expect(staleWarning('/c.json', [one])).toBe(
      'tuning cache /c.json: matmul/f32/m512-n512-k512 tiled: the kernel has changed; it is ignored, `assay tune matmul/f32` renews it',
    );
    expect(staleWarning('/c.json', [one, { ...one, workload: 'copy/n16' }])).toMatch(
      /2 entries are stale, e\.g\. .*they are ignored, `assay tune matmul\/f32 copy` renews them/,
    );
  });
});

describe('a run without a usable cache', () => {
  test('goes on with the defaults and is told once', () => {
    const told: string[] = [];
    const card = { device: { ...now.device } as never, limits };
    const tunings = tuningsFromCache(
      card,
      'safe',
      [at(M512)],
      () => ['assay/tiled'],
      (text) => told.push(text),
      '/dev/null',
    );
    expect(tunings.of(M512, 'assay/tiled')).toEqual({ tuning: {}, source: 'default', tunedOn: null });
    expect(told).toEqual([expect.stringMatching(/damaged \(it is empty\).*assay tune/)]);
  });
});

describe('the hash of a kernel’s sources', () => {
  const hash = (tuning: Record<string, number>, variant = tiled) =>
    sourceHash(matmul, variant, at(M512).shape, tuning, limits);
  test('follows the tuning, the space, the plan and the shape, and nothing else', () => {
    expect(hash({ tile: 8 })).toBe(hash({ tile: 8 }));
    expect(hash({})).toBe(hash({ tile: 16 }));
    expect(hash({ tile: 8 })).not.toBe(hash({ tile: 32 }));
    expect(hash({ tile: 8 }, { ...tiled, tuning: { tile: [16, 8] } })).not.toBe(hash({ tile: 8 }));
    const recast: typeof tiled = {
      ...tiled,
      plan: (...args) => {
        const plan = tiled.plan(...args);
        return { ...plan, dispatches: plan.dispatches.map((d) => ({ ...d, workgroups: [1, 1, 1] as const })) };
      },
    };
    expect(hash({ tile: 8 }, recast)).not.toBe(hash({ tile: 8 }));
    expect(hash({ tile: 8 }, { ...tiled, story: 'told otherwise' })).toBe(hash({ tile: 8 }));
    expect(sourceHash(matmul, tiled, at('matmul/f32/m513-n512-k512').shape, { tile: 8 }, limits)).not.toBe(
      hash({ tile: 8 }),
    );
  });

  test('follows the WGSL that a dispatch names, modules included', () => {
    const other: typeof tiled = {
      ...tiled,
      plan: (...args) => {
        const plan = tiled.plan(...args);
        return {
          ...plan,
          dispatches: plan.dispatches.map((d) => ({ ...d, modules: ['shared/sha256-functions.wgsl'] })),
        };
      },
    };
    expect(hash({ tile: 8 }, other)).not.toBe(hash({ tile: 8 }));
  });
});
