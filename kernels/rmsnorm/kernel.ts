import { record, wholeNumber } from '../arguments.js';
import { transferBounds } from '../bounds.js';
import type { Kernel, Variant } from '../declaration.js';
import { type ElementType, F16, F32 } from '../elements.js';
import { floats } from '../floats.js';
import { randomFloats } from '../random.js';
import { checkEven, ROWS, rowsOf, rowVariants, WIDTH } from '../rows.js';
import { EPSILON, type RmsnormInput, type RmsnormOutput, rmsnormOracle, rmsnormReference } from './reference.js';

export type { RmsnormInput, RmsnormOutput } from './reference.js';

const ID = 'rmsnorm';
const AXES = [ROWS, WIDTH];

function variantsFor(type: ElementType): readonly Variant<RmsnormInput, RmsnormOutput>[] {
  return rowVariants({
    id: ID,
    modules: [type.pairModule],
    joining: ['shared/workgroup-sum.wgsl'],
    bytesEach: 4,
    constants: { EPSILON: { type: 'f32', value: EPSILON } },
    buffers(shape) {
      const { rows, width } = rowsOf(shape);
      return [
        { name: 'x', role: 'input', byteLength: rows * width * type.bytes },
        { name: 'weight', role: 'input', byteLength: width * type.bytes },
        { name: 'out', role: 'output', byteLength: rows * width * type.bytes },
      ];
    },
    naive: 'One invocation per row: loads of neighbours lie a whole row apart.',
    workgroup:
      'Adds a workgroup per row: neighbours read neighbouring words, and a sum in workgroup memory joins them.',
    groups: [128, 64, 256],
    encode: ({ x, weight }) => ({ x: type.encode(x), weight: type.encode(weight) }),
    decode: ({ out }) => ({ out: type.decode(out as Uint8Array) }),
  });
}

function rmsnormOf(type: ElementType): Kernel<RmsnormInput, RmsnormOutput> {
  const kernel: Kernel<RmsnormInput, RmsnormOutput> = {
    id: ID,
    family: 'ai',
    type: type.id,
    title: `RMS normalisation, ${type.id}`,
    source: 'Zhang and Sennrich 2019, Root Mean Square Layer Normalization, equation 4; ONNX operator RMSNormalization',
    axes: AXES,
    checkShape: (shape) => checkEven(ID, shape, 'width'),
    probes: [
      { rows: 1, width: 2 },
      { rows: 3, width: 34 },
      { rows: 67, width: 258 },
    ],
    pilot: { rows: 64, width: 1024 },
    // A prompt of 512 tokens at the width of an 8B model; four times that.
    workloads: [
      { rows: 512, width: 4096 },
      { rows: 2048, width: 4096 },
    ],
    input(shape, seed) {
      const { rows, width } = rowsOf(shape);
      const x = type.round(randomFloats(rows * width, seed));
      return { rows, width, x, weight: type.round(randomFloats(width, seed ^ 0x5bd1e995)) };
    },
    shapeOf(input) {
      const given = record(input, ID, ['rows', 'width', 'x', 'weight']);
      const rows = wholeNumber(given.rows, 'rows', ROWS.min, ROWS.max);
      const width = wholeNumber(given.width, 'width', WIDTH.min, WIDTH.max);
      const x = type.round(floats(given.x, 'x', rows * width, 'rows·width'));
      const weight = type.round(floats(given.weight, 'weight', width, 'width'));
      return { shape: { rows, width }, input: { rows, width, x, weight } };
    },
    reference: rmsnormReference(type),
    oracle: rmsnormOracle(type),
    work(shape) {
      const { rows, width } = rowsOf(shape);
      const bytes = type.bytes * (2 * rows * width + width);
      return { operations: bytes, unit: 'byte', bytes };
    },
    bounds: (shape) => transferBounds(kernel.work(shape)),
    variants: variantsFor(type),
    defaultVariant: 'workgroup',
    shortlist: ['workgroup'],
  };
  return kernel;
}

/** out = x / √(mean(x²) + ε) · weight, row by row; ε = 10⁻⁵. */
export const rmsnorm = rmsnormOf(F32);
/** The same with f16 in memory and f32 in between. */
export const rmsnormF16 = rmsnormOf(F16);
