import { record, wholeNumber } from '../arguments.js';
import { transferBounds } from '../bounds.js';
import { closeOracle } from '../close.js';
import type { Axis, Kernel } from '../declaration.js';
import { type ElementType, F16, F32 } from '../elements.js';
import { floats } from '../floats.js';
import { pairVariant } from '../pairs.js';
import { randomFloats } from '../random.js';
import { checkEven } from '../rows.js';

export interface ResidualInput {
  readonly length: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface ResidualOutput {
  readonly out: Float32Array;
}

const ID = 'residual';
const LENGTH: Axis = { name: 'length', token: 'n', meaning: 'elements, an even number', min: 2, max: 2 ** 31 };

const exact = ({ x, y }: ResidualInput) => Float64Array.from(x, (value, i) => value + (y[i] as number));

function residualOf(type: ElementType): Kernel<ResidualInput, ResidualOutput> {
  const bytes = (length: number | undefined) => type.bytes * (length as number);
  const kernel: Kernel<ResidualInput, ResidualOutput> = {
    id: ID,
    family: 'ai',
    type: type.id,
    title: `Residual addition, ${type.id}`,
    source: 'He et al. 2015, Deep Residual Learning for Image Recognition, equation 1; ONNX operator Add',
    axes: [LENGTH],
    checkShape: (shape) => checkEven(ID, shape, 'length'),
    probes: [{ length: 2 }, { length: 258 }, { length: 66_002 }],
    pilot: { length: 2 ** 16 },
    // A prompt of 512 tokens at the width of an 8B model; eight times that.
    workloads: [{ length: 512 * 4096 }, { length: 4096 * 4096 }],
    input({ length }, seed) {
      const x = type.round(randomFloats(length as number, seed));
      return { length: length as number, x, y: type.round(randomFloats(length as number, seed ^ 0x5bd1e995)) };
    },
    shapeOf(input) {
      const given = record(input, ID, ['length', 'x', 'y']);
      const length = wholeNumber(given.length, 'length', LENGTH.min, LENGTH.max);
      const x = type.round(floats(given.x, 'x', length, 'length'));
      const y = type.round(floats(given.y, 'y', length, 'length'));
      return { shape: { length }, input: { length, x, y } };
    },
    reference: (_shape, input) => ({ out: type.round(Float32Array.from(exact(input))) }),
    oracle: (_shape, input) =>
      closeOracle('out', {
        name: 'out',
        want: exact(input),
        floor: 3 * type.tiny,
        bound: type.rounding * (1 + type.rounding),
        reason: 'one rounding of the output’s type; f32 holds the sum of two f16 but for the last bits',
        max: type.largest,
      }),
    work({ length }) {
      return { operations: 3 * bytes(length), unit: 'byte', bytes: 3 * bytes(length) };
    },
    bounds: (shape) => transferBounds(kernel.work(shape)),
    variants: [
      pairVariant<ResidualInput>({
        wgsl: 'residual/pairs.wgsl',
        story: 'Two neighbouring elements per invocation.',
        type,
        inputs: ({ length }) => ({ x: bytes(length), y: bytes(length) }),
        outBytes: ({ length }) => bytes(length),
        invocations: ({ length }) => (length as number) / 2,
        constants: () => ({}),
        encode: ({ x, y }) => ({ x: type.encode(x), y: type.encode(y) }),
      }),
    ],
    defaultVariant: 'pairs',
  };
  return kernel;
}

/** out = x + y. */
export const residual = residualOf(F32);
/** The same with f16 in memory. */
export const residualF16 = residualOf(F16);
