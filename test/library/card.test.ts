import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { openCard } from '../../harness/index.js';
import { checkedPlan, effectiveTuning, limitsOf } from '../../harness/limits.js';
import type { Kernel } from '../../kernels/declaration.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { kernels } from '../../kernels/index.js';
import { randomBytes, randomFloats } from '../../kernels/random.js';
import { kernelName, workloadId } from '../../kernels/shape.js';
import { cardOrSkip } from '../harness/adapter.js';

let opened: Promise<Card> | null = null;
const card = (context: Parameters<typeof cardOrSkip>[0]) => {
  opened ??= cardOrSkip(context);
  return opened;
};
afterAll(async () => (await opened)?.close());

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const sha256 = (message: Uint8Array) => createHash('sha256').update(message).digest('hex');

/** Weights that a software adapter makes and multiplies in a few seconds: the toy's. */
const MOST_WEIGHTS = 2 ** 26;

/** Why this adapter does not take a model, or a layer of one, which has no small shape; any other kernel it must take. */
function refusalOfProbes(gpu: Card, kernel: Kernel, variant: Kernel['variants'][number]): string | null {
  if (!['llm', 'decoder-block'].includes(kernel.id)) return null;
  try {
    for (const shape of kernel.probes) {
      const plan = checkedPlan(kernel, variant, shape, effectiveTuning(variant, {}), limitsOf(gpu.device));
      const resident = plan.buffers.reduce((sum, b) => sum + (b.role === 'resident' ? b.byteLength : 0), 0);
      if (gpu.device.software && resident > MOST_WEIGHTS)
        return `${resident} bytes of weights would take minutes; the toy is the same code`;
    }
    return null;
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
}

describe('every variant computes what its oracle says', () => {
  for (const kernel of kernels)
    for (const variant of kernel.variants)
      test(`${kernelName(kernel)}/${variant.id}`, async (context) => {
        const gpu = await card(context);
        const missing = (variant.requires ?? []).filter((f) => !gpu.device.features.includes(f));
        if (missing.length > 0) context.skip(`${gpu.device.name} lacks ${missing.join(', ')}`);
        // A model of billions of weights has no small shape.
        const unfit = refusalOfProbes(gpu, kernel, variant);
        if (unfit !== null) context.skip(`${gpu.device.name}: ${unfit}`);
        for (const shape of [...kernel.probes, kernel.pilot]) {
          // One of each kind: some kernels draw whole numbers for odd seeds.
          for (const seed of [11, 12]) {
            const input = kernel.input(shape, seed);
            const request = { variant: variant.id, ...(input as object) } as never;
            const verdict = kernel
              .oracle(shape, input, seed)
              .check(await gpu.run(kernelName(kernel) as 'matmul', request));
            expect(verdict, workloadId(kernel, shape)).toMatchObject({ correct: true });
          }
        }
      });
});

describe('sha256', () => {
  for (const variant of ['naive', 'unrolled'])
    test(`${variant}: messages of every length up to 200 bytes, and some long ones, like OpenSSL`, async (context) => {
      const lengths = [...Array(201).keys(), 1000, 4095, 65536, 100_003];
      const messages = lengths.map((length) => randomBytes(length, length + 1));
      const { digests } = await (await card(context)).run('sha256', { variant, messages });
      expect(digests.map(hex)).toEqual(messages.map(sha256));
    });

  test('no messages give no digests', async (context) => {
    expect(await (await card(context)).run('sha256', { messages: [] })).toEqual({ digests: [] });
  });
});

describe('matmul', () => {
  const variants = kernels.find((k) => kernelName(k) === 'matmul/f32')?.variants ?? [];
  const shapes = [
    [1, 1, 1],
    [1, 7, 3],
    [5, 1, 9],
    [17, 31, 13],
    [64, 64, 64],
    [65, 130, 257],
    [129, 5, 1000],
  ] as const;
  for (const { id: variant, requires = [] } of variants)
    test(`${variant}: odd and rectangular shapes against a product in f64`, async (context) => {
      const gpu = await card(context);
      const missing = requires.filter((f) => !gpu.device.features.includes(f));
      if (missing.length > 0) context.skip(`${gpu.device.name} lacks ${missing.join(', ')}`);
      for (const [m, n, k] of shapes) {
        const a = randomFloats(m * k, 1);
        const b = randomFloats(k * n, 2);
        const { c } = await gpu.run('matmul', { variant, m, n, k, a, b });
        expect(c).toHaveLength(m * n);
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++) {
            let [sum, size] = [0, 0];
            for (let l = 0; l < k; l++) {
              const term = (a[i * k + l] as number) * (b[l * n + j] as number);
              sum += term;
              size += Math.abs(term);
            }
            // Higham: |error| ≤ k·u·Σ|a||b|, u = 2⁻²⁴, with one more rounding for the product.
            expect(Math.abs((c[i * n + j] as number) - sum)).toBeLessThanOrEqual((k + 1) * 2 ** -23 * size);
          }
      }
    });
});

