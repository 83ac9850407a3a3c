import { describe, expect, test } from 'vitest';
import type { Limits, Plan, Shape } from '../../kernels/declaration.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { findKernel } from '../../kernels/index.js';
import { models, parameterCount, tokenMatrices, weightBytes } from '../../kernels/llm/models.js';
import type { LlmInput, LlmOutput } from '../../kernels/llm/reference.js';
import { matrixRow, wordAt } from '../../kernels/llm/weights.js';
import { checkShape } from '../../kernels/shape.js';

const tiny = findKernel('llm/tiny-q4');

describe('models', () => {
  // The numbers of parameters that the models' own safetensors headers add up to.
  test.each([
    ['llama-1b', 1_235_814_400],
    ['llama-3b', 3_212_749_824],
    ['llama-8b', 8_030_261_248],
  ])('%s has as many parameters as the published one', (id, parameters) => {
    const model = models.find((m) => m.id === id) as (typeof models)[number];
    expect(parameterCount(model)).toBe(parameters);
    expect(weightBytes(model, 'f16')).toBe(2 * parameters);
  });

  test('every size is a multiple of 128, as the plan wants it', () => {
    for (const model of models)
      for (const { n, k } of tokenMatrices(model, 'f16')) expect([n % 128, k % 128]).toEqual([0, 0]);
  });

  test('weights spread so that a product keeps the size of its input', () => {
    for (const type of ['f16', 'q4'] as const) {
      const row = matrixRow({ name: 'w', n: 4, k: 4096, type, seed: 9 }, 3);
      const squares = row.reduce((sum, x) => sum + x * x, 0);
      expect(squares).toBeGreaterThan(0.4);
      expect(squares).toBeLessThan(2.5);
    }
  });

  test('words depend on seed and place', () => {
    const words = new Set(Array.from({ length: 1000 }, (_, i) => [wordAt(1, i), wordAt(2, i)]).flat());
    expect(words.size).toBeGreaterThan(1990);
  });
});

describe.each([
  { pp: 5, tg: 0 },
  { pp: 0, tg: 3 },
])('the oracle on %o', (shape) => {
  const input = tiny.input(shape, 4) as LlmInput;
  const right = tiny.reference(shape, input) as LlmOutput;
  const oracle = tiny.oracle(shape, input, 4);
  const changed = (change: (copy: LlmOutput) => void) => {
    const copy = structuredClone(right);
    change(copy);
    return oracle.check(copy);
  };
  const last = 2 * 2;

  test('the whole model in f64 passes', () => {
    expect(oracle.check(right)).toMatchObject({ correct: true });
  });

  test.each<[string, (copy: LlmOutput) => void, RegExp]>([
    [
      'a state is a twentieth too large',
      (o) => o.trace[2]?.set(o.trace[2].map((x) => 1.05 * x)),
      /layer 0, feed-forward/,
    ],
    ['a block is left out', (o) => o.trace[3]?.set(o.trace[2] as Float32Array), /layer 1, attention/],
    ['a key is another position’s', (o) => o.keys[0]?.copyWithin(0, 64, 128), /first layer’s key/],
    ['values are zero', (o) => o.values[1]?.fill(0), /layer 1/],
    ['logits are negative', (o) => o.logits.set(o.logits.map((x) => -x)), /the largest logit/],
    ['a token was not the best', (o) => o.sampled.fill((o.sampled[0] as number) ^ 1), /the largest logit|embedding/],
    ['the last state is NaN', (o) => o.trace[last]?.fill(Number.NaN), /./],
    ['the logits are those of another state', (o) => o.trace[last]?.reverse(), /layer 1, feed-forward/],
  ])('refused: %s', (_, change, detail) => {
    const verdict = changed(change);
    expect(verdict.correct).toBe(false);
    expect(verdict.detail).toMatch(detail);
  });

  test('another prompt’s output is refused', () => {
    const other = tiny.input(shape, 5);
    expect(tiny.oracle(shape, other, 5).check(right).correct).toBe(false);
  });

  test('a short output is refused by name', () => {
    expect(oracle.check({ ...right, logits: right.logits.slice(1) }).detail).toBe(
      'logits must hold 1024 elements, got 1023',
    );
  });
});

