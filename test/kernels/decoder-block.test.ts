import { describe, expect, test } from 'vitest';
import { decoderBlocks } from '../../kernels/decoder-block/kernel.js';
import type { BlockInput, BlockOutput } from '../../kernels/decoder-block/reference.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { fromF16 } from '../../kernels/f16.js';
import { findKernel } from '../../kernels/index.js';
import { layerMatrices, models, normSeed } from '../../kernels/llm/models.js';
import type { LlmInput, LlmOutput } from '../../kernels/llm/reference.js';
import { matrixRow, normWeights, storedNorm, storedRows } from '../../kernels/llm/weights.js';
import { checkShape, parseShape, workloadId } from '../../kernels/shape.js';

const kernel = findKernel('decoder-block/tiny-q4');
const tiny = models[0] as (typeof models)[number];
const { width, kvHeads, headSize } = tiny;

test('one for every model and type of weights, with a prompt and a token after one', () => {
  expect(decoderBlocks.map((k) => k.type)).toEqual(models.flatMap(({ id }) => [`${id}-f16`, `${id}-q4`]));
  expect(findKernel('decoder-block/llama-1b-q4').workloads.map((shape) => workloadId(kernel, shape))).toEqual([
    'decoder-block/tiny-q4/q512-k512',
    'decoder-block/tiny-q4/q1-k512',
  ]);
});

describe.each([
  { tokens: 5, context: 5 },
  { tokens: 3, context: 8 },
  { tokens: 1, context: 6 },
])('the oracle on %o', (shape) => {
  const input = kernel.input(shape, 4) as BlockInput;
  const right = kernel.reference(shape, input) as BlockOutput;
  const oracle = kernel.oracle(shape, input, 4);
  const { tokens, context } = shape;
  const changed = (change: (copy: BlockOutput) => void) => {
    const copy = structuredClone(right);
    change(copy);
    return oracle.check(copy);
  };

  test('its own reference passes', () => {
    expect(oracle.check(right)).toMatchObject({ correct: true });
  });

  test.each<[string, (copy: BlockOutput) => void, RegExp]>([
    [
      'an element is off by a tenth of the mean',
      (o) => o.out.set([(o.out.at(-1) as number) + 0.1], o.out.length - 1),
      /^out of token \d+: off by/,
    ],
    ['the layer added nothing', (o) => o.out.set(input.hidden), /^out of token 0/],
    [
      'the state was forgotten',
      (o) => o.out.set(o.out.map((x, i) => x - (input.hidden[i] as number))),
      /^out of token 0/,
    ],
    [
      'a new key is an earlier one’s',
      (o) => o.keys.copyWithin((context - 1) * headSize, 0, headSize),
      context > 1 ? /^keys at/ : /./,
    ],
    [
      'a new value is zero',
      (o) => o.values.fill(0, (context - 1) * headSize, context * headSize),
      /^values at position \d+: off by \d/,
    ],
    ['a state is NaN', (o) => o.out.fill(Number.NaN, 0, 1), /^out of token 0: off by NaN/],
  ])('refused: %s', (_, change, detail) => {
    const verdict = changed(change);
    expect(verdict.correct).toBe(false);
    expect(verdict.detail).toMatch(detail);
  });

  test('another seed’s output and a short one are refused', () => {
    expect(kernel.oracle(shape, kernel.input(shape, 6), 6).check(right).correct).toBe(false);
    expect(oracle.check({ ...right, out: right.out.slice(1) }).detail).toBe(
      `out must hold ${tokens * width} elements, got ${tokens * width - 1}`,
    );
  });
});

test('an earlier key that is another by one bit is refused', () => {
  const shape = { tokens: 3, context: 8 };
  const input = kernel.input(shape, 4);
  const { keys, ...rest } = kernel.reference(shape, input) as BlockOutput;
  keys.set([(keys[0] as number) * (1 + 2 ** -10)]);
  expect(kernel.oracle(shape, input, 4).check({ ...rest, keys })).toEqual({
    ...{ correct: false, maxError: null },
    detail: 'keys at position 0: an earlier token’s, must be as it was given',
  });
});

