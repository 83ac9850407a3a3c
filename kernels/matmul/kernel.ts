import { record, wholeNumber } from '../arguments.js';
import { floatBounds } from '../bounds.js';
import type { Axis, Kernel } from '../declaration.js';
import { floats } from '../floats.js';
import { randomFloats } from '../random.js';
import { matmulOracle } from './oracle.js';
import { type MatmulInput, type MatmulOutput, matmulReference } from './reference.js';
import { naive, registerTiled, subgroup, tiled } from './variants.js';

export type { MatmulInput, MatmulOutput } from './reference.js';

const ID = 'matmul';
const MAX = 65536;
const M: Axis = { name: 'm', token: 'm', meaning: 'rows of a and c', min: 1, max: MAX };
const N: Axis = { name: 'n', token: 'n', meaning: 'columns of b and c', min: 1, max: MAX };
const K: Axis = { name: 'k', token: 'k', meaning: 'columns of a, rows of b', min: 1, max: MAX };

const cube = (size: number) => ({ m: size, n: size, k: size });

/** c = a · b in f32, row-major: a is m × k, b is k × n, c is m × n. */
export const matmul: Kernel<MatmulInput, MatmulOutput> = {
  id: ID,
  family: 'ai',
  type: 'f32',
  title: 'Matrix multiplication, f32',
  source: 'Lawson, Hanson, Kincaid, Krogh: Basic Linear Algebra Subprograms; GEMM with alpha 1, beta 0 (BLAS level 3)',
  axes: [M, N, K],
  probes: [
    { m: 1, n: 1, k: 1 },
    { m: 3, n: 5, k: 7 },
    { m: 33, n: 17, k: 65 },
    { m: 64, n: 128, k: 96 },
  ],
  pilot: cube(128),
  // 512 for software adapters, 4096 for cards, and a prompt of 128 tokens through a 7B model's feed-forward layer.
  workloads: [cube(512), cube(1024), cube(2048), cube(4096), { m: 128, n: 11008, k: 4096 }],
  input(shape, seed) {
    const { m, n, k } = shape as { m: number; n: number; k: number };
    return { m, n, k, a: randomFloats(m * k, seed), b: randomFloats(k * n, seed ^ 0x5bd1e995) };
  },
  shapeOf(input) {
    const given = record(input, ID, ['m', 'n', 'k', 'a', 'b']);
    const [m, n, k] = [M, N, K].map(({ name, min, max }) => wholeNumber(given[name], name, min, max)) as [
      number,
      number,
      number,
    ];
    const a = floats(given.a, 'a', m * k, 'm·k');
    const b = floats(given.b, 'b', k * n, 'k·n');
    return { shape: { m, n, k }, input: { m, n, k, a, b } };
  },
  reference: matmulReference,
  oracle: matmulOracle,
  work(shape) {
    const { m, n, k } = shape as { m: number; n: number; k: number };
    // A multiplication and an addition per term; a and b are read once and c is written once.
    return { operations: 2 * m * n * k, unit: 'flop', bytes: 4 * (m * k + k * n + m * n) };
  },
  bounds: (shape) => floatBounds(matmul.work(shape)),
  variants: [naive, tiled, registerTiled, subgroup],
  defaultVariant: registerTiled.id,
};
