import { afterAll, describe, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { attention, attentionF16 } from '../../kernels/attention/kernel.js';
import type { AttentionInput } from '../../kernels/attention/reference.js';
import { cardOrSkip } from '../harness/adapter.js';

let opened: Promise<Card> | null = null;
const card = (context: Parameters<typeof cardOrSkip>[0]) => {
  opened ??= cardOrSkip(context);
  return opened;
};
afterAll(async () => (await opened)?.close());

// Small, since every variant compiles anew for it; 41 keys are no whole number of any block.
const shape = { batch: 1, heads: 2, kvHeads: 1, queryLength: 5, keyLength: 41, headSize: 8, causal: 1 };
const SIZE = shape.headSize;

const random = (): AttentionInput => {
  const { q, k, v, ...rest } = attention.input(shape, 4);
  return { ...rest, q: q.slice(), k: k.slice(), v: v.slice() };
};
/** `change` sees arrays that it may write to. */
const changed = (change: (input: AttentionInput) => void): AttentionInput => {
  const input = random();
  change(input);
  return input;
};

/** Inputs that break what is only nearly right. */
const cases: Record<string, AttentionInput> = {
  'all scores equal': changed(({ q }) => q.fill(0)),
  'one key far above all others, the last': changed(({ q, k }) => {
    q.fill(4);
    k.fill(40, 40 * SIZE);
  }),
  'scores that rise with every key': changed(({ q, k }) => {
    q.fill(1);
    for (let i = 0; i < k.length; i++) k[i] = Math.floor(i / SIZE);
  }),
  'very negative scores only': changed(({ q, k }) => {
    q.fill(8);
    k.fill(-100);
  }),
  'values that cancel': changed(({ q, v }) => {
    q.fill(0);
    for (let i = 0; i < v.length; i++) v[i] = (Math.floor(i / SIZE) % 2 ? -1 : 1) * 30000;
  }),
  denormals: changed(({ v }) => v.fill(1e-40)),
  'NaN in one key': changed(({ k }) => k.fill(Number.NaN, 7 * SIZE, 7 * SIZE + 1)),
  'NaN in the last value, which one query of a head sees': changed(({ v }) => v.fill(Number.NaN, 40 * SIZE)),
  'infinity in the last value': changed(({ v }) => v.fill(Number.POSITIVE_INFINITY, 40 * SIZE)),
  'minus infinity in a value that all see': changed(({ v }) =>
    v.fill(Number.NEGATIVE_INFINITY, 3 * SIZE, 3 * SIZE + 2),
  ),
  'infinity in a query': changed(({ q }) => q.fill(Number.POSITIVE_INFINITY, SIZE, SIZE + 1)),
  'infinity in a key': changed(({ k }) => k.fill(Number.POSITIVE_INFINITY, 9 * SIZE, 9 * SIZE + 1)),
};

describe.each([
  ['attention', attention],
  ['attention/f16', attentionF16],
] as const)('%s', (name, kernel) => {
  for (const { id: variant, requires = [] } of kernel.variants)
    for (const [what, given] of Object.entries(cases))
      test(`${variant}: ${what}`, async (context) => {
        const gpu = await card(context);
        const missing = requires.filter((f) => !gpu.device.features.includes(f));
        if (missing.length > 0) context.skip(`${gpu.device.name} lacks ${missing.join(', ')}`);
        const { input } = kernel.shapeOf(given);
        const { out } = await gpu.run(name, { variant, ...given });
        expect(kernel.oracle(shape, input, 1).check({ out })).toMatchObject({ correct: true });
        // What a row does not see must not reach it: the oracle's leave for infinities is not taken.
        if (what.includes('last value'))
          for (let row = 0; row < 10; row++)
            for (let i = 0; i < SIZE; i++) expect(Number.isFinite(out[row * SIZE + i])).toBe(row % 5 !== 4);
      });
});
