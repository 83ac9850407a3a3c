import type { Bound, Kernel, Shape, Work } from '../declaration.js';
import { type MatmulInput, randomInput, readInput } from './input.js';
import type { MatmulVariant } from './layout.js';
import { matmulOracle } from './oracle.js';
import type { Precision } from './precision.js';
import { type MatmulOutput, matmulReference } from './reference.js';
import { BATCH, fewRows, fewTiles, K, M, N, shapeFrom, sizesOf, TRANSPOSE_B } from './sizes.js';

const cube = (size: number) => shapeFrom(size, size, size);

/** What the float kernels have in common: everything but their type, their variants and their ceilings. */
export interface Particulars extends Pick<Kernel<MatmulInput, MatmulOutput>, 'defaultVariant'> {
  readonly precision: Precision;
  readonly title: string;
  /** Shapes beside those of every type. */
  readonly workloads: readonly Shape[];
  readonly shortlist: readonly string[];
  readonly variants: readonly MatmulVariant[];
  /** For more rows than a matrix–vector product has, best first. */
  readonly preferredTiles: readonly string[];
  bounds(work: Work): readonly Bound[];
}

/** c = a · b, row-major: a is m × k, b is k × n or given as n × k, c is m × n; so many of them. */
export function matmulKernel(particulars: Particulars): Kernel<MatmulInput, MatmulOutput> {
  const { precision, bounds, workloads, preferredTiles, ...rest } = particulars;
  const work = (shape: Shape): Work => {
    const { m, n, k, batch } = sizesOf(shape);
    // A multiplication and an addition per term; a and b are read once and c is written once.
    const elements = batch * (m * k + k * n + m * n);
    return { operations: 2 * batch * m * n * k, unit: 'flop', bytes: precision.bytes * elements };
  };
  return {
    id: 'matmul',
    family: 'ai',
    type: precision.type,
    source:
      'Lawson, Hanson, Kincaid, Krogh: Basic Linear Algebra Subprograms; GEMM with alpha 1, beta 0 (BLAS level 3)',
    axes: [M, N, K, BATCH, TRANSPOSE_B],
    // The least; odd sizes in a batch, each way round; and whole tiles of some.
    probes: [
      shapeFrom(1, 1, 1),
      shapeFrom(3, 5, 7, { batch: 2, transposeB: true }),
      shapeFrom(33, 17, 65, { batch: 2 }),
      shapeFrom(64, 128, 96, { transposeB: true }),
    ],
    pilot: cube(128),
    // 512 for software adapters, 4096 for cards, and a prompt of 128 tokens through a 7B model's feed-forward layer.
    workloads: [
      ...[cube(512), cube(1024), cube(2048), cube(4096), shapeFrom(128, 11008, 4096)],
      // Few tiles and a long sum: a short prompt through a projection of an 8B model to its keys.
      shapeFrom(64, 1024, 4096, { transposeB: true }),
      // A product per head, as scores are computed where attention is not one kernel; for software adapters, for cards.
      shapeFrom(128, 128, 64, { batch: 8, transposeB: true }),
      shapeFrom(512, 512, 128, { batch: 32, transposeB: true }),
      ...workloads,
    ],
    input: (shape, seed) => randomInput(shape, seed, precision),
    shapeOf: (input) => readInput(input, precision),
    reference: (shape, input) => matmulReference(shape, input, precision),
    oracle: (shape, input, seed) => matmulOracle(shape, input, seed, precision),
    work,
    bounds: (shape) => bounds(work(shape)),
    preferred(shape) {
      if (!fewRows(shape)) return fewTiles(shape) ? [...preferredTiles, 'split-k'] : preferredTiles;
      return sizesOf(shape).transposeB ? ['matrix-vector-subgroup', 'matrix-vector'] : ['matrix-vector'];
    },
    ...rest,
  };
}