test('earlier tokens matter: the last token of several is the same as one with the others in the cache', () => {
  const all = kernel.input({ tokens: 6, context: 6 }, 8) as BlockInput;
  const whole = kernel.reference({ tokens: 6, context: 6 }, all) as BlockOutput;
  const earlier = (cache: Float32Array) =>
    Float32Array.from({ length: kvHeads * 5 * headSize }, (_, i) => {
      const head = Math.floor(i / (5 * headSize));
      return cache[i + head * headSize] as number;
    });
  const last = {
    hidden: all.hidden.slice(5 * width),
    pastKeys: earlier(whole.keys),
    pastValues: earlier(whole.values),
  };
  const { shape, input } = kernel.shapeOf(last);
  expect(shape).toEqual({ tokens: 1, context: 6 });
  const alone = kernel.reference(shape, input) as BlockOutput;
  const errors = alone.out.map((x, i) => Math.abs(x - (whole.out[5 * width + i] as number)));
  // The cache was rounded to f16 between.
  expect(Math.max(...errors)).toBeLessThan(0.01);
});

// Its arithmetic is the model's own, which the model's tests hold against f64 token by token.
test.each(['f16', 'q4'])('the first layer of a whole model with %s weights', (type) => {
  const llm = findKernel(`llm/tiny-${type}`);
  const input = llm.input({ pp: 4, tg: 0 }, 3) as LlmInput;
  const { trace, keys } = llm.reference({ pp: 4, tg: 0 }, input) as LlmOutput;
  const table = [...input.tokens].map((token) =>
    matrixRow({ name: 'e', n: 1024, k: width, type: 'f16', seed: 1 }, token),
  );
  const hidden = Float32Array.from(table.flatMap((row) => [...row]));
  const block = findKernel(`decoder-block/tiny-${type}`);
  const given = block.shapeOf({ hidden });
  const out = block.reference(given.shape, given.input) as BlockOutput;
  const error = (trace[2] as Float32Array).map((x, i) => Math.abs(x - (out.out[3 * width + i] as number)));
  expect(Math.max(...error)).toBeLessThan(2 ** -9);
  expect(Math.max(...out.keys.map((x, i) => Math.abs(x - (keys[0]?.[i] as number))))).toBeLessThan(2 ** -9);
});

test.each(['f16', 'q4'] as const)('%s weights for other libraries are what the arithmetic has', (type) => {
  const { qkv } = layerMatrices(tiny, 0, type);
  const stored = storedRows(qkv, 300, 303);
  for (let row = 0; row < 3; row++) {
    const want = matrixRow(qkv, 300 + row);
    const got =
      stored.type === 'f16'
        ? fromF16(stored.weights.subarray(row * width, (row + 1) * width))
        : want.map((_, i) => {
            const at = row * width + i;
            const nibble = ((stored.weights[at >> 1] as number) >> (4 * (at % 2))) & 15;
            return (nibble - 8) * (fromF16(stored.scales)[at >> 5] as number);
          });
    expect([...got]).toEqual([...want]);
  }
  expect([...fromF16(storedNorm(width, normSeed(1)))]).toEqual([...normWeights(width, normSeed(1))]);
});

describe('bad input', () => {
  test('a context without room for the tokens', () => {
    expect(() => checkShape(kernel, { tokens: 3, context: 2 })).toThrow(
      new ShapeError(
        'decoder-block: context holds the tokens that go through too, so k must be at least q; got q 3 and k 2',
      ),
    );
    expect(() => parseShape(kernel, 'q0-k4')).toThrow(
      'decoder-block: tokens must be a whole number from 1 to 65536, got 0',
    );
  });

  test.each<[unknown, string]>([
    [{}, 'hidden must be a Float32Array, got undefined'],
    [{ hidden: [1] }, 'hidden must be a Float32Array, got Array'],
    [{ hidden: new Float32Array(0) }, 'hidden must hold at least one token, got none'],
    [{ hidden: new Float32Array(255) }, 'hidden must hold a multiple of 256 elements (width), got 255'],
    [
      { hidden: new Float32Array(256), pastKeys: new Float32Array(100) },
      'pastKeys must hold a multiple of 128 elements (kvHeads · headSize), got 100',
    ],
    [
      { hidden: new Float32Array(256), pastKeys: new Float32Array(128) },
      'pastValues must hold as many elements as pastKeys, got 0 and 128',
    ],
    [
      { hidden: new Float32Array(256), cache: 1 },
      'decoder-block/tiny-q4: unknown argument "cache"; expected hidden, pastKeys, pastValues',
    ],
  ])('%#', (input, message) => {
    expect(() => kernel.shapeOf(input)).toThrow(new InputError(message));
  });
});
