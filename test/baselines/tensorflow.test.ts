import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { tensorflowWebgpu } from '../../bench/baselines/tensorflow-webgpu.js';
import { cardOrSkip } from '../harness/adapter.js';
import {
  attentionCases,
  attentionF64,
  attentionInput,
  kernelNamed,
  matmulCases,
  matmulF64,
  matmulInput,
  nameOf,
  shapeOf,
  worstError,
} from './cases.js';
import { inWebgpuChild, type Job } from './fixture/webgpu.js';

/** f32 with inputs in [−1, 1): k · 2⁻²⁴ for sums of k products, k at most 131 here, and room for another order. */
const BOUND = 2e-5;
const WEBGPU = { module: 'bench/baselines/tensorflow-webgpu.js', name: 'tensorflowWebgpu' };

const missing = (() => {
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-webgpu');
    return null;
  } catch (error) {
    return (error as Error).message.split('\n', 1)[0] as string;
  }
})();

test('refuses what it cannot compute, in words', () => {
  expect(tensorflowWebgpu.unsupported(kernelNamed('ethash'), {})).toMatch(/not on ethash/);
  expect(tensorflowWebgpu.unsupported(kernelNamed('matmul', 'f16'), {})).toMatch(/not on matmul\/f16/);
  const blind = { batch: 1, heads: 1, kvHeads: 1, queryLength: 9, keyLength: 5, headSize: 8, causal: true };
  expect(tensorflowWebgpu.unsupported(kernelNamed('attention'), shapeOf(blind))).toMatch(/more queries than keys/);
  for (const s of attentionCases)
    expect(tensorflowWebgpu.unsupported(kernelNamed('attention'), shapeOf(s)), nameOf(s)).toBeNull();
});

describe.skipIf(missing)(`tfjs/webgpu, in a process of its own${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const job = (id: string, shape: Job['shape'], inputs: readonly unknown[], runs: number): Job => ({
    kernel: { id, type: 'f32' },
    ...{ shape, inputs, runs },
  });

  test('computes the workloads on the card that is named', { timeout: 300_000 }, async (ctx) => {
    const card = await cardOrSkip(ctx);
    await card.close();
    const batched = { m: 5, n: 6, k: 9, batch: 3, transposeB: 1 };
    const jobs = [
      // Runs over two sets: the last was on the second. Sixteen, so that its queue of fifteen was flushed in between.
      ...matmulCases.map((s) => job('matmul', s, [matmulInput(s, 1), matmulInput(s, 9)], 16)),
      job('matmul', batched, [matmulInput(batched, 3)], 1),
      ...attentionCases.map((s) => job('attention', shapeOf(s), [attentionInput(s, 5)], 2)),
    ];
    const answer = await inWebgpuChild({ ...WEBGPU, deviceName: card.device.name }, jobs, card.env);
    if ('error' in answer) throw new Error(answer.error.message);
    expect(answer.provenance).toMatch(/^tensorflow\.js \d+\.\d+\.\d+, webgpu, /);
    expect(answer.provenance).toContain(card.device.name);
    const outputs = answer.answers.map(({ output }) => output);
    for (const [i, s] of matmulCases.entries())
      expect(worstError(outputs[i]?.c ?? [], matmulF64(matmulInput(s, 9)))).toBeLessThan(BOUND);
    const at = matmulCases.length;
    expect(worstError(outputs[at]?.c ?? [], matmulF64(matmulInput(batched, 3)))).toBeLessThan(BOUND);
    for (const [i, s] of attentionCases.entries())
      expect(worstError(outputs[at + 1 + i]?.out ?? [], attentionF64(s, attentionInput(s, 5))), nameOf(s)).toBeLessThan(
        BOUND,
      );
  });

  test('takes no other adapter than the one that is named', async (ctx) => {
    const card = await cardOrSkip(ctx);
    await card.close();
    const answer = await inWebgpuChild({ ...WEBGPU, deviceName: 'Nobody 9000' }, [], card.env);
    expect(answer).toMatchObject({
      error: {
        name: 'BaselineUnavailable',
        message: expect.stringContaining('Nobody 9000'),
        remedy: expect.any(String),
      },
    });
  });

  test('a tensor that the device cannot bind is told of as a shape that does not fit', async (ctx) => {
    const card = await cardOrSkip(ctx);
    await card.close();
    const shape = { m: 65536, n: 65536, k: 1 };
    const answer = await inWebgpuChild(WEBGPU, [job('matmul', shape, [], 0)], card.env);
    expect(answer).toMatchObject({ error: { name: 'ShapeError', message: expect.stringContaining('17179869184') } });
  });

  test.skipIf(process.platform !== 'linux')('says what is missing when there is no driver', async () => {
    const nothing = { VK_DRIVER_FILES: '/nonexistent', VK_ICD_FILENAMES: '/nonexistent' };
    const answer = await inWebgpuChild(WEBGPU, [], nothing);
    expect(answer).toMatchObject({ error: { name: 'BaselineUnavailable', remedy: expect.stringContaining('doctor') } });
  });
});
