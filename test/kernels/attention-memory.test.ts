import { describe, expect, test } from 'vitest';
import { effectiveTuning } from '../../harness/limits.js';
import { suitingVariants } from '../../kernels/choose.js';
import type { Kernel, Limits, Shape } from '../../kernels/declaration.js';
import { kernels } from '../../kernels/index.js';
import { kernelName } from '../../kernels/shape.js';

const limits = {
  maxComputeWorkgroupsPerDimension: 65535,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupStorageSize: 32768,
  subgroupMaxSize: 32,
  subgroupMatrixConfigs: [{ componentType: 'f16', resultComponentType: 'f32', M: 16, N: 16, K: 16 }],
} as unknown as Limits;
const model = { batch: 1, heads: 32, kvHeads: 8, headSize: 128 };
const prefill = (length: number): Shape => ({ ...model, queryLength: length, keyLength: length, causal: 1 });
const decode = (length: number): Shape => ({ ...model, queryLength: 1, keyLength: length, causal: 0 });

function buffersOf(kernel: Kernel, id: string, shape: Shape) {
  const variant = kernel.variants.find((v) => v.id === id);
  if (!variant) throw new Error(`no variant ${id}`);
  return variant.plan(shape, effectiveTuning(variant, {}), limits).buffers;
}
const bytesOf = (buffers: readonly { byteLength: number }[]) => buffers.reduce((sum, b) => sum + b.byteLength, 0);

describe.each(kernels.filter((k) => k.id === 'attention').map((k) => [kernelName(k), k] as const))(
  '%s',
  (_, kernel) => {
    test.each([
      ['flash-lanes', prefill],
      ['flash-tiled', prefill],
      ['decode', decode],
    ] as const)('%s: memory grows no faster than the context', (id, shapeOf) => {
      const [short, long] = [4096, 32768].map((length) => bytesOf(buffersOf(kernel, id, shapeOf(length)))) as [
        number,
        number,
      ];
      expect(long).toBeLessThanOrEqual(8 * short);
    });

    test('at 32768 tokens no buffer is larger than q, and together they are little more than the data', () => {
      for (const id of ['flash-lanes', 'flash-tiled']) {
        const buffers = buffersOf(kernel, id, prefill(32768));
        const largest = Math.max(...buffers.map((b) => b.byteLength));
        expect(largest).toBe(buffers.find((b) => b.name === 'q')?.byteLength);
        expect(bytesOf(buffers)).toBe(kernel.work(prefill(32768)).bytes);
      }
      const scratch = buffersOf(kernel, 'decode', decode(32768)).filter((b) => b.role === 'scratch');
      expect(bytesOf(scratch)).toBeLessThan(0.02 * kernel.work(decode(32768)).bytes);
    });

    test('a card takes tiles in workgroup memory, narrow subgroups take shuffles, few queries neither', () => {
      const first = (shape: Shape, subgroupMaxSize: number) => kernel.preferred?.(shape, { subgroupMaxSize })[0];
      // Only f16 is stored as matrices want it.
      expect(first(prefill(4096), 32)).toBe(kernelName(kernel) === 'attention/f16' ? 'matrix-units' : 'flash-tiled');
      expect(first(prefill(4096), 8)).toBe('flash-lanes');
      expect(first(decode(4096), 32)).toBe('decode');
    });

    test('naive, with its square of scores, is not measured there', () => {
      const at = (shape: Shape) => suitingVariants(kernel, shape, 'all', limits).map((v) => v.id);
      expect(at(prefill(32768))).not.toContain('naive');
      expect(at(prefill(128))).toContain('naive');
      expect(at(prefill(4096))).not.toContain('decode');
      expect(at(decode(4096))).toContain('decode');
      expect(at(prefill(4096))).toContain('flash-tiled');
      expect(at(decode(4096))).not.toContain('flash-tiled');
      const look = (subgroupMaxSize: number) =>
        suitingVariants(kernel, prefill(4096), 'shortlist', { subgroupMaxSize }).map((v) => v.id);
      expect(look(8)).not.toContain('flash-tiled');
      expect(look(32)).toContain('flash-tiled');
    });
  },
);