test('either a prompt is read or tokens are generated', () => {
  for (const shape of [
    { pp: 0, tg: 0 },
    { pp: 2, tg: 2 },
  ])
    expect(() => checkShape(tiny, shape)).toThrow(ShapeError);
  expect(() => tiny.shapeOf({ tokens: Uint32Array.of(1, 2), generate: 3 })).toThrow(
    'generation begins with one token, got 2',
  );
  expect(() => tiny.shapeOf({ tokens: Uint32Array.of(1024) })).toThrow('tokens[0] must be below 1024, got 1024');
  expect(() => tiny.shapeOf({ tokens: [1] })).toThrow(InputError);
  expect(tiny.shapeOf({ tokens: Uint32Array.of(7), generate: 4 }).shape).toEqual({ pp: 0, tg: 4 });
});

describe('what a variant is made of', () => {
  const MATRIX = { componentType: 'f16', resultComponentType: 'f32', M: 16, N: 16, K: 16 };
  const limitsOf = (subgroupMaxSize: number) =>
    ({
      ...{ maxComputeWorkgroupStorageSize: 49152, maxComputeInvocationsPerWorkgroup: 1024 },
      ...{ maxComputeWorkgroupSizeX: 1024, maxComputeWorkgroupsPerDimension: 65535 },
      ...{ subgroupMinSize: subgroupMaxSize, subgroupMaxSize, subgroupMatrixConfigs: [MATRIX] },
    }) as unknown as Limits;
  const planOf = (name: string, variant: string, shape: Shape, subgroupSize: number) =>
    findKernel(name)
      .variants.find(({ id }) => id === variant)
      ?.plan(shape, {}, limitsOf(subgroupSize)) as Plan;
  const filesOf = (...of: Parameters<typeof planOf>) => new Set(planOf(...of).dispatches.map(({ wgsl }) => wgsl));
  const [PROMPT, TOKENS] = [
    { pp: 512, tg: 0 },
    { pp: 0, tg: 128 },
  ];

  test.each(['llama-1b', 'llama-3b', 'llama-8b'])('%s has its weights and no more, by every variant', (id) => {
    for (const { type, variants, model } of [findKernel(`llm/${id}-f16`), findKernel(`llm/${id}-q4`)])
      for (const variant of variants)
        for (const shape of [PROMPT, TOKENS])
          for (const size of [8, 32, 64]) {
            const { buffers } = planOf(`llm/${type}`, variant.id, shape, size);
            const made = buffers.filter(({ role, contents }) => role === 'resident' && !contents);
            const bytes = made.reduce((sum, { byteLength }) => sum + byteLength, 0);
            expect(bytes, `${type} ${variant.id}`).toBe(model?.weightBytes);
          }
  });

  test.each([
    ['subgroups', TOKENS, 32, 'matmul-q4/vector.wgsl', 'matmul-q4/lanes.wgsl'],
    ['subgroups', TOKENS, 8, 'matmul-q4/lanes.wgsl', 'matmul-q4/vector.wgsl'],
    ['subgroups', TOKENS, 32, 'attention/decode.wgsl', 'llm/attend.wgsl'],
    ['subgroups', PROMPT, 32, 'matmul-q4/register-tiled.wgsl', 'matmul-q4/subgroup.wgsl'],
    ['subgroups', PROMPT, 8, 'matmul-q4/subgroup.wgsl', 'matmul-q4/register-tiled.wgsl'],
    ['subgroups', PROMPT, 32, 'attention/flash-tiled.wgsl', 'attention/flash-lanes.wgsl'],
    ['subgroups', PROMPT, 8, 'attention/flash-lanes.wgsl', 'attention/flash-tiled.wgsl'],
    ['matrix-units', PROMPT, 32, 'matmul-q4/matrix-units.wgsl', 'matmul-q4/register-tiled.wgsl'],
    ['portable', TOKENS, 32, 'llm/attend.wgsl', 'attention/decode.wgsl'],
  ])('%s for %o with subgroups of %i: %s, not %s', (variant, shape, size, has, hasNot) => {
    const files = filesOf('llm/llama-1b-q4', variant, shape, size);
    expect(files).toContain(has);
    expect(files).not.toContain(hasNot);
  });

  test('one token after the other is one plan, repeated', () => {
    const plan = planOf('llm/llama-1b-q4', 'subgroups', TOKENS, 32);
    expect(plan.repeat).toBe(128);
    const [decode] = plan.dispatches.filter(({ wgsl }) => wgsl === 'attention/decode.wgsl');
    expect(decode?.bindings.at(decode.constants?.POSITION_AT as number)).toBe('position');
  });
});
