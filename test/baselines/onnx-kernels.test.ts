import { describe, expect, test } from 'vitest';
import { onnxKernels } from '../../bench/baselines/onnx-kernels.js';
import { integerProgram } from '../../bench/baselines/onnx-matmul.js';
import { onnxruntimeCpu } from '../../bench/baselines/onnxruntime.js';
import { choosePrograms } from '../../bench/baselines/onnxruntime-programs.js';
import { importOrt, runOnce, sessionOptions } from '../../bench/baselines/onnxruntime-session.js';
import type { Kernel, Shape } from '../../kernels/declaration.js';
import { kernels } from '../../kernels/index.js';
import { kernelName, workloadId } from '../../kernels/shape.js';
import { cardOrSkip } from '../harness/adapter.js';
import { inWebgpuChild, type Job } from './fixture/webgpu.js';
import { unavailable, why } from './ort.js';

/** Each kernel's own oracle judges, on its own probes: even seeds are uniform, odd ones mostly whole numbers. */
const SEEDS = [11, 12];
const known = kernels.filter(
  // Of the models the small one: they differ in sizes only, and gigabytes of weights would not be told apart better.
  (kernel) => onnxKernels.includes(kernelName(kernel)) && !kernel.type?.startsWith('llama-'),
);
const cases = known.flatMap((kernel) =>
  [...kernel.probes, kernel.pilot].map((shape) => [workloadId(kernel, shape), kernel, shape] as const),
);

function judge(kernel: Kernel, shape: Shape, seed: number, output: unknown) {
  return kernel.oracle(shape, kernel.input(shape, seed), seed).check(output);
}

describe.skipIf(unavailable)(`onnxruntime/cpu on the kernels' own probes${why}`, () => {
  test.each(cases)('%s', async (_, kernel, shape) => {
    await onnxruntimeCpu.open({ deviceName: null, software: null, mode: 'safe' });
    expect(onnxruntimeCpu.unsupported(kernel, shape)).toBeNull();
    const inputs = SEEDS.map((seed) => kernel.input(shape, seed));
    const loaded = await onnxruntimeCpu.load(kernel, shape, inputs);
    for (const [set, seed] of SEEDS.entries()) {
      await loaded.run(set);
      await loaded.finish();
      expect(judge(kernel, shape, seed, await loaded.output()), `seed ${seed}`).toMatchObject({ correct: true });
    }
    await loaded.release();
  });

  // What the GPU provider is given must mean the same; here every form of it is held against the oracle on the CPU.
  test.each(cases.filter(([, kernel]) => kernel.type !== 'i8'))(
    'every form for a GPU, %s',
    async (_, kernel, shape) => {
      const { ort } = await importOrt('cpu');
      const { programs } = await choosePrograms(ort, 'webgpu', kernel, shape, true);
      for (const program of programs)
        for (const seed of SEEDS) {
          const output = await runOnce(ort, program, kernel.input(shape, seed), sessionOptions('cpu', 1));
          expect(judge(kernel, shape, seed, output), `${program.form}, seed ${seed}`).toMatchObject({ correct: true });
        }
    },
  );

  test('int8 is the same with and without a zero point', async () => {
    const { ort } = await importOrt('cpu');
    const s = { m: 3, n: 5, k: 67, batch: 2, transposeB: true };
    const whole = (length: number) => Int8Array.from({ length }, (_, i) => ((i * 37) % 256) - 128);
    const input = { a: whole(402), b: whole(670) };
    const answers = [true, false].map((unsigned) =>
      runOnce(ort, integerProgram(s, unsigned, { weightsConstant: false }), input, sessionOptions('cpu', 1)),
    );
    const [withPoint, without] = await Promise.all(answers);
    expect(withPoint).toEqual(without);
  });
});

describe.skipIf(unavailable)(`onnxruntime/webgpu on the kernels' own probes${why}`, () => {
  const WEBGPU = { module: 'bench/baselines/onnxruntime-webgpu.js', name: 'onnxruntimeWebgpu' };

  test('right, and said to be on the CPU where they are', { timeout: 300_000 }, async (ctx) => {
    const card = await cardOrSkip(ctx);
    await card.close();
    // The pilot last: it is large enough for a trial of forms.
    const jobs = cases.map(
      ([, kernel, shape]): Job => ({
        kernel: { id: kernel.id, ...(kernel.type && { type: kernel.type }) },
        shape,
        inputs: SEEDS.map((seed) => kernel.input(shape, seed)),
        runs: 2,
      }),
    );
    const answer = await inWebgpuChild(WEBGPU, jobs, card.env);
    if ('error' in answer) throw new Error(answer.error.message);
    for (const [i, [id, kernel, shape]] of cases.entries()) {
      const { output, reasons, provenance } = answer.answers[i] as (typeof answer.answers)[number];
      expect(judge(kernel, shape, SEEDS[1] as number, output), id).toMatchObject({ correct: true });
      // The provider has no kernel for MatMulInteger.
      const codes = kernel.type === 'i8' ? ['silent-cpu-fallback'] : [];
      expect(
        reasons.map(({ code }) => code),
        id,
      ).toEqual(codes);
      if (kernel.id === 'matmul' && kernel.type === 'f32' && shape === kernel.pilot)
        expect(provenance).toMatch(/^(MatMul|Gemm).* \((MatMul|Gemm).* took [\d.]+ times as long\)$/);
    }
  });
});
