import { type Comparison, type HashChains, hashProgram } from '../../kernels/compute-test/programs.js';
import { hashEnds } from '../../kernels/compute-test/reference.js';
import type { BufferContents, Kernel, Limits, Plan, Shape, Variant } from '../../kernels/declaration.js';
import { MissingUnitError } from '../../kernels/errors.js';
import { f16Bits } from '../../kernels/f16.js';
import type { MatmulInput } from '../../kernels/matmul/input.js';
import { f16, f32, type Precision } from '../../kernels/matmul/precision.js';
import { columnNorms, productRow, rowNorms } from '../../kernels/matmul/products.js';
import { shapeFrom, sizesOf } from '../../kernels/matmul/sizes.js';
import { randomBytes } from '../../kernels/random.js';
import { U } from '../../kernels/rounding.js';
import { bigEndianWords } from '../../kernels/sha256/layout.js';
import { kernelName } from '../../kernels/shape.js';
import type { OpenDevice } from '../device.js';
import { checkedPlan, effectiveTuning } from '../limits.js';
import type { FindKernel } from '../subject.js';

/** What is executed, and what every word of its output should be. */
export interface Job {
  readonly plan: Plan;
  readonly contents: BufferContents;
  /** Name of the one output buffer. */
  readonly output: string;
  readonly comparison: Comparison;
  readonly expected: Uint32Array;
  /** Most that each float may be off by; null where words must be equal. */
  readonly bounds: Float32Array | null;
  /** Of one execution: hashes, or what the kernel counts. */
  readonly operations: number;
}

/** A job before its expectations are worked out, which takes the host up to a second. */
export interface Task {
  readonly id: string;
  readonly about: string;
  /** Why this card cannot be asked; null when it can. */
  readonly skipped: string | null;
  prepare(): Job;
}

const SIZES = {
  small: { hash: { invocations: 2 ** 12, distinct: 61, repeats: 2 }, chain: [2 ** 12, 16], blocks: [64, 4], side: 128 },
  full: {
    hash: { invocations: 2 ** 20, distinct: 509, repeats: 64 },
    chain: [2 ** 20, 128],
    blocks: [2 ** 13, 128],
    side: 1024,
  },
} as const;
export type TestSize = keyof typeof SIZES;

const HEADER_BYTES = 80;
const CHAINS = ['fma-f32', 'mul-add-f32', 'int-add', 'int-mul', 'int-rotate', 'dot4-i8', 'fma-f16'];
const MATRICES = ['matrix-f16', 'matrix-i8'];

type Card = Pick<OpenDevice, 'limits' | 'features' | 'device'>;

/** Everything that the test computes on this card, in the order in which it takes turns. */
export function tasksFor(card: Card, size: TestSize, seed: number, kernel: FindKernel): Task[] {
  const { hash, chain, blocks, side } = SIZES[size];
  const [invocations, iterations] = chain;
  return [
    hashTask(hash, seed, card.limits),
    ...CHAINS.map((id) => chainTask(card, kernel(id), { invocations, iterations }, seed)),
    ...MATRICES.map((id) => chainTask(card, kernel(id), { blocks: blocks[0], iterations: blocks[1] }, seed)),
    ...['matmul/i8', 'matmul/f32', 'matmul/f16'].flatMap((id) => matmulTasks(card, kernel(id), side, seed)),
  ];
}

function hashTask(sizes: HashChains, seed: number, limits: Limits): Task {
  return {
    id: 'sha256d',
    about: 'double SHA-256 of block headers against OpenSSL',
    skipped: null,
    prepare() {
      const header = randomBytes(HEADER_BYTES, seed);
      return {
        plan: {
          buffers: [
            { name: 'header', role: 'input', byteLength: 4 * 19 },
            { name: 'ends', role: 'output', byteLength: 4 * sizes.invocations },
          ],
          dispatches: [hashProgram(sizes, limits.maxComputeWorkgroupsPerDimension)],
        },
        contents: { header: Uint32Array.from(bigEndianWords(header).subarray(0, 19)) },
        output: 'ends',
        ...exactly(hashEnds(header, sizes)),
        operations: sizes.invocations * sizes.repeats,
      };
    },
  };
}

const exactly = (expected: Uint32Array) => ({ comparison: 'exact' as const, expected, bounds: null });

