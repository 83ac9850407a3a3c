import { beforeEach, describe, expect, test } from 'vitest';
import { encodeModel, type ModelSpec } from '../../bench/baselines/onnx-model.js';
import { argmax, argmaxF16 } from '../../kernels/argmax/kernel.js';
import type { Kernel } from '../../kernels/declaration.js';
import { embedding } from '../../kernels/embedding/kernel.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { kernels } from '../../kernels/index.js';
import { residual, residualF16 } from '../../kernels/residual/kernel.js';
import { rmsnorm } from '../../kernels/rmsnorm/kernel.js';
import { rope } from '../../kernels/rope/kernel.js';
import { turns } from '../../kernels/rope/turns.js';
import { checkShape, kernelName } from '../../kernels/shape.js';
import { swiglu } from '../../kernels/swiglu/kernel.js';
import { unavailable } from '../baselines/ort.js';

const BLOCK = ['embedding', 'rmsnorm', 'rope', 'swiglu', 'residual', 'argmax'];
const block = kernels.filter((k) => BLOCK.includes(k.id));

test('the rest of a block comes in f32 and f16', () => {
  expect(block.map(kernelName).sort()).toEqual(BLOCK.flatMap((id) => [`${id}/f16`, `${id}/f32`]).sort());
});

describe.each(block.map((k) => [kernelName(k), k] as const))('%s', (_, kernel: Kernel) => {
  const shape = kernel.probes.at(-1) ?? kernel.pilot;
  const input = kernel.input(shape, 5);

  test('its own reference passes; one wrong element, NaN, another seed and a short output do not', () => {
    const oracle = kernel.oracle(shape, input, 5);
    const right = kernel.reference(shape, input) as Record<string, Float32Array | Uint32Array>;
    expect(oracle.check(right)).toMatchObject({ correct: true });
    const [[key, values]] = Object.entries(right) as [[string, Float32Array | Uint32Array]];
    const wrong = (change: (copy: Float32Array | Uint32Array) => void) => {
      const copy = values.slice();
      change(copy);
      return oracle.check({ [key]: copy });
    };
    const at = values.length - 1;
    expect(wrong((v) => v.set([(v[at] as number) + 1], at)).correct).toBe(false);
    if (values instanceof Float32Array) {
      expect(wrong((v) => v.set([Number.NaN], at))).toMatchObject({ correct: false, maxError: null });
      // Two hundredths are far beyond any rounding, and far below what the eye would see.
      expect(wrong((v) => v.set([(v[at] as number) * 1.02], at)).correct).toBe(false);
    }
    expect(oracle.check({ [key]: values.slice(1) }).correct).toBe(false);
    expect(oracle.check(kernel.reference(shape, kernel.input(shape, 6))).correct).toBe(false);
  });

  test('what it accepts is what it makes from a seed, and a misspelt argument is named', () => {
    expect(kernel.shapeOf(input).shape).toEqual(shape);
    expect(() => kernel.shapeOf({ ...(input as object), colour: 1 })).toThrow(/unknown argument "colour"/);
    expect(() => kernel.shapeOf({})).toThrow(InputError);
  });
});

test.each([
  [rmsnorm, { rows: 1, width: 3 }, 'rmsnorm: width must be even, got 3'],
  [swiglu, { rows: 1, width: 5 }, 'swiglu: width must be even, got 5'],
  [residual, { length: 7 }, 'residual: length must be even, got 7'],
  [rope, { tokens: 1, heads: 1, size: 6 }, 'rope: size must be a multiple of 4, got 6'],
  [argmax, { rows: 1, width: 9 }, 'argmax: width must be even, got 9'],
])('an odd size is refused: %#', (kernel, shape, message) => {
  expect(() => checkShape(kernel as unknown as Kernel, shape)).toThrow(new ShapeError(message));
});

test('a token that the table has no row for is named', () => {
  const input = { count: 2, vocabulary: 3, width: 2, tokens: Uint32Array.of(0, 3), table: new Float32Array(6) };
  expect(() => embedding.shapeOf(input)).toThrow('tokens[1] must be below vocabulary = 3, got 3');
});

test('of equal values the first wins, NaN never does', () => {
  const x = Float32Array.of(1, 3, 3, 2, Number.NaN, 0, -1, 0);
  expect(argmax.reference({}, { rows: 2, width: 4, x })).toEqual({ indices: Uint32Array.of(1, 1) });
});

