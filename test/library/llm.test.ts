import { afterAll, describe, expect, test } from 'vitest';
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

// The oracle goes block by block on the device's own states of the last token; this goes through the whole model in
// f64 without them, keys and values of every token in every layer included.
describe.each([
  ['a prompt is read', { pp: 13, tg: 0 }],
  // So many that the context is cut in pieces, of which the first tokens fill only one.
  ['tokens are generated', { pp: 0, tg: 9 }],
] as const)('%s as in f64', (_, shape) => {
  const kernel = findKernel('llm/tiny-q4');
  const input = kernel.input(shape, 21) as LlmInput;
  const want = kernel.reference(shape, input) as LlmOutput;

  for (const { id: variant, requires = [] } of kernel.variants)
    test(`by ${variant}`, async (context) => {
      opened ??= cardOrSkip(context);
      const card = await opened;
      const missing = requires.filter((feature) => !card.device.features.includes(feature));
      if (missing.length > 0) context.skip(`${card.device.name} lacks ${missing.join(', ')}`);
      const got = (await card.run('llm/tiny-q4', { variant, ...input })) as LlmOutput;
      expect(got.sampled).toEqual(want.sampled);
      // Two layers of roundings to f16, none of which is amplified: a hundredth is beyond all of them together.
      for (const name of ['keys', 'values', 'trace'] as const)
        for (const [i, array] of want[name].entries())
          expect(difference(got[name][i] as Float32Array, array)).toBeLessThan(0.01);
      expect(difference(got.logits, want.logits)).toBeLessThan(0.01);
    });
});
