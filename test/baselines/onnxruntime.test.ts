import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  composedAttention,
  groupQueryAttention,
  multiHeadAttention,
  standardAttention,
} from '../../bench/baselines/onnx-attention.js';
import { onnxruntimeCpu } from '../../bench/baselines/onnxruntime.js';
import { probeShape } from '../../bench/baselines/onnxruntime-programs.js';
import {
  hostTensor,
  importOrt,
  operatorsOnCpu,
  runOnce,
  sessionOptions,
} from '../../bench/baselines/onnxruntime-session.js';
import { onnxruntimeWebgpu } from '../../bench/baselines/onnxruntime-webgpu.js';
import { BaselineUnavailable } from '../../harness/baseline.js';
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
import { type ChildAnswer, inWebgpuChild, type Job } from './fixture/webgpu.js';
import { unavailable, why } from './ort.js';

/** f32 with inputs in [−1, 1): k · 2⁻²⁴ for sums of k products, k at most 131 here, and room for another order. */
const BOUND = 2e-5;
const WEBGPU = { module: 'bench/baselines/onnxruntime-webgpu.js', name: 'onnxruntimeWebgpu' };
const OPEN = { deviceName: null, software: null, mode: 'safe' } as const;

describe.skipIf(unavailable)(`onnxruntime/cpu${why}`, () => {
  beforeAll(async () => {
    expect(await onnxruntimeCpu.open(OPEN)).toMatch(/^onnxruntime \d+\.\d+\.\d+, cpu, \d+ threads?$/);
  });
  afterAll(() => onnxruntimeCpu.close());

  test.each(matmulCases)('matmul $m × $n × $k, every input set', async (shape) => {
    const inputs = [matmulInput(shape, 1), matmulInput(shape, 9)];
    const loaded = await onnxruntimeCpu.load(kernelNamed('matmul'), shape, inputs);
    for (const [set, input] of inputs.entries()) {
      await loaded.run(set);
      await loaded.finish();
      const { c } = (await loaded.output()) as { c: Float32Array };
      expect(worstError(c, matmulF64(input))).toBeLessThan(BOUND);
    }
    await loaded.release();
  });

  test.each(attentionCases.map((s) => [nameOf(s), s] as const))('attention %s', async (_, s) => {
    const input = attentionInput(s, 5);
    const loaded = await onnxruntimeCpu.load(kernelNamed('attention'), shapeOf(s), [input]);
    await loaded.run(0);
    await loaded.finish();
    const { out } = (await loaded.output()) as { out: Float32Array };
    await loaded.release();
    expect(worstError(out, attentionF64(s, input))).toBeLessThan(BOUND);
  });

  test('an output handed out is not overwritten by later runs', async () => {
    const shape = matmulCases[1];
    const loaded = await onnxruntimeCpu.load(kernelNamed('matmul'), shape, [
      matmulInput(shape, 1),
      matmulInput(shape, 9),
    ]);
    await loaded.run(0);
    const first = (await loaded.output()) as { c: Float32Array };
    const copy = first.c.slice();
    await loaded.run(1);
    expect(first.c).toEqual(copy);
    await loaded.release();
  });

  // The fused forms are wrong on software adapters, so here they are held against the definition on the CPU.
  const causal = attentionCases.filter((s) => s.causal && s.headSize % 8 === 0);
  test.each([
    ...causal.map((s) => ['GroupQueryAttention', nameOf(s), s, groupQueryAttention] as const),
    ...attentionCases.map((s) => ['MultiHeadAttention', nameOf(s), s, multiHeadAttention] as const),
    ...attentionCases.map((s) => ['composed', nameOf(s), s, composedAttention] as const),
  ])('%s means the same workload, %s', async (_, __, s, form) => {
    const { ort } = await importOrt('cpu');
    const input = attentionInput(s, 5);
    const output = await runOnce(ort, form(s, 'float32'), input, sessionOptions('cpu', 1));
    const { out } = output as { out: Float32Array };
    expect(worstError(out, attentionF64(s, input))).toBeLessThan(BOUND);
  });

  test('the profile names the operators that ran on the CPU', async () => {
    const { ort } = await importOrt('cpu');
    const s = attentionCases[1] as (typeof attentionCases)[number];
    const program = standardAttention(s, 'float32');
    const tensors = [...program.shared, ...program.tensors(attentionInput(s, 1))];
    const feeds = Object.fromEntries(tensors.map((t) => [t.name, hostTensor(ort, t)]));
    expect(await operatorsOnCpu(ort, program.model(null), feeds, sessionOptions('cpu', 1))).toEqual(['Attention']);
  });
});

