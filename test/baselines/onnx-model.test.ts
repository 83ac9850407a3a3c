import { describe, expect, test } from 'vitest';
import type { AttentionShape } from '../../bench/baselines/attention-layout.js';
import {
  composedAttention,
  groupQueryAttention,
  multiHeadAttention,
  standardAttention,
} from '../../bench/baselines/onnx-attention.js';
import { integerProgram, matmulProgram, nBitsProgram } from '../../bench/baselines/onnx-matmul.js';
import { decodeModel, encodeModel } from '../../bench/baselines/onnx-model.js';
import type { NamedTensor, OnnxProgram } from '../../bench/baselines/onnx-program.js';

const shape: AttentionShape = {
  batch: 2,
  heads: 6,
  kvHeads: 2,
  queryLength: 3,
  keyLength: 5,
  headSize: 8,
  causal: true,
};
const cube = { m: 3, n: 5, k: 7, batch: 1, transposeB: false };
const nodes = (model: Uint8Array) => (decodeModel(model).graph as { node: { opType: string; input: string[] }[] }).node;

describe('encodeModel', () => {
  test('writes the fields where onnx.proto3 has them', () => {
    const bytes = encodeModel({ name: 'g', inputs: [], outputs: [], nodes: [] });
    // Field 1 (irVersion) as varint, field 2 (producerName) as a string of five bytes.
    expect([...bytes.subarray(0, 4)]).toEqual([0x08, 10, 0x12, 5]);
    expect(Buffer.from(bytes.subarray(4, 9)).toString()).toBe('assay');
  });

  test('decodes to the graph that was described', () => {
    const model = decodeModel(
      matmulProgram(cube, { op: 'MatMul', type: 'float32', weightsConstant: false }).model(null),
    );
    const tensor = (name: string, dims: number[]) => ({
      name,
      type: { tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
    });
    expect(model.opsetImport).toEqual([
      { domain: '', version: 23 },
      { domain: 'com.microsoft', version: 1 },
    ]);
    expect(model.graph).toMatchObject({
      name: 'matmul',
      node: [{ name: 'MatMul_0', opType: 'MatMul', input: ['a', 'b'], output: ['y'] }],
      input: [tensor('a', [3, 7]), tensor('b', [7, 5])],
      output: [tensor('y', [3, 5])],
    });
  });

  test('keeps the type of each attribute', () => {
    const attributes = { a: { float: 0.5 }, b: { int: -1 }, c: { string: 'x' }, d: { ints: [1, 2] } };
    const bytes = encodeModel({
      name: 'g',
      inputs: [],
      outputs: [],
      nodes: [{ op: 'Op', inputs: [], outputs: [], attributes }],
    });
    expect((nodes(bytes)[0] as unknown as { attribute: unknown }).attribute).toEqual([
      { name: 'a', f: 0.5, type: 1 },
      { name: 'b', i: -1, type: 2 },
      { name: 'c', s: new TextEncoder().encode('x'), type: 3 },
      { name: 'd', ints: [1, 2], type: 7 },
    ]);
  });

  test('writes only the part of a buffer that a constant views', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const bytes = encodeModel({
      name: 'g',
      inputs: [],
      outputs: [],
      nodes: [],
      constants: [{ name: 'c', dims: [2], data }],
    });
    const [constant] = (decodeModel(bytes).graph as { initializer: { rawData: Uint8Array }[] }).initializer;
    expect(Uint8Array.from(constant?.rawData ?? [])).toEqual(new Uint8Array(Float32Array.of(1, 2).buffer));
  });

  test('refuses a constant whose data and dims disagree', () => {
    const constants = [{ name: 'c', dims: [2, 3], data: new Float32Array(5) }];
    expect(() => encodeModel({ name: 'g', inputs: [], outputs: [], nodes: [], constants })).toThrow(
      'constant c: 5 elements for dims [2, 3], expected 6',
    );
  });
});

