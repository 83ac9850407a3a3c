import { record, wholeNumber } from '../arguments.js';
import { transferBounds } from '../bounds.js';
import { closeOracle } from '../close.js';
import type { Axis, Kernel } from '../declaration.js';
import { type ElementType, F16, F32 } from '../elements.js';
import { floats } from '../floats.js';
import { pairVariant } from '../pairs.js';
import { randomFloats } from '../random.js';
import { U } from '../rounding.js';
import { checkEven, ROWS } from '../rows.js';

export interface SwigluInput {
  readonly rows: number;
  readonly width: number;
  /** [rows, 2 · width]: in every row all gates, then all ups. */
  readonly gateUp: Float32Array;
}

export interface SwigluOutput {
  /** [rows, width]. */
  readonly out: Float32Array;
}

const ID = 'swiglu';
const WIDTH: Axis = { name: 'width', token: 'w', meaning: 'elements of an output row, even', min: 2, max: 2 ** 20 };
/** exp() beyond this is infinite or nothing in f32. */
const EXP_RANGE = 104;

function exact({ rows, width, gateUp }: SwigluInput): Float64Array {
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) {
      const gate = gateUp[2 * row * width + i] as number;
      out[row * width + i] = (gate / (1 + Math.exp(-gate))) * (gateUp[(2 * row + 1) * width + i] as number);
    }
  return out;
}

function largest(values: Float32Array): number {
  return values.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
}

function swigluOf(type: ElementType): Kernel<SwigluInput, SwigluOutput> {
  const kernel: Kernel<SwigluInput, SwigluOutput> = {
    id: ID,
    family: 'ai',
    type: type.id,
    title: `SwiGLU, ${type.id}`,
    source: 'Shazeer 2020, GLU Variants Improve Transformer, equation 6 (Swish with β = 1), after the two products',
    axes: [ROWS, WIDTH],
    checkShape: (shape) => checkEven(ID, shape, 'width'),
    probes: [
      { rows: 1, width: 2 },
      { rows: 3, width: 34 },
      { rows: 67, width: 258 },
    ],
    pilot: { rows: 64, width: 1024 },
    // A prompt of 512 tokens through the feed-forward layer of an 8B model.
    workloads: [
      { rows: 512, width: 4096 },
      { rows: 512, width: 14336 },
    ],
    input(shape, seed) {
      const { rows, width } = shape as { rows: number; width: number };
      // Up to ±8, where the gate is all but open or shut.
      const gateUp = type.round(randomFloats(2 * rows * width, seed).map((x) => 8 * x));
      return { rows, width, gateUp };
    },
    shapeOf(input) {
      const given = record(input, ID, ['rows', 'width', 'gateUp']);
      const rows = wholeNumber(given.rows, 'rows', ROWS.min, ROWS.max);
      const width = wholeNumber(given.width, 'width', WIDTH.min, WIDTH.max);
      const gateUp = type.round(floats(given.gateUp, 'gateUp', 2 * rows * width, '2·rows·width'));
      return { shape: { rows, width }, input: { rows, width, gateUp } };
    },
    reference: (_shape, input) => ({ out: type.round(Float32Array.from(exact(input))) }),
    oracle: (_shape, input) =>
      closeOracle('out', {
        name: 'out',
        want: exact(input),
        // A gate that f32's exp() shuts for good leaves e^−88 times the rest in f64.
        floor: type.tiny * (1 + largest(input.gateUp) ** 2),
        bound: (6 + 4 * Math.min(EXP_RANGE, largest(input.gateUp)) + 8) * U + type.rounding,
        reason:
          'exp(x) within 3 + 2·|x| ULP (WGSL 15.7.4), the division within 2.5 ULP, two more roundings of f32, one of the output’s type',
        max: type.largest,
      }),
    work(shape) {
      const bytes = type.bytes * 3 * (shape.rows as number) * (shape.width as number);
      return { operations: bytes, unit: 'byte', bytes };
    },
    bounds: (shape) => transferBounds(kernel.work(shape)),
    variants: [
      pairVariant<SwigluInput>({
        wgsl: 'swiglu/pairs.wgsl',
        story: 'Two neighbouring elements per invocation.',
        type,
        inputs: ({ rows, width }) => ({ gateUp: type.bytes * 2 * (rows as number) * (width as number) }),
        outBytes: ({ rows, width }) => type.bytes * (rows as number) * (width as number),
        invocations: ({ rows, width }) => ((rows as number) * (width as number)) / 2,
        constants: ({ width }) => ({ PAIRS: (width as number) / 2 }),
        encode: ({ gateUp }) => ({ gateUp: type.encode(gateUp) }),
      }),
    ],
    defaultVariant: 'pairs',
  };
  return kernel;
}

/** out = gate / (1 + e^−gate) · up. */
export const swiglu = swigluOf(F32);
/** The same with f16 in memory and f32 in between. */
export const swigluF16 = swigluOf(F16);
