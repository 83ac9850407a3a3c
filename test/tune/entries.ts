import type { CacheEntry } from '../../bench/tune/cache-file.js';

/** An entry of the tuning cache as a test wants it. */
export function entry(changes: Partial<CacheEntry> = {}): CacheEntry {
  return {
    ...{ device: 'card', driver: 'driver 1', backend: 'vulkan', mode: 'safe', toolVersion: '1.0.0' },
    ...{ workload: 'matmul/f32/m512-n512-k512', variant: 'tiled', tuning: { tile: 8 }, differs: true },
    ...{ sourceHash: 'a'.repeat(64), ratio: { value: 1.2, low: 1.1, high: 1.3 } },
    ...{ date: '2026-11-23T10:45:12.000Z', seed: 1, rounds: 20, tried: 3, spaceSize: 3 },
    ...changes,
  };
}
