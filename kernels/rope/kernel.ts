import { record, wholeNumber } from '../arguments.js';
import { transferBounds } from '../bounds.js';
import { closeOracle } from '../close.js';
import type { Axis, Kernel } from '../declaration.js';
import { type ElementType, F16, F32 } from '../elements.js';
import { ShapeError } from '../errors.js';
import { floats } from '../floats.js';
import { pairVariant } from '../pairs.js';
import { randomFloats, randomWords } from '../random.js';
import { U } from '../rounding.js';
import { THETA, turns } from './turns.js';

export interface RopeInput {
  readonly tokens: number;
  readonly heads: number;
  readonly size: number;
  /** Position of the first token; the others follow it. */
  readonly position: number;
  /** [tokens, heads, size]. */
  readonly x: Float32Array;
}

export interface RopeOutput {
  /** [tokens, heads, size]. */
  readonly out: Float32Array;
}

const ID = 'rope';
const TOKENS: Axis = { name: 'tokens', token: 't', meaning: 'tokens, one after the other', min: 1, max: 2 ** 20 };
const HEADS: Axis = { name: 'heads', token: 'h', meaning: 'heads', min: 1, max: 1024 };
const SIZE: Axis = { name: 'size', token: 'd', meaning: 'elements of a head, a multiple of 4', min: 4, max: 1024 };
const AXES = [TOKENS, HEADS, SIZE];
/** The longest context that models are trained for today. */
const MOST_POSITION = 2 ** 20;

type Sizes = { tokens: number; heads: number; size: number };

/** What is wanted, and |x·cos| + |y·sin|, against which an error is told. */
function exact({ tokens, heads, size, position, x }: RopeInput): { want: Float64Array; scale: Float64Array } {
  const want = new Float64Array(x.length);
  const scale = new Float64Array(x.length);
  for (let t = 0; t < tokens; t++)
    for (let i = 0; i < size / 2; i++) {
      const angle = (position + t) * THETA ** ((-2 * i) / size);
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (let h = 0; h < heads; h++) {
        const at = (t * heads + h) * size + i;
        const [low, high] = [x[at] as number, x[at + size / 2] as number];
        want[at] = low * cos - high * sin;
        want[at + size / 2] = high * cos + low * sin;
        scale[at] = Math.abs(low * cos) + Math.abs(high * sin);
        scale[at + size / 2] = Math.abs(high * cos) + Math.abs(low * sin);
      }
    }
  return { want, scale };
}

function ropeOf(type: ElementType): Kernel<RopeInput, RopeOutput> {
  const elements = (shape: Readonly<Record<string, number>>) => {
    const { tokens, heads, size } = shape as Sizes;
    return tokens * heads * size;
  };
  const kernel: Kernel<RopeInput, RopeOutput> = {
    id: ID,
    family: 'ai',
    type: type.id,
    title: `Rotary embedding, ${type.id}`,
    source: `Su et al. 2021, RoFormer, equation 34, halves paired as Llama pairs them, θ = ${THETA}; ONNX operator RotaryEmbedding`,
    axes: AXES,
    checkShape({ size }) {
      if ((size as number) % 4 !== 0) throw new ShapeError(`${ID}: size must be a multiple of 4, got ${size}`);
    },
    probes: [
      { tokens: 1, heads: 1, size: 4 },
      { tokens: 5, heads: 3, size: 20 },
      { tokens: 33, heads: 2, size: 64 },
    ],
    pilot: { tokens: 64, heads: 8, size: 64 },
    // A prompt of 512 tokens, the queries of an 8B model; four times that.
    workloads: [
      { tokens: 512, heads: 32, size: 128 },
      { tokens: 2048, heads: 32, size: 128 },
    ],
    input(shape, seed) {
      const { tokens, heads, size } = shape as Sizes;
      const position = randomWords(seed ^ 0x27d4eb2f)() % 32768;
      return { tokens, heads, size, position, x: type.round(randomFloats(tokens * heads * size, seed)) };
    },
    shapeOf(input) {
      const given = record(input, ID, [...AXES.map(({ name }) => name), 'position', 'x']);
      const [tokens, heads, size] = AXES.map(({ name, min, max }) => wholeNumber(given[name], name, min, max)) as [
        number,
        number,
        number,
      ];
      const position = wholeNumber(given.position ?? 0, 'position', 0, MOST_POSITION);
      const x = type.round(floats(given.x, 'x', tokens * heads * size, 'tokens·heads·size'));
      return { shape: { tokens, heads, size }, input: { tokens, heads, size, position, x } };
    },
    reference: (_shape, input) => ({ out: type.round(Float32Array.from(exact(input).want)) }),
    oracle: (_shape, input) =>
      closeOracle('out', {
        name: 'out',
        ...exact(input),
        floor: 4 * type.tiny,
        bound: 6 * U + type.rounding,
        reason:
          '|error| / (|x·cos| + |y·sin|): cosine and sine rounded once, two products and a sum in f32, one rounding of the output’s type',
        max: type.largest,
      }),
    work(shape) {
      const { tokens, size } = shape as Sizes;
      // x read and written once, and a table of cosines and sines for every position.
      const bytes = 2 * type.bytes * elements(shape) + 4 * tokens * size;
      return { operations: bytes, unit: 'byte', bytes };
    },
    bounds: (shape) => transferBounds(kernel.work(shape)),
    variants: [
      pairVariant<RopeInput>({
        wgsl: 'rope/pairs.wgsl',
        modules: ['shared/rotate.wgsl'],
        story: 'Two neighbouring elements of each half of a head per invocation; the angles come from a table.',
        type,
        inputs: (shape) => ({
          x: type.bytes * elements(shape),
          turns: 4 * (shape.tokens as number) * (shape.size as number),
        }),
        outBytes: (shape) => type.bytes * elements(shape),
        invocations: (shape) => elements(shape) / 4,
        constants: ({ heads, size }) => ({ HEADS: heads as number, QUARTERS: (size as number) / 4 }),
        encode: ({ position, tokens, size, x }) => ({ x: type.encode(x), turns: turns(position, tokens, size) }),
      }),
    ],
    defaultVariant: 'pairs',
  };
  return kernel;
}

/** Every head turned by its position. */
export const rope = ropeOf(F32);
/** The same with f16 in memory and f32 in between. */
export const ropeF16 = ropeOf(F16);
