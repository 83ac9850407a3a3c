import { record, wholeNumber } from '../arguments.js';
import { transferBounds } from '../bounds.js';
import type { Axis, Constant, Kernel, Variant } from '../declaration.js';
import { type ElementType, F16, F32 } from '../elements.js';
import { ShapeError } from '../errors.js';
import { floats } from '../floats.js';
import { linearGrid } from '../grid.js';
import { randomFloats } from '../random.js';
import { checkWorkgroup } from '../workgroup.js';
import { EPSILON, type RmsnormInput, type RmsnormOutput, rmsnormOracle, rmsnormReference } from './reference.js';

export type { RmsnormInput, RmsnormOutput } from './reference.js';

const ID = 'rmsnorm';
const ROWS: Axis = { name: 'rows', token: 'r', meaning: 'rows, one per token', min: 1, max: 2 ** 20 };
const WIDTH: Axis = { name: 'width', token: 'w', meaning: 'elements of a row, an even number', min: 2, max: 2 ** 20 };
const AXES = [ROWS, WIDTH];

const epsilon: Constant = { type: 'f32', value: EPSILON };

function variantsFor(type: ElementType): readonly Variant<RmsnormInput, RmsnormOutput>[] {
  const make = (
    id: 'naive' | 'workgroup',
    story: string,
    groups: readonly number[],
    rowsPerGroup: (group: number) => number,
  ): Variant<RmsnormInput, RmsnormOutput> => ({
    id,
    story,
    tuning: { group: groups },
    plan(shape, tuning, limits) {
      const { rows, width } = shape as { rows: number; width: number };
      const { group } = tuning as { group: number };
      checkWorkgroup(`${ID}/${id}`, group, id === 'workgroup' ? 4 * group : 0, limits);
      return {
        buffers: [
          { name: 'x', role: 'input', byteLength: up4(rows * width * type.bytes) },
          { name: 'weight', role: 'input', byteLength: up4(width * type.bytes) },
          { name: 'out', role: 'output', byteLength: up4(rows * width * type.bytes) },
        ],
        dispatches: [
          {
            wgsl: `rmsnorm/${id}.wgsl`,
            modules: [type.pairModule],
            constants: { ROWS: rows, PAIRS: width / 2, GROUP: group, EPSILON: epsilon },
            bindings: ['x', 'weight', 'out'],
            workgroups: linearGrid(Math.ceil(rows / rowsPerGroup(group)), limits.maxComputeWorkgroupsPerDimension),
          },
        ],
      };
    },
    encode: (_shape, _tuning, { x, weight }) => ({ x: type.encode(x), weight: type.encode(weight) }),
    decode: (_shape, _tuning, readback) => ({ out: type.decode(readback.out as Uint8Array) }),
  });
  return [
    make('naive', 'One invocation per row: loads of neighbours lie a whole row apart.', [64], (group) => group),
    make(
      'workgroup',
      'Adds a workgroup per row: neighbours read neighbouring words, and a sum in workgroup memory joins them.',
      [128, 64, 256],
      () => 1,
    ),
  ];
}

const up4 = (bytes: number) => Math.ceil(bytes / 4) * 4;

function rmsnormOf(type: ElementType): Kernel<RmsnormInput, RmsnormOutput> {
  const kernel: Kernel<RmsnormInput, RmsnormOutput> = {
    id: ID,
    family: 'ai',
    type: type.id,
    title: `RMS normalisation, ${type.id}`,
    source: 'Zhang and Sennrich 2019, Root Mean Square Layer Normalization, equation 4; ONNX operator RMSNormalization',
    axes: AXES,
    checkShape({ width }) {
      if ((width as number) % 2 !== 0) throw new ShapeError(`${ID}: width must be even, got ${width}`);
    },
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
      const { rows, width } = shape as { rows: number; width: number };
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
      const { rows, width } = shape as { rows: number; width: number };
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
