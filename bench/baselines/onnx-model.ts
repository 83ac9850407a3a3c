import protobuf from 'protobufjs';

/**
 * Builds ONNX models in memory. The message definitions are the part of onnx/onnx `onnx.proto3`
 * (release 1.22, IR version 10) that a graph of plain tensors needs; names and field numbers are that
 * file's. A reader skips fields it does not know, so leaving some out changes nothing for what is here.
 */
type FieldSpec = readonly [id: number, type: string, rule?: 'repeated'];

const MESSAGES: Readonly<Record<string, Readonly<Record<string, FieldSpec>>>> = {
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  Dimension: { dimValue: [1, 'int64'], dimParam: [2, 'string'] },
  TensorShapeProto: { dim: [1, 'Dimension', 'repeated'] },
  TensorTypeProto: { elemType: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TypeProto: { tensorType: [1, 'TensorTypeProto'] },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TensorProto: {
    dims: [1, 'int64', 'repeated'],
    dataType: [2, 'int32'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
  },
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    floats: [7, 'float', 'repeated'],
    ints: [8, 'int64', 'repeated'],
    type: [20, 'int32'],
  },
  NodeProto: {
    input: [1, 'string', 'repeated'],
    output: [2, 'string', 'repeated'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'AttributeProto', 'repeated'],
    domain: [7, 'string'],
  },
  GraphProto: {
    node: [1, 'NodeProto', 'repeated'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto', 'repeated'],
    input: [11, 'ValueInfoProto', 'repeated'],
    output: [12, 'ValueInfoProto', 'repeated'],
  },
  ModelProto: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    graph: [7, 'GraphProto'],
    opsetImport: [8, 'OperatorSetIdProto', 'repeated'],
  },
};

function define(): protobuf.Type {
  const root = new protobuf.Root();
  const onnx = root.define('onnx');
  for (const [name, fields] of Object.entries(MESSAGES)) {
    const type = new protobuf.Type(name);
    for (const [field, [id, kind, rule]] of Object.entries(fields))
      type.add(new protobuf.Field(field, id, kind, rule ?? 'optional'));
    onnx.add(type);
  }
  return root.lookupType('onnx.ModelProto');
}
const modelProto = define();

/** `TensorProto.DataType` and `AttributeProto.AttributeType` of onnx.proto3. */
const DATA_TYPE = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** Element types that models here use, named as ONNX Runtime names them. */
export type ElementType = keyof typeof DATA_TYPE;
/** What holds elements of each type; f16 travels as bits. */
export interface ElementArrays {
  readonly float32: Float32Array;
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly float16: Uint16Array;
}

export interface TensorSpec {
  readonly name: string;
  /** Default `float32`. */
  readonly type?: ElementType;
  /** Absent: any shape. */
  readonly dims?: readonly number[];
}
/** A constant of the graph. `data` holds exactly the product of `dims` elements. */
export interface ConstantSpec extends TensorSpec {
  readonly dims: readonly number[];
  readonly data: ElementArrays[ElementType];
}
export type AttributeSpec =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };
export interface NodeSpec {
  readonly op: string;
  /** Empty for the standard operators, `com.microsoft` for ONNX Runtime's own. */
  readonly domain?: string;
  /** Names of values; an empty name leaves an optional input or output out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
}
export interface ModelSpec {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly constants?: readonly ConstantSpec[];
  readonly nodes: readonly NodeSpec[];
  /** Version of the standard operator set; 23 is the first with `Attention`. */
  readonly opset?: number;
}

const valueInfo = ({ name, type = 'float32', dims }: TensorSpec) => ({
  name,
  type: {
    tensorType: {
      elemType: DATA_TYPE[type],
      ...(dims && { shape: { dim: dims.map((dimValue) => ({ dimValue })) } }),
    },
  },
});

function constant(spec: ConstantSpec) {
  const { name, type = 'float32', dims, data } = spec;
  const elements = dims.reduce((product, size) => product * size, 1);
  if (data.length !== elements)
    throw new RangeError(
      `constant ${name}: ${data.length} elements for dims [${dims.join(', ')}], expected ${elements}`,
    );
  // rawData is little-endian; so is every machine that ONNX Runtime is built for.
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims, dataType: DATA_TYPE[type], rawData };
}

function attribute(name: string, spec: AttributeSpec) {
  if ('float' in spec) return { name, type: ATTRIBUTE_TYPE.float, f: spec.float };
  if ('int' in spec) return { name, type: ATTRIBUTE_TYPE.int, i: spec.int };
  if ('string' in spec) return { name, type: ATTRIBUTE_TYPE.string, s: new TextEncoder().encode(spec.string) };
  return { name, type: ATTRIBUTE_TYPE.ints, ints: spec.ints };
}

/**
 * Encodes a model. Nodes must be in topological order; every node is named `<op>_<index>`, which is
 * how it is found again in a profile.
 * @throws {RangeError} when a constant's data and dims disagree
 */
export function encodeModel(spec: ModelSpec): Uint8Array {
  const message = {
    irVersion: 10,
    producerName: 'assay',
    opsetImport: [
      { domain: '', version: spec.opset ?? 23 },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      name: spec.name,
      input: spec.inputs.map(valueInfo),
      output: spec.outputs.map(valueInfo),
      initializer: (spec.constants ?? []).map(constant),
      node: spec.nodes.map((node, index) => ({
        name: `${node.op}_${index}`,
        opType: node.op,
        domain: node.domain ?? '',
        input: node.inputs,
        output: node.outputs,
        attribute: Object.entries(node.attributes ?? {}).map(([name, value]) => attribute(name, value)),
      })),
    },
  };
  // protobufjs answers a slice of a pooled Buffer; the copy owns its memory.
  return Uint8Array.from(modelProto.encode(modelProto.fromObject(message)).finish());
}

/** The model as a plain object with onnx.proto3's names in camelCase; 64-bit integers become numbers. */
export function decodeModel(bytes: Uint8Array): Record<string, unknown> {
  return modelProto.toObject(modelProto.decode(bytes), { longs: Number });
}