describe('attention', () => {
  test.for([
    [1, 1, 1, 1, 1, 1, false],
    [1, 2, 1, 3, 5, 7, false],
    [2, 4, 2, 9, 9, 16, true],
    [1, 6, 3, 5, 33, 80, true],
    [1, 8, 1, 1, 100, 64, false],
  ] as const)('b%d h%d kv%d q%d k%d d%d causal %s against softmax in f64', async (shape, context) => {
    const [batch, heads, kvHeads, queryLength, keyLength, headSize, causal] = shape;
    const random = (length: number, seed: number) => randomFloats(length, seed).map((x) => 2 * x);
    const q = random(batch * heads * queryLength * headSize, 1);
    const k = random(batch * kvHeads * keyLength * headSize, 2);
    const v = random(batch * kvHeads * keyLength * headSize, 3);
    const sizes = { batch, heads, kvHeads, queryLength, keyLength, headSize, causal };
    const { out } = await (await card(context)).run('attention', { ...sizes, q, k, v });
    for (let b = 0; b < batch; b++)
      for (let h = 0; h < heads; h++)
        for (let i = 0; i < queryLength; i++) {
          const kv = (b * kvHeads + Math.floor((h * kvHeads) / heads)) * keyLength * headSize;
          const row = ((b * heads + h) * queryLength + i) * headSize;
          const visible = causal ? i + keyLength - queryLength + 1 : keyLength;
          const scores = Array.from({ length: visible }, (_, j) => {
            let dot = 0;
            for (let d = 0; d < headSize; d++) dot += (q[row + d] as number) * (k[kv + j * headSize + d] as number);
            return dot / Math.sqrt(headSize);
          });
          const top = Math.max(...scores);
          const weights = scores.map((s) => Math.exp(s - top));
          const total = weights.reduce((x, y) => x + y, 0);
          for (let d = 0; d < headSize; d++) {
            const want = weights.reduce((x, w, j) => x + w * (v[kv + j * headSize + d] as number), 0) / total;
            expect(Math.abs((out[row + d] as number) - want)).toBeLessThan(2e-5);
          }
        }
  });
});

describe('what the adapter or the caller cannot do is refused by name, before anything is allocated', () => {
  const f = (n: number) => new Float32Array(n);
  test.for([
    ['matmull', { m: 1 }, /unknown kernel "matmull"; did you mean "matmul"\?/],
    [
      'matmul',
      { variant: 'tield', m: 1, n: 1, k: 1, a: f(1), b: f(1) },
      /unknown variant of matmul\/f32 "tield"; did you mean "tiled"/,
    ],
    ['matmul', { m: 2, n: 2, k: 2, a: f(3), b: f(4) }, /a must hold m·k = 4 elements, got 3/],
    ['matmul', { m: 0, n: 2, k: 2, a: f(0), b: f(4) }, /m must be/],
    ['matmul', { m: -1, n: 2, k: 2, a: f(0), b: f(4) }, /m must be/],
    ['matmul', { m: 1.5, n: 2, k: 2, a: f(3), b: f(4) }, /m must be/],
    ['matmul', { m: Number.NaN, n: 2, k: 2, a: f(3), b: f(4) }, /m must be/],
    ['matmul', { m: 1, n: 1, k: 1, a: [1], b: f(1) }, /a must be a Float32Array/],
    ['matmul', { m: 1, n: 1, k: 1, a: f(1), b: f(1), c: f(1) }, /unknown argument "c"/],
    [
      'sha256d-scan',
      { header: new Uint8Array(81), firstNonce: 0, count: 1, target: 0n },
      /header must be 80 bytes, got 81/,
    ],
    ['sha256', { messages: [new Uint8Array(1), 'x'] }, /messages\[1\] must be a Uint8Array/],
    ['attention', { batch: 1 }, /heads|unknown|must/],
    ['matmul', undefined, /must be|expected/],
  ] as const)('%s %#', async ([kernel, request, message], context) => {
    const gpu = await card(context);
    const running = gpu.run(kernel as 'matmul', request as never);
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toBeInstanceOf(InputError);
  });

  test('a shape beyond the adapter names the limit, and the card still works', async (context) => {
    const gpu = await card(context);
    const limit = gpu.device.limits.maxStorageBufferBindingSize as number;
    // One row of A alone is larger than a binding; a typed array of that length is only declared, never touched.
    const k = Math.floor(limit / 4) + 64;
    if (k > 65536) {
      const m = Math.ceil(k / 65536);
      const request = { m, n: 1, k: 65536, a: f(m * 65536), b: f(65536) };
      const running = gpu.run('matmul', request);
      await expect(running).rejects.toThrow(/maxStorageBufferBindingSize is \d+/);
      await expect(running).rejects.toBeInstanceOf(ShapeError);
    }
    expect((await gpu.run('matmul', { m: 1, n: 1, k: 1, a: f(1).fill(3), b: f(1).fill(5) })).c[0]).toBe(15);
  });

  test.for([
    [{ device: 5 }, /openCard: device must be a part of a name, got 5/],
    [{ softwares: true }, /openCard: unknown argument "softwares"/],
    [{ software: 'yes' }, /openCard: software must be true or false/],
    [null, /openCard: expected an object/],
  ] as const)('openCard %j', async ([options, message]) => {
    await expect(openCard(options as never)).rejects.toThrow(message);
  });

  test('a device that is not there suggests what is', async () => {
    await expect(openCard({ device: 'GeForce RTX 9999' })).rejects.toThrow(/GeForce RTX 9999/);
  });
});
