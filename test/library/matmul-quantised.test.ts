import { afterAll, describe, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { matmulI8 } from '../../kernels/matmul-i8/kernel.js';
import { packNibbles } from '../../kernels/matmul-q4/format.js';
import { matmulQ4 } from '../../kernels/matmul-q4/kernel.js';
import { workloadId } from '../../kernels/shape.js';
import { cardOrSkip } from '../harness/adapter.js';

let opened: Promise<Card> | null = null;
const card = (context: Parameters<typeof cardOrSkip>[0]) => {
  opened ??= cardOrSkip(context);
  return opened;
};
afterAll(async () => (await opened)?.close());

/** Skips where the adapter lacks what the variant requires. */
async function cardWith(requires: readonly string[] = [], context: Parameters<typeof cardOrSkip>[0]): Promise<Card> {
  const gpu = await card(context);
  const missing = requires.filter((feature) => !gpu.device.features.includes(feature));
  if (missing.length > 0) context.skip(`${gpu.device.name} lacks ${missing.join(', ')}`);
  return gpu;
}

describe('matmul/q4', () => {
  for (const { id: variant, requires } of matmulQ4.variants)
    test(`${variant}: uniform floats, whose scales differ`, async (context) => {
      const gpu = await cardWith(requires, context);
      for (const [m, n, k] of [
        [1, 70, 288],
        [6, 34, 64],
        [66, 129, 160],
      ] as const) {
        const input = matmulQ4.input({ m, n, k }, 12);
        const answer = await gpu.run('matmul/q4', { variant, ...input });
        const verdict = matmulQ4.oracle({ m, n, k }, input, 12).check(answer);
        expect(verdict, `m${m}-n${n}-k${k}`).toMatchObject({ correct: true });
      }
    });

  test('a block worked by hand, by whichever variant the card takes', async (context) => {
    const weights = packNibbles(Array.from({ length: 32 }, (_, i) => (i % 16) - 8));
    const a = new Float32Array(32).fill(1);
    // Each half of the block sums to −8.
    const { c } = await (await card(context)).run('matmul/q4', {
      ...{ m: 1, n: 1, k: 32, a, weights },
      scales: Float32Array.of(0.25),
    });
    expect([...c]).toEqual([-4]);
  });
});

describe('matmul/i8', () => {
  for (const { id: variant, requires } of matmulI8.variants)
    test(`${variant}: all of int8, batches, b either way`, async (context) => {
      const gpu = await cardWith(requires, context);
      for (const transposeB of [0, 1])
        for (const [m, n, k, batch] of [
          [6, 33, 100, 2],
          [20, 36, 35, 2],
        ] as const) {
          const shape = { m, n, k, batch, transposeB };
          const input = matmulI8.input(shape, 12);
          const answer = await gpu.run('matmul/i8', { variant, ...input });
          const verdict = matmulI8.oracle(shape, input, 12).check(answer);
          expect(verdict, workloadId(matmulI8 as never, shape)).toMatchObject({ correct: true });
        }
    });

  test('the published example, by whichever variant the card takes', async (context) => {
    const gpu = await card(context);
    for (const { input, oracle } of matmulI8.knownAnswers ?? [])
      expect(oracle.check(await gpu.run('matmul/i8', input))).toMatchObject({ correct: true });
  });
});