test('of f16 many rows have several largest', () => {
  const shape = { rows: 16, width: 8192 };
  const { x } = argmaxF16.input(shape, 1);
  const { indices } = argmaxF16.reference(shape, { ...shape, x });
  const ties = [...indices].filter((index, row) => {
    const values = x.subarray(row * shape.width, (row + 1) * shape.width);
    return values.indexOf(values[index] as number) !== values.lastIndexOf(values[index] as number);
  });
  expect(ties.length).toBeGreaterThan(0);
});

test('a sum beyond f16 is an infinity, and one inside is not', () => {
  const input = { length: 2, x: Float32Array.of(60000, 30000), y: Float32Array.of(60000, 30000) };
  const oracle = residualF16.oracle({ length: 2 }, input, 1);
  expect(oracle.check({ out: Float32Array.of(Number.POSITIVE_INFINITY, 60000) }).correct).toBe(true);
  expect(oracle.check({ out: Float32Array.of(60000, 60000) }).correct).toBe(false);
  expect(oracle.check({ out: Float32Array.of(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) }).correct).toBe(
    false,
  );
});

/** The operators of ONNX Runtime's CPU provider, which others wrote. */
describe('against ONNX Runtime', () => {
  beforeEach((context) => {
    if (unavailable !== null) context.skip(unavailable);
  });

  async function run(spec: ModelSpec, feeds: Record<string, [Float32Array | BigInt64Array, number[]]>) {
    const ort = await import('onnxruntime-node');
    const session = await ort.InferenceSession.create(encodeModel(spec), { executionProviders: ['cpu'] });
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, [data, dims]]) => [
        name,
        new ort.Tensor(data instanceof Float32Array ? 'float32' : 'int64', data as Float32Array, dims),
      ]),
    );
    const { y } = await session.run(tensors);
    await session.release();
    return y?.data as Float32Array;
  }
  const model = (
    inputs: ModelSpec['inputs'],
    node: ModelSpec['nodes'][number],
    type: 'float32' | 'int64' = 'float32',
  ) => ({
    name: node.op,
    inputs,
    outputs: [{ name: 'y', type }],
    nodes: [node],
  });

  test('RMSNormalization', async () => {
    const shape = { rows: 5, width: 66 };
    const input = rmsnorm.input(shape, 3);
    const attributes = { epsilon: { float: 1e-5 }, axis: { int: -1 } };
    const node = { op: 'RMSNormalization', inputs: ['x', 'weight'], outputs: ['y'], attributes };
    const out = await run(model([{ name: 'x' }, { name: 'weight' }], node), {
      x: [input.x, [5, 66]],
      weight: [input.weight, [66]],
    });
    expect(rmsnorm.oracle(shape, input, 3).check({ out })).toMatchObject({ correct: true });
  });

  test('RotaryEmbedding', async () => {
    const shape = { tokens: 7, heads: 3, size: 20 };
    const input = rope.input(shape, 3);
    const table = turns(input.position, 7, 20);
    const cache = (at: number) => table.filter((_, i) => i % 2 === at);
    // [batch, tokens, heads · size]; the caches have one row for every position.
    const inputs = ['x', 'cos', 'sin', 'positions'];
    const attributes = { num_heads: { int: 3 } };
    const node = { op: 'RotaryEmbedding', inputs, outputs: ['y'], attributes };
    const declared = inputs.map((name) => (name === 'positions' ? { name, type: 'int64' as const } : { name }));
    const out = await run(model(declared, node), {
      x: [input.x, [1, 7, 60]],
      cos: [cache(0), [7, 10]],
      sin: [cache(1), [7, 10]],
      positions: [BigInt64Array.from({ length: 7 }, (_, i) => BigInt(i)), [1, 7]],
    });
    expect(rope.oracle(shape, input, 3).check({ out })).toMatchObject({ correct: true });
  });

  test('ArgMax', async () => {
    const shape = { rows: 9, width: 300 };
    const input = argmaxF16.input(shape, 3);
    const node = {
      op: 'ArgMax',
      inputs: ['x'],
      outputs: ['y'],
      attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
    };
    const y = await run(model([{ name: 'x' }], node, 'int64'), { x: [input.x, [9, 300]] });
    expect(Uint32Array.from(y as unknown as BigInt64Array, Number)).toEqual(argmaxF16.reference(shape, input).indices);
  });
});
