import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkCudaDevice, nvidiaModels } from '../../bench/baselines/cuda-device.js';
import { OnnxruntimeConstants, onnxruntimeCuda } from '../../bench/baselines/onnxruntime-cuda.js';
import { isDownloaded } from '../../bench/baselines/onnxruntime-session.js';
import { BaselineUnavailable } from '../../harness/baseline.js';
import { findKernel } from '../../kernels/index.js';
import {
  attentionCases,
  attentionF64,
  attentionInput,
  matmulCases,
  matmulF64,
  matmulInput,
  nameOf,
  shapeOf,
  worstError,
} from './cases.js';
import { inWebgpuChild, type Job } from './fixture/webgpu.js';
import { unavailable, why } from './ort.js';

const BOUND = 2e-5;

describe('which card CUDA takes', () => {
  const [mine, other] = ['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4090'];
  test('is no question where there is one, or where the user has said which', () => {
    expect(() => checkCudaDevice(mine, [mine], undefined)).not.toThrow();
    expect(() => checkCudaDevice(null, [mine], undefined)).not.toThrow();
    expect(() => checkCudaDevice(mine, [other, mine], '1')).not.toThrow();
    expect(() => checkCudaDevice(mine, null, '0')).not.toThrow();
  });

  test.each([
    ['AMD Radeon RX 6800', [mine], undefined, /does not compute on AMD/],
    ['AMD Radeon RX 6800', null, '0', /does not compute on AMD/],
    [mine, [mine, mine], undefined, /2 cards/],
    [mine, [], undefined, /0 cards/],
    [mine, [mine, other], '0,1', /2 cards/],
    [mine, [other], undefined, /CUDA's card is NVIDIA GeForce RTX 4090, ours is/],
    [mine, null, undefined, /does not say/],
    [mine, null, '', /does not say/],
  ])('is refused for %s among %j with CUDA_VISIBLE_DEVICES %s', (card, models, visible, words) => {
    expect(() => checkCudaDevice(card, models, visible)).toThrow(words);
    expect(() => checkCudaDevice(card, models, visible)).toThrow(BaselineUnavailable);
  });

  test('is read from what the driver says', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-cuda-'));
    try {
      mkdirSync(join(folder, '0000:01:00.0'));
      writeFileSync(join(folder, '0000:01:00.0', 'information'), `Model: \t\t ${mine}\nIRQ:   \t\t 42\n`);
      expect(nvidiaModels(folder)).toEqual([mine]);
      expect(nvidiaModels(join(folder, 'nothing'))).toBeNull();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

// CUDA is not at hand, but what is particular to that baseline, inputs as constants, is the same on the CPU.
describe.skipIf(unavailable)(`ONNX Runtime with every input a constant${why}`, () => {
  const open = async () => {
    const baseline = new OnnxruntimeConstants('test/cpu', 'cpu');
    await baseline.open({ deviceName: null, software: false, mode: 'safe' });
    return baseline;
  };

  test.each(['matmul/f32', 'matmul/f16', 'matmul/i8', 'matmul/q4', 'attention/f32', 'attention/f16'])(
    '%s: right for each input set, and computed in each run',
    async (name) => {
      const baseline = await open();
      const kernel = findKernel(name);
      for (const shape of [...kernel.probes, kernel.pilot]) {
        const seeds = [11, 12];
        const inputs = seeds.map((seed) => kernel.input(shape, seed));
        const loaded = await baseline.load(kernel, shape, inputs);
        for (const set of [1, 0]) {
          await loaded.run(set);
          await loaded.finish();
          const seed = seeds[set] as number;
          const verdict = kernel.oracle(shape, inputs[set], seed).check(await loaded.output());
          expect(verdict, `${name} ${JSON.stringify(shape)}`).toMatchObject({ correct: true });
        }
        // The profile of a run names it, so it was not folded while loading; on the CPU every operator is a stray.
        expect(loaded.reasons[0]?.detail).toMatch(kernel.id === 'attention' ? /Attention/ : /MatMul/);
        await loaded.release();
      }
      await baseline.close();
    },
  );

  test.skipIf(isDownloaded('cuda'))('says how to get the provider where it was not downloaded', async () => {
    const error = await onnxruntimeCuda.open({ deviceName: null, software: false, mode: 'safe' }).catch((e) => e);
    expect(error).toBeInstanceOf(BaselineUnavailable);
    expect(error).toMatchObject({
      message: expect.stringMatching(/cuda/),
      remedy: expect.stringMatching(/cuda12 npm rebuild|run on linux-x64/),
    });
  });
});

describe('tfjs-node-gpu, against a package that stands for it', () => {
  const which = { module: 'bench/baselines/tensorflow-node-gpu.js', name: 'tensorflowNodeGpu' };
  const NODE_PATH = fileURLToPath(new URL('./fixture/modules', import.meta.url));
  const env = { NODE_PATH, CUDA_VISIBLE_DEVICES: '0' };
  const job = (id: string, shape: Job['shape'], inputs: readonly unknown[]): Job => ({
    kernel: { id, type: 'f32' },
    ...{ shape, inputs },
    runs: 2 * inputs.length,
  });

  test('computes the workloads with every operator that it uses', async () => {
    const batched = { m: 5, n: 6, k: 9, batch: 3, transposeB: 1 };
    const jobs = [
      ...[...matmulCases, batched].map((s) => job('matmul', s, [matmulInput(s, 1), matmulInput(s, 9)])),
      ...attentionCases.map((s) => job('attention', shapeOf(s), [attentionInput(s, 5)])),
    ];
    const answer = await inWebgpuChild(which, jobs, env);
    if ('error' in answer) throw new Error(answer.error.message);
    expect(answer.provenance).toBe('tfjs-node-gpu 4.22.0-fixture, cuda, TF32 off');
    const outputs = answer.answers.map(({ output }) => output);
    for (const [i, s] of [...matmulCases, batched].entries())
      expect(worstError(outputs[i]?.c ?? [], matmulF64(matmulInput(s, 9)))).toBeLessThan(BOUND);
    for (const [i, s] of attentionCases.entries()) {
      const got = outputs[matmulCases.length + 1 + i]?.out ?? [];
      expect(worstError(got, attentionF64(s, attentionInput(s, 5))), nameOf(s)).toBeLessThan(BOUND);
    }
  });

  test.each([
    [
      'the package is not there',
      { NODE_PATH: '' },
      null,
      /cannot be loaded: Cannot find module/,
      /npm install .*tfjs-node-gpu@/,
    ],
    ['it found no GPU', { FIXTURE_GPU: '0' }, null, /would compute on the CPU/, /CUDA 11\.2/],
    ['the card is not for CUDA', {}, 'AMD Radeon', /does not compute on AMD Radeon/, /NVIDIA/],
  ])('is refused when %s', async (_, changed, deviceName, message, remedy) => {
    const answer = await inWebgpuChild({ ...which, deviceName }, [], { ...env, ...changed });
    expect(answer).toMatchObject({
      error: {
        name: 'BaselineUnavailable',
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(remedy),
      },
    });
  });
});
