import { afterAll, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { findKernel } from '../../kernels/index.js';
import type { LlmInput, LlmOutput } from '../../kernels/llm/reference.js';
import { cardOrSkip } from '../harness/adapter.js';

let opened: Promise<Card> | null = null;
afterAll(async () => (await opened)?.close());

const difference = (a: Float32Array, b: Float32Array) => {
  const [error, size] = [a.map((x, i) => x - (b[i] as number)), b].map((v) => Math.hypot(...v)) as [number, number];
  return error / size;
};

// The oracle goes block by block on the device's own states; this goes through the whole model in f64 without them.
test('a prompt through the whole model comes out as in f64, keys and values of every token included', async (context) => {
  opened ??= cardOrSkip(context);
  const card = await opened;
  const kernel = findKernel('llm/tiny-q4');
  const input = kernel.input({ pp: 13, tg: 0 }, 21) as LlmInput;
  const got = (await card.run('llm/tiny-q4', { variant: 'portable', ...input })) as LlmOutput;
  const want = kernel.reference({ pp: 13, tg: 0 }, input) as LlmOutput;
  // Two layers of roundings to f16, none of which is amplified: a hundredth is beyond all of them together.
  for (const name of ['keys', 'values', 'trace'] as const)
    for (const [i, array] of want[name].entries())
      expect(difference(got[name][i] as Float32Array, array)).toBeLessThan(0.01);
  expect(difference(got.logits, want.logits)).toBeLessThan(0.01);
});