describe('matrix multiplication models', () => {
  const f32 = { type: 'float32', weightsConstant: false } as const;
  const b = Float32Array.from({ length: 35 }, (_, i) => i);
  const input = { a: new Float32Array(21), b };
  const laid = (program: OnnxProgram) => program.tensors(input).find(({ name }) => name === 'b');

  test('b is laid out ahead as the operator reads it', () => {
    const given = { ...cube, transposeB: true };
    expect(laid(matmulProgram(cube, { op: 'MatMul', ...f32 }))).toMatchObject({ dims: [7, 5], data: b });
    expect(laid(matmulProgram(given, { op: 'Gemm', ...f32 }))).toMatchObject({ dims: [5, 7], data: b });
    const turned = laid(matmulProgram(cube, { op: 'Gemm', ...f32 }));
    expect([...(turned?.data ?? [])].slice(0, 8)).toEqual([0, 5, 10, 15, 20, 25, 30, 1]);
    const back = laid(matmulProgram(given, { op: 'MatMul', ...f32 }));
    expect([...(back?.data ?? [])].slice(0, 6)).toEqual([0, 7, 14, 21, 28, 1]);
  });

  test('the form says what was done ahead', () => {
    const weights = { ...cube, transposeB: true };
    const constant = { type: 'float32', weightsConstant: true } as const;
    expect(matmulProgram(cube, { op: 'MatMul', ...constant }).form).toBe('MatMul');
    expect(matmulProgram(weights, { op: 'MatMul', ...constant }).form).toBe('MatMul, b transposed ahead, b constant');
    expect(matmulProgram(weights, { op: 'Gemm', ...f32 }).form).toBe('Gemm transB');
  });

  test('weights are constants of a model of their own, and f16 travels as bits', () => {
    const program = nBitsProgram({ ...cube, n: 1, k: 32 }, { weightsConstant: true });
    const weights = Uint8Array.from({ length: 16 }, (_, i) => i);
    const model = program.model({ a: new Float32Array(96), weights, scales: Float32Array.of(0.5) });
    expect(program.perInput).toBe(true);
    expect(decodeModel(model).graph).toMatchObject({
      input: [{ name: 'a', type: { tensorType: { elemType: 10 } } }],
      initializer: [
        { name: 'weights', dataType: 2, dims: [1, 1, 16] },
        // 0.5 in f16 is 0x3800.
        { name: 'scales', dataType: 10, rawData: Uint8Array.of(0x00, 0x38) },
      ],
    });
    expect(program.tensors({ a: Float32Array.of(1), weights, scales: new Float32Array(1) })).toEqual([
      { name: 'a', type: 'float16', dims: [3, 32], data: Uint16Array.of(0x3c00) },
    ]);
  });

  test('uint8 with a zero point stands for the same whole numbers', () => {
    const program = integerProgram(cube, true, { weightsConstant: false });
    const [a] = program.tensors({ a: Int8Array.of(-128, -1, 0, 127), b: new Int8Array(0) });
    expect(a?.data).toEqual(Uint8Array.of(0, 127, 128, 255));
  });
});

describe('attention models', () => {
  test.each([
    ['standard', standardAttention, ['Attention']],
    ['fused with a cache', groupQueryAttention, ['GroupQueryAttention']],
    ['fused with a mask', multiHeadAttention, ['MultiHeadAttention']],
    ['composed', composedAttention, ['Mul', 'MatMul', 'Add', 'Softmax', 'MatMul']],
  ])('%s: operators', (_, form, operators) => {
    expect(nodes(form(shape, 'float32').model(null)).map((node) => node.opType)).toEqual(operators);
  });

  test('the mask is aligned at the last key and repeats for every query head of a group', () => {
    const [mask] = standardAttention(shape, 'float32').shared;
    expect(mask?.dims).toEqual([9, 5]);
    const visible = Array.from({ length: 9 }, (_, row) =>
      Array.from((mask as NamedTensor).data as Float32Array)
        .slice(row * 5, row * 5 + 5)
        .lastIndexOf(0),
    );
    expect(visible).toEqual([2, 3, 4, 2, 3, 4, 2, 3, 4]);
  });

  test('no mask where every query sees every key', () => {
    expect(standardAttention({ ...shape, causal: false }, 'float32').shared).toEqual([]);
    expect(composedAttention({ ...shape, queryLength: 1 }, 'float32').shared).toEqual([]);
  });

  test('a fused form lays its output back into [batch, heads, length, size]', () => {
    const program = groupQueryAttention(shape, 'float32');
    const q = Float32Array.from({ length: 2 * 6 * 3 * 8 }, (_, i) => i);
    const empty = new Float32Array(0);
    const laid = program.tensors({ q, k: empty, v: empty })[0]?.data as Float32Array;
    expect(laid).not.toEqual(q);
    expect(program.decode({ y: laid })).toEqual({ out: q });
  });
});
