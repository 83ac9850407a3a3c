import { encodeModel } from './onnx-model.js';

/** One tensor to feed: `data` holds the product of `dims` f32 values. */
export interface NamedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** One workload as an ONNX model, with the layout of its tensors. Every model has one output, `y`. */
export interface OnnxProgram {
  /** The operators that compute, in words for the provenance. */
  readonly form: string;
  readonly model: Uint8Array;
  readonly outputDims: readonly number[];
  /** Tensors that are the same for every input set, e.g. a mask. */
  readonly shared: readonly NamedTensor[];
  /** Lays one input set out as the model wants it; done once, before anything is timed. */
  tensors(input: unknown): readonly NamedTensor[];
  /** The model's output in the kernel's own output type. */
  decode(output: Float32Array): unknown;
}

interface MatmulInput {
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/**
 * c[m,n] = a[m,k] · b[k,n] in f32, row-major. Both matrices are inputs, not constants: a constant `b`
 * would be packed ahead of time, outside what is timed.
 */
export function matmulProgram(m: number, n: number, k: number): OnnxProgram {
  const inputs = [
    { name: 'a', dims: [m, k] },
    { name: 'b', dims: [k, n] },
  ];
  return {
    form: 'MatMul',
    model: encodeModel({
      name: 'matmul',
      inputs,
      outputs: [{ name: 'y', dims: [m, n] }],
      nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['y'] }],
    }),
    outputDims: [m, n],
    shared: [],
    tensors: (input) => {
      const { a, b } = input as MatmulInput;
      return [
        { name: 'a', dims: [m, k], data: a },
        { name: 'b', dims: [k, n], data: b },
      ];
    },
    decode: (c) => ({ c }),
  };
}

/** Hands a tensor of any shape through: between host and device, according to where its output is asked for. */
export const copyModel = (): Uint8Array =>
  encodeModel({
    name: 'copy',
    inputs: [{ name: 'x' }],
    outputs: [{ name: 'y' }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });

/** The first element of a tensor of any shape: the cheapest result that depends on the whole execution. */
export const firstElementModel = (): Uint8Array =>
  encodeModel({
    name: 'first-element',
    inputs: [{ name: 'x' }],
    outputs: [{ name: 'y', dims: [1] }],
    constants: [
      { name: 'flat', type: 'int64', dims: [1], data: BigInt64Array.of(-1n) },
      { name: 'zero', type: 'int64', dims: [1], data: BigInt64Array.of(0n) },
    ],
    nodes: [
      { op: 'Reshape', inputs: ['x', 'flat'], outputs: ['row'] },
      { op: 'Gather', inputs: ['row', 'zero'], outputs: ['y'] },
    ],
  });
