import { afterAll, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import type { BlockInput } from '../../kernels/decoder-block/reference.js';
import { findKernel } from '../../kernels/index.js';
import { cardOrSkip } from '../harness/adapter.js';

let opened: Promise<Card> | null = null;
afterAll(async () => (await opened)?.close());

test('odd numbers of tokens, with and without earlier ones, are as in f64', { timeout: 240_000 }, async (context) => {
  opened ??= cardOrSkip(context);
  const card = await opened;
  const kernel = findKernel('decoder-block/tiny-q4');
  for (const tokens of [1, 3, 13])
    for (const past of [0, 5]) {
      const shape = { tokens, context: past + tokens };
      const input = kernel.input(shape, 7) as BlockInput;
      const { hidden, pastKeys, pastValues } = input;
      const earlier = past > 0 ? { pastKeys, pastValues } : {};
      const got = await card.run('decoder-block/tiny-q4', { variant: 'portable', hidden, ...earlier });
      expect(kernel.oracle(shape, input, 7).check(got), JSON.stringify(shape)).toMatchObject({ correct: true });
    }
});