describe('what is refused', () => {
  test.each([
    ['a kernel that it has no model for', kernelNamed('ethash'), {}, /not on ethash/],
    ['another element type', kernelNamed('attention', 'i8'), {}, /not on attention\/i8/],
    [
      'causal queries that see nothing',
      kernelNamed('attention'),
      shapeOf({ batch: 1, heads: 1, kvHeads: 1, queryLength: 9, keyLength: 5, headSize: 8, causal: true }),
      /more queries than keys/,
    ],
  ] as const)('%s', (_, kernel, shape, words) => {
    for (const baseline of [onnxruntimeCpu, onnxruntimeWebgpu])
      expect(baseline.unsupported(kernel, shape)).toMatch(words);
  });

  test('nothing of what it can compute', () => {
    for (const s of attentionCases) expect(onnxruntimeCpu.unsupported(kernelNamed('attention'), shapeOf(s))).toBeNull();
    expect(onnxruntimeWebgpu.unsupported(kernelNamed('matmul'), { m: 1, n: 1, k: 1 })).toBeNull();
  });

  test('a library that is not installed, with the command that installs it', async () => {
    vi.doMock('onnxruntime-node', () => {
      throw new Error('Cannot find package');
    });
    try {
      const error = await importOrt('cpu').catch((e: unknown) => e);
      expect(error).toBeInstanceOf(BaselineUnavailable);
      expect((error as BaselineUnavailable).remedy).toMatch(/^npm install onnxruntime-node@/);
    } finally {
      vi.doUnmock('onnxruntime-node');
    }
  });
});

test('the probe keeps what decides which kernel the library takes', () => {
  const s = { batch: 4, heads: 32, kvHeads: 8, queryLength: 512, keyLength: 4096, headSize: 128, causal: true };
  expect(probeShape(s)).toEqual({ ...s, batch: 1, heads: 4, kvHeads: 1, queryLength: 40, keyLength: 73 });
  expect(probeShape({ ...s, queryLength: 1 })).toMatchObject({ queryLength: 1, keyLength: 34 });
  expect(probeShape({ ...s, queryLength: 512, keyLength: 512 })).toMatchObject({ queryLength: 40, keyLength: 40 });
});

describe.skipIf(unavailable)(`onnxruntime/webgpu, in a process of its own${why}`, () => {
  const shape = matmulCases[2];
  const inputs = [matmulInput(shape, 1), matmulInput(shape, 9)];
  const jobs: Job[] = [
    { kernel: { id: 'matmul', type: 'f32' }, shape, inputs, runs: 6 },
    ...attentionCases.map((s): Job => {
      const input = attentionInput(s, 5);
      return { kernel: { id: 'attention', type: 'f32' }, shape: shapeOf(s), inputs: [input], runs: 2 };
    }),
  ];

  test('computes the workloads on the GPU', { timeout: 300_000 }, async (ctx) => {
    // The adapter that our own worker opens, SwiftShader from npm included.
    const card = await cardOrSkip(ctx);
    await card.close();
    const answer: ChildAnswer = await inWebgpuChild(WEBGPU, jobs, card.env);
    if ('error' in answer) throw new Error(answer.error.message);
    expect(answer.provenance).toMatch(/^onnxruntime \d+\.\d+\.\d+, webgpu$/);
    const [matmul, ...attention] = answer.answers;
    // Six runs over two sets: the last was on the second.
    expect(worstError(matmul?.output.c ?? [], matmulF64(inputs[1] as (typeof inputs)[number]))).toBeLessThan(BOUND);
    for (const [i, s] of attentionCases.entries())
      expect(worstError(attention[i]?.output.out ?? [], attentionF64(s, attentionInput(s, 5))), nameOf(s)).toBeLessThan(
        BOUND,
      );
    expect(answer.answers.flatMap((a) => a.reasons)).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('says what is missing when there is no driver', async () => {
    const nothing = { VK_DRIVER_FILES: '/nonexistent', VK_ICD_FILENAMES: '/nonexistent' };
    const answer = await inWebgpuChild(WEBGPU, [], nothing);
    expect(answer).toMatchObject({
      error: { name: 'BaselineUnavailable', message: expect.stringContaining('WebGPU'), remedy: expect.any(String) },
    });
  });
});
