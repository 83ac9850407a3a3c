import { describe, record, wholeNumber } from '../arguments.js';
import { transferBounds } from '../bounds.js';
import { closeOracle } from '../close.js';
import type { Axis, Kernel } from '../declaration.js';
import { type ElementType, F16, F32 } from '../elements.js';
import { InputError } from '../errors.js';
import { floats } from '../floats.js';
import { pairVariant } from '../pairs.js';
import { randomFloats, randomWords } from '../random.js';
import { checkEven } from '../rows.js';

export interface EmbeddingInput {
  readonly count: number;
  readonly vocabulary: number;
  readonly width: number;
  /** [count], each below `vocabulary`. */
  readonly tokens: Uint32Array;
  /** [vocabulary, width]. */
  readonly table: Float32Array;
}

export interface EmbeddingOutput {
  /** [count, width]. */
  readonly out: Float32Array;
}

const ID = 'embedding';
const COUNT: Axis = { name: 'count', token: 't', meaning: 'tokens', min: 1, max: 2 ** 20 };
const VOCABULARY: Axis = { name: 'vocabulary', token: 'v', meaning: 'rows of the table', min: 1, max: 2 ** 20 };
const WIDTH: Axis = { name: 'width', token: 'w', meaning: 'elements of a row, an even number', min: 2, max: 2 ** 20 };
const AXES = [COUNT, VOCABULARY, WIDTH];

type Sizes = { count: number; vocabulary: number; width: number };

function exact({ tokens, table, width }: EmbeddingInput): Float64Array {
  const out = new Float64Array(tokens.length * width);
  for (const [i, token] of tokens.entries()) out.set(table.subarray(token * width, (token + 1) * width), i * width);
  return out;
}

function tokensOf(value: unknown, count: number, vocabulary: number): Uint32Array {
  if (!(value instanceof Uint32Array) || value.length !== count)
    throw new InputError(`tokens must be a Uint32Array of count = ${count} elements, got ${describe(value)}`);
  const at = value.findIndex((token) => token >= vocabulary);
  if (at >= 0) throw new InputError(`tokens[${at}] must be below vocabulary = ${vocabulary}, got ${value[at]}`);
  return value;
}

function embeddingOf(type: ElementType): Kernel<EmbeddingInput, EmbeddingOutput> {
  const kernel: Kernel<EmbeddingInput, EmbeddingOutput> = {
    id: ID,
    family: 'ai',
    type: type.id,
    title: `Embedding lookup, ${type.id}`,
    source: 'Vaswani et al. 2017, Attention Is All You Need, section 3.4; ONNX operator Gather',
    axes: AXES,
    checkShape: (shape) => checkEven(ID, shape, 'width'),
    probes: [
      { count: 1, vocabulary: 1, width: 2 },
      { count: 7, vocabulary: 5, width: 34 },
      { count: 130, vocabulary: 301, width: 66 },
    ],
    pilot: { count: 64, vocabulary: 1024, width: 256 },
    // A prompt of 512 tokens; 32,000 words are the vocabulary of the first Llama.
    workloads: [
      { count: 512, vocabulary: 8192, width: 2048 },
      { count: 512, vocabulary: 32000, width: 4096 },
    ],
    input(shape, seed) {
      const { count, vocabulary, width } = shape as Sizes;
      const next = randomWords(seed ^ 0x27d4eb2f);
      const tokens = Uint32Array.from({ length: count }, () => next() % vocabulary);
      return { count, vocabulary, width, tokens, table: type.round(randomFloats(vocabulary * width, seed)) };
    },
    shapeOf(input) {
      const given = record(input, ID, [...AXES.map(({ name }) => name), 'tokens', 'table']);
      const [count, vocabulary, width] = AXES.map(({ name, min, max }) => wholeNumber(given[name], name, min, max)) as [
        number,
        number,
        number,
      ];
      const tokens = tokensOf(given.tokens, count, vocabulary);
      const table = type.round(floats(given.table, 'table', vocabulary * width, 'vocabulary·width'));
      return { shape: { count, vocabulary, width }, input: { count, vocabulary, width, tokens, table } };
    },
    reference: (_shape, input) => ({ out: Float32Array.from(exact(input)) }),
    oracle: (_shape, input) =>
      closeOracle('out', {
        ...{ name: 'out', want: exact(input), floor: 0, bound: 0 },
        reason: 'rows are copied, nothing is computed',
        max: type.largest,
      }),
    work(shape) {
      const { count, width } = shape as Sizes;
      const bytes = 2 * type.bytes * count * width + 4 * count;
      return { operations: bytes, unit: 'byte', bytes };
    },
    bounds: (shape) => transferBounds(kernel.work(shape)),
    variants: [
      pairVariant<EmbeddingInput>({
        wgsl: 'embedding/pairs.wgsl',
        story: 'Two neighbouring elements per invocation.',
        type,
        inputs: ({ count, vocabulary, width }) => ({
          tokens: 4 * (count as number),
          table: type.bytes * (vocabulary as number) * (width as number),
        }),
        outBytes: ({ count, width }) => type.bytes * (count as number) * (width as number),
        invocations: ({ count, width }) => ((count as number) * (width as number)) / 2,
        constants: ({ width }) => ({ PAIRS: (width as number) / 2 }),
        encode: ({ tokens, table }) => ({ tokens, table: type.encode(table) }),
      }),
    ],
    defaultVariant: 'pairs',
  };
  return kernel;
}

/** The rows of a table that tokens name. */
export const embedding = embeddingOf(F32);
/** The same with f16 in memory. */
export const embeddingF16 = embeddingOf(F16);
