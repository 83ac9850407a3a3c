import { describe, expect, test } from 'vitest';
import type { AttentionShape } from '../../bench/baselines/attention-layout.js';
import {
  composedAttention,
  groupQueryAttention,
  multiHeadAttention,
  standardAttention,
} from '../../bench/baselines/onnx-attention.js';
import { decodeModel, encodeModel } from '../../bench/baselines/onnx-model.js';
import { matmulProgram } from '../../bench/baselines/onnx-program.js';

const shape: AttentionShape = {
  batch: 2,
  heads: 6,
  kvHeads: 2,
  queryLength: 3,
  keyLength: 5,
  headSize: 8,
  causal: true,
};
const nodes = (model: Uint8Array) => (decodeModel(model).graph as { node: { opType: string; input: string[] }[] }).node;

describe('encodeModel', () => {
  test('writes the fields where onnx.proto3 has them', () => {
    const bytes = encodeModel({ name: 'g', inputs: [], outputs: [], nodes: [] });
    // Field 1 (irVersion) as varint, field 2 (producerName) as a string of five bytes.
    expect([...bytes.subarray(0, 4)]).toEqual([0x08, 10, 0x12, 5]);
    expect(Buffer.from(bytes.subarray(4, 9)).toString()).toBe('assay');
  });

  test('decodes to the graph that was described', () => {
    const model = decodeModel(matmulProgram(3, 5, 7).model);
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

describe('attention models', () => {
  test.each([
    ['standard', standardAttention, ['Attention']],
    ['fused with a cache', groupQueryAttention, ['GroupQueryAttention']],
    ['fused with a mask', multiHeadAttention, ['MultiHeadAttention']],
    ['composed', composedAttention, ['Mul', 'MatMul', 'Add', 'Softmax', 'MatMul']],
  ])('%s: operators', (_, form, operators) => {
    expect(nodes(form(shape).model).map((node) => node.opType)).toEqual(operators);
  });

  test('the mask is aligned at the last key and repeats for every query head of a group', () => {
    const [mask] = standardAttention(shape).shared;
    expect(mask?.dims).toEqual([9, 5]);
    const visible = Array.from({ length: 9 }, (_, row) => mask?.data.subarray(row * 5, row * 5 + 5).lastIndexOf(0));
    expect(visible).toEqual([2, 3, 4, 2, 3, 4, 2, 3, 4]);
  });

  test('no mask where every query sees every key', () => {
    expect(standardAttention({ ...shape, causal: false }).shared).toEqual([]);
    expect(composedAttention({ ...shape, queryLength: 1 }).shared).toEqual([]);
  });

  test('a fused form lays its output back into [batch, heads, length, size]', () => {
    const program = groupQueryAttention(shape);
    const q = Float32Array.from({ length: 2 * 6 * 3 * 8 }, (_, i) => i);
    const empty = new Float32Array(0);
    const laid = program.tensors({ q, k: empty, v: empty })[0]?.data as Float32Array;
    expect(laid).not.toEqual(q);
    expect(program.decode(laid)).toEqual({ out: q });
  });
});
