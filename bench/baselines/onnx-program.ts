import { fromF16, toF16 } from '../../kernels/f16.js';
import { type ConstantSpec, type ElementArrays, type ElementType, encodeModel, type NodeSpec } from './onnx-model.js';

/** Elements of any type. */
export type Data = ElementArrays[ElementType];

/** One tensor to feed: `data` holds the product of `dims` elements of `type`, by default `float32`. */
export interface NamedTensor {
  readonly name: string;
  readonly type?: ElementType;
  readonly dims: readonly number[];
  readonly data: Data;
}

/** An output that is read back. */
export interface OutputSpec {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
}

/** One workload as an ONNX model, with the layout of its tensors. */
export interface OnnxProgram {
  /** The operators that compute, in words for the provenance. */
  readonly form: string;
  /** The first is `y`, what everything else leads to: the cheapest way to wait is for an element of it. */
  readonly outputs: readonly OutputSpec[];
  /** Tensors that are the same for every input set, e.g. a mask. */
  readonly shared: readonly NamedTensor[];
  /** True when the model holds weights of the input, so that every input set has a model of its own. */
  readonly perInput: boolean;
  model(input: unknown): Uint8Array;
  /**
   * The same with every tensor a constant and no inputs, and with the first element of `y` as a second output, `first`:
   * for a provider that nothing can be handed to on its device.
   */
  constantModel(input: unknown): Uint8Array;
  /** Lays one input set out as the model wants it; done once, before anything is timed. */
  tensors(input: unknown): readonly NamedTensor[];
  /** The model's outputs, by name, in the kernel's own output type. */
  decode(outputs: Outputs): unknown;
}
export type Outputs = Readonly<Record<string, Data>>;

/** An input of the graph; with `weights` it is no input but a constant, which the library may lay out as it likes. */
export interface InputSpec {
  readonly name: string;
  readonly type?: ElementType;
  readonly dims: readonly number[];
  readonly weights?: boolean;
}
export interface ProgramSpec {
  readonly form: string;
  readonly name: string;
  readonly inputs: readonly InputSpec[];
  readonly shared?: readonly NamedTensor[];
  readonly constants?: readonly ConstantSpec[];
  /** `y`. */
  readonly output: { readonly type?: ElementType; readonly dims: readonly number[] };
  /** Outputs besides. */
  readonly more?: readonly OutputSpec[];
  readonly nodes: readonly NodeSpec[];
  /** Elements of every input, by its name. */
  lay(input: unknown): Readonly<Record<string, Data>>;
  decode(y: Data, outputs: Outputs): unknown;
}

/** The first element of a tensor of any shape, as a row of one. */
const FIRST = {
  constants: [
    { name: 'flat', type: 'int64', dims: [1], data: BigInt64Array.of(-1n) },
    { name: 'zeroth', type: 'int64', dims: [1], data: BigInt64Array.of(0n) },
  ],
  nodes: (from: string, to: string): NodeSpec[] => [
    { op: 'Reshape', inputs: [from, 'flat'], outputs: ['row'] },
    { op: 'Gather', inputs: ['row', 'zeroth'], outputs: [to] },
  ],
} as const;

export function onnxProgram(spec: ProgramSpec): OnnxProgram {
  const { form, name, inputs, shared = [], constants = [], output, more = [], nodes, lay, decode } = spec;
  const outputs: OutputSpec[] = [{ name: 'y', type: 'float32', ...output }, ...more];
  const fed = inputs.filter(({ weights }) => !weights);
  const weights = inputs.filter((input) => input.weights);
  const filled = (specs: readonly InputSpec[], data: Readonly<Record<string, Data>>): NamedTensor[] =>
    specs.map(({ weights: _, ...tensor }) => ({ ...tensor, data: data[tensor.name] as Data }));
  const encoded = (own: readonly ConstantSpec[]) =>
    encodeModel({
      name,
      inputs: [...fed, ...shared],
      outputs,
      constants: [...constants, ...own],
      nodes,
    });
  const common = weights.length === 0 ? encoded([]) : null;
  return {
    form,
    outputs,
    shared,
    perInput: weights.length > 0,
    model: (input) => common ?? encoded(filled(weights, lay(input))),
    constantModel: (input) =>
      encodeModel({
        name,
        inputs: [],
        outputs: [...outputs, { name: 'first', ...output, dims: [1] }],
        constants: [...constants, ...shared, ...filled(inputs, lay(input)), ...FIRST.constants],
        nodes: [...nodes, ...FIRST.nodes('y', 'first')],
      }),
    tensors: (input) => filled(fed, lay(input)),
    decode: (read) => decode(read.y as Data, read),
  };
}

/** Types that hold the floating-point numbers of our kernels. */
export type FloatType = 'float32' | 'float16';

/** Floats as a tensor of the type has them. */
export const floatData = (type: FloatType, values: Float32Array): Float32Array | Uint16Array =>
  type === 'float16' ? toF16(values) : values;

/** The reverse; a copy for f16. */
export const asFloats = (data: Data): Float32Array =>
  data instanceof Uint16Array ? fromF16(data) : (data as Float32Array);

/** Hands a tensor of any shape through: between host and device, according to where its output is asked for. */
export const copyModel = (type: ElementType): Uint8Array =>
  encodeModel({
    name: 'copy',
    inputs: [{ name: 'x', type }],
    outputs: [{ name: 'y', type }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });

/** The first element of a tensor of any shape: the cheapest result that depends on the whole execution. */
export const firstElementModel = (type: ElementType): Uint8Array =>
  encodeModel({
    name: 'first-element',
    inputs: [{ name: 'x', type }],
    outputs: [{ name: 'y', type, dims: [1] }],
    constants: FIRST.constants,
    nodes: FIRST.nodes('x', 'y'),
  });

/** Forms of one workload that are right on this device, best guess first, and why others were passed over. */
export interface Choice {
  readonly programs: readonly [OnnxProgram, ...OnnxProgram[]];
  readonly note: string | null;
}
