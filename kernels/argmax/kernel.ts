import { record, wholeNumber } from '../arguments.js';
import type { Kernel, Oracle, Variant } from '../declaration.js';
import { type ElementType, F16, F32 } from '../elements.js';
import { floats } from '../floats.js';
import { randomFloats } from '../random.js';
import { F32_MAX } from '../rounding.js';
import { checkEven, ROWS, rowsOf, rowVariants, WIDTH } from '../rows.js';
import { asWords } from '../views.js';

export interface ArgmaxInput {
  readonly rows: number;
  readonly width: number;
  /** [rows, width]. */
  readonly x: Float32Array;
}

export interface ArgmaxOutput {
  /** [rows]. */
  readonly indices: Uint32Array;
}

const ID = 'argmax';
/** The first of the largest; NaN is larger than nothing, and a row without anything above −3.4·10³⁸ answers 0. */
export function exactArgmax({ rows, width, x }: ArgmaxInput): Uint32Array {
  const indices = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = -F32_MAX;
    for (let i = 0; i < width; i++) {
      const value = x[row * width + i] as number;
      if (!(value > largest)) continue;
      largest = value;
      indices[row] = i;
    }
  }
  return indices;
}

function oracle(input: ArgmaxInput): Oracle<ArgmaxOutput> {
  const want = exactArgmax(input);
  return {
    method: 'every index against the CPU',
    tolerance: { kind: 'exact' },
    check({ indices }) {
      if (!(indices instanceof Uint32Array) || indices.length !== want.length)
        return { correct: false, maxError: null, detail: `indices must hold ${want.length} numbers` };
      const at = want.findIndex((index, row) => index !== indices[row]);
      if (at < 0) return { correct: true, maxError: 0 };
      return { correct: false, maxError: null, detail: `row ${at}: expected ${want[at]}, got ${indices[at]}` };
    },
  };
}

function variantsFor(type: ElementType): readonly Variant<ArgmaxInput, ArgmaxOutput>[] {
  return rowVariants({
    id: ID,
    modules: [type.pairModule, 'shared/first-largest.wgsl'],
    joining: ['shared/first-largest-join.wgsl'],
    bytesEach: 8,
    buffers(shape) {
      const { rows, width } = rowsOf(shape);
      return [
        { name: 'x', role: 'input', byteLength: rows * width * type.bytes },
        { name: 'indices', role: 'output', byteLength: 4 * rows },
      ];
    },
    naive: 'One invocation per row.',
    workgroup: 'Adds a workgroup per row, which joins what its invocations found.',
    groups: [256, 128, 64],
    encode: ({ x }) => ({ x: type.encode(x) }),
    decode: ({ indices }) => ({ indices: asWords(indices as Uint8Array) }),
  });
}

function argmaxOf(type: ElementType): Kernel<ArgmaxInput, ArgmaxOutput> {
  const kernel: Kernel<ArgmaxInput, ArgmaxOutput> = {
    id: ID,
    family: 'ai',
    type: type.id,
    title: `Sampling by argmax, ${type.id}`,
    source: 'ONNX operator ArgMax, select_last_index 0: greedy sampling of the next token',
    axes: [ROWS, WIDTH],
    checkShape: (shape) => checkEven(ID, shape, 'width'),
    probes: [
      { rows: 1, width: 2 },
      { rows: 3, width: 34 },
      { rows: 67, width: 1030 },
    ],
    pilot: { rows: 16, width: 8192 },
    // The vocabulary of Llama 3, for one token and for as many as a server batches.
    workloads: [
      { rows: 1, width: 128_256 },
      { rows: 64, width: 128_256 },
    ],
    input(shape, seed) {
      const { rows, width } = rowsOf(shape);
      // Of f16 there are few: many rows have several largest, of which the first must be found.
      return { rows, width, x: type.round(randomFloats(rows * width, seed)) };
    },
    shapeOf(input) {
      const given = record(input, ID, ['rows', 'width', 'x']);
      const rows = wholeNumber(given.rows, 'rows', ROWS.min, ROWS.max);
      const width = wholeNumber(given.width, 'width', WIDTH.min, WIDTH.max);
      const x = type.round(floats(given.x, 'x', rows * width, 'rows·width'));
      return { shape: { rows, width }, input: { rows, width, x } };
    },
    reference: (_shape, input) => ({ indices: exactArgmax(input) }),
    oracle: (_shape, input) => oracle(input),
    work(shape) {
      const bytes = type.bytes * (shape.rows as number) * (shape.width as number) + 4 * (shape.rows as number);
      return { operations: bytes, unit: 'byte', bytes };
    },
    // Nothing to speak of is written, so what bounds it is reading.
    bounds: (shape) => [{ id: 'bandwidth', kind: 'memory', ways: [{ read: kernel.work(shape).bytes }] }],
    variants: variantsFor(type),
    defaultVariant: 'workgroup',
    shortlist: ['workgroup'],
  };
  return kernel;
}

/** Index of the first of the largest elements, row by row. */
export const argmax = argmaxOf(F32);
/** The same with f16 in memory. */
export const argmaxF16 = argmaxOf(F16);
