import { describe, expect, test } from 'vitest';
import { blockProgram, blockWeights, composedBlock, fusedBlock } from '../../bench/baselines/onnx-block.js';
import { importOrt, runOnce, sessionOptions } from '../../bench/baselines/onnxruntime-session.js';
import type { BlockOutput } from '../../kernels/decoder-block/reference.js';
import { findKernel } from '../../kernels/index.js';
import { models } from '../../kernels/llm/models.js';
import { unavailable, why } from './ort.js';

const tiny = models[0] as (typeof models)[number];
const sizes = [
  [1, 1],
  [1, 6],
  [3, 3],
  [3, 8],
  [13, 13],
  [13, 18],
] as const;

describe.skipIf(unavailable)(`ONNX Runtime's CPU provider agrees with our f64${why}`, () => {
  const cases = (['f16', 'q4'] as const).flatMap((type) =>
    sizes.flatMap(([tokens, context]) =>
      [fusedBlock, composedBlock].flatMap((form) =>
        [true, false].map((constant) => [type, tokens, context, form.form, form, constant] as const),
      ),
    ),
  );
  test.each(cases)('%s, %i of %i tokens, %s', async (type, tokens, context, _, form, constant) => {
    const { ort } = await importOrt('cpu');
    const kernel = findKernel(`decoder-block/tiny-${type}`);
    const shape = { tokens, context };
    const weights = blockWeights(tiny, type, context);
    const program = blockProgram(tiny, type, shape, form, weights, constant);
    for (const seed of [2, 3]) {
      const input = kernel.input(shape, seed);
      const output = (await runOnce(ort, program, input, sessionOptions('cpu', 1))) as BlockOutput;
      const verdict = kernel.oracle(shape, input, seed).check(output);
      expect(verdict).toMatchObject({ correct: true });
      // A tenth of what the bound allows: both round to f16 at much the same places.
      expect(verdict.maxError as number).toBeLessThan(0.1 * 64 * 2 ** -11);
    }
  });
});

test('an odd one out is told from a right one: pairs of neighbours in place of halves of a head', async () => {
  if (unavailable) return;
  const { ort } = await importOrt('cpu');
  const kernel = findKernel('decoder-block/tiny-q4');
  const shape = { tokens: 3, context: 8 };
  const input = kernel.input(shape, 2);
  const interleaved = {
    ...fusedBlock,
    heads: (...[model, s]: Parameters<typeof fusedBlock.heads>) => {
      const right = fusedBlock.heads(model, s);
      const nodes = right.nodes.map((node) => ({
        ...node,
        attributes: { ...node.attributes, rotary_interleaved: { int: 1 } },
      }));
      return { ...right, nodes };
    },
  };
  const program = blockProgram(tiny, 'q4', shape, interleaved, blockWeights(tiny, 'q4', 8), false);
  const output = (await runOnce(ort, program, input, sessionOptions('cpu', 1))) as BlockOutput;
  expect(kernel.oracle(shape, input, 2).check(output).detail).toMatch(/^keys at position 5: off by/);
});