/** Kernels whose output is one word made of all that an invocation or a block computed, exact in every order. */
function chainTask(card: Card, kernel: Kernel, shape: Shape, seed: number): Task {
  const variant = kernel.variants.find(({ id }) => id === kernel.defaultVariant) as Variant<unknown, unknown>;
  return {
    id: kernel.id,
    about: `${kernel.title}, against a replay on the CPU`,
    skipped: unable(card, kernel, variant, shape),
    prepare() {
      const input = kernel.input(shape, seed);
      const { ends } = kernel.reference(shape, input) as { ends: Uint32Array };
      return { ...planned(card, kernel, variant, shape, input), ...exactly(ends) };
    },
  };
}

/** The variant that every adapter has, and the one for matrix units where there is one. */
function matmulTasks(card: Card, kernel: Kernel, side: number, seed: number): Task[] {
  const shape = shapeFrom(side, side, side / 2);
  const ids = [
    kernel.defaultVariant,
    ...kernel.variants.map(({ id }) => id).filter((id) => id.startsWith('matrix-units')),
  ];
  // Of either parity, but even: uniform numbers, where a wrong bit has everywhere to show.
  const even = (seed & ~1) >>> 0;
  let worked: ReturnType<typeof expectationOf> | null = null;
  return ids.map((id) => {
    const variant = kernel.variants.find((one) => one.id === id) as Variant<unknown, unknown>;
    return {
      id: `${kernelName(kernel)}/${id}`,
      about: `${kernel.title}, every element against the CPU`,
      skipped: unable(card, kernel, variant, shape),
      prepare() {
        const input = kernel.input(shape, even);
        worked ??= expectationOf(kernel, shape, input);
        return { ...planned(card, kernel, variant, shape, input), ...worked };
      },
    };
  });
}

/** Why not, in words. */
function unable({ features, limits, device }: Card, kernel: Kernel, variant: Variant<unknown, unknown>, shape: Shape) {
  const missing = (variant.requires ?? []).filter((feature) => !features.has(feature));
  if (missing.length > 0) return `${device.name} lacks ${missing.join(', ')}`;
  try {
    checkedPlan(kernel, variant, shape, effectiveTuning(variant, {}), limits);
    return null;
  } catch (error) {
    if (error instanceof MissingUnitError) return error.message;
    throw error;
  }
}

function planned({ limits }: Card, kernel: Kernel, variant: Variant<unknown, unknown>, shape: Shape, input: unknown) {
  const tuning = effectiveTuning(variant, {});
  const plan = checkedPlan(kernel, variant, shape, tuning, limits);
  const outputs = plan.buffers.filter(({ role }) => role === 'output').map(({ name }) => name);
  if (outputs.length !== 1)
    throw new Error(`${kernelName(kernel)}/${variant.id} has ${outputs.length} outputs, not one`);
  const contents = variant.encode(shape, tuning, input);
  return { plan, contents, output: outputs[0] as string, operations: kernel.work(shape).operations };
}

function expectationOf(kernel: Kernel, shape: Shape, input: unknown) {
  if (kernel.type === 'i8') {
    const { c } = kernel.reference(shape, input) as { c: Int32Array };
    return exactly(new Uint32Array(c.buffer, c.byteOffset, c.length));
  }
  return floatExpectation(shape, input as MatmulInput, kernel.type === 'f16' ? f16 : f32);
}

/** Every element in f64, and the bound that the matrix kernels themselves are held to. */
function floatExpectation(shape: Shape, { a, b }: MatmulInput, precision: Precision) {
  const { m, n, k } = sizesOf(shape);
  const wide = Float64Array.from(b);
  const want = new Float64Array(m * n);
  for (let i = 0; i < m; i++) productRow(a.subarray(i * k, (i + 1) * k), wide, want.subarray(i * n, (i + 1) * n));
  const [rows, columns] = [rowNorms(a, m, k), columnNorms(b, { n, k, batch: 1 })];
  const { bound } = precision.tolerance(k);
  const halves = precision.type === 'f16';
  const bounds = Float32Array.from(want, (value, i) => {
    const norms = (rows[Math.floor(i / n)] as number) * (columns[i % n] as number);
    // What is expected is itself rounded to the type.
    const rounded = Math.abs(value) * (halves ? 2 ** -11 : U);
    return bound * precision.unit(norms, value, k) + precision.floor(k) + rounded;
  });
  const expected = halves
    ? new Uint32Array(Uint16Array.from(want, f16Bits).buffer)
    : new Uint32Array(Float32Array.from(want).buffer);
  return { comparison: halves ? ('halves' as const) : ('floats' as const), expected, bounds };
}
