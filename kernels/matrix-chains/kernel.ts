import type { Kernel, Limits, Plan, SubgroupMatrixConfig, Variant } from '../declaration.js';
import { linearGrid } from '../grid.js';
import { MATRIX_ENABLES, MATRIX_FEATURES, matrixConfig, SUBGROUP_ID } from '../subgroup-matrix.js';
import { asWords } from '../views.js';
import { checkWorkgroup } from '../workgroup.js';
import type { MatrixChain, MatrixVariant } from './chain.js';
import { AXES, matrixInput, readInput } from './input.js';
import type { MatrixInput, MatrixOutput } from './reference.js';
import { AREA, matrixOracle, OPERATIONS, REPEATS, replay, SIDE, STARTS } from './reference.js';

type Sizes = { readonly blocks: number; readonly iterations: number };

/** The declaration of a matrix unit's ceiling: they are alike in everything but their types. */
export function matrixKernel(chain: MatrixChain): Kernel<MatrixInput, MatrixOutput> {
  const [first] = chain.variants;
  return {
    id: chain.id,
    family: 'arithmetic',
    title: chain.title,
    source: chain.source,
    axes: [AXES.blocks, AXES.iterations],
    // One block, fewer than a workgroup holds, and more than the starts.
    probes: [
      { blocks: 1, iterations: 1 },
      { blocks: 3, iterations: 3 },
      { blocks: 101, iterations: 2 },
    ],
    pilot: { blocks: 64, iterations: 4 },
    // Some hundredths of a second on a card, on a processor's own graphics, and on a software adapter.
    workloads: [
      { blocks: 2 ** 14, iterations: 256 },
      { blocks: 2 ** 10, iterations: 64 },
      { blocks: 2 ** 6, iterations: 4 },
    ],
    input: (shape, seed) => matrixInput(chain, shape, seed),
    shapeOf: (input) => readInput(input, chain),
    reference: (_shape, input) => ({ ends: replay(input) }),
    oracle: (_shape, input) => matrixOracle(input),
    work(shape) {
      const { blocks, iterations } = shape as Sizes;
      const operands = 3 * AREA * chain.element.bytes;
      const starts = Math.min(blocks, STARTS) * AREA * first.sum.bytes;
      return {
        operations: OPERATIONS * blocks * iterations,
        unit: chain.unit,
        bytes: operands + starts + 4 * SIDE * blocks,
      };
    },
    variants: chain.variants.map((variant) => variantOf(chain, variant)),
    defaultVariant: first.id,
  };
}

/** Two results side by side in each direction must divide a block, and so must the depth. */
const fits = ({ M, N, K }: SubgroupMatrixConfig) => SIDE % (2 * M) === 0 && SIDE % (2 * N) === 0 && SIDE % K === 0;

function variantOf(chain: MatrixChain, variant: MatrixVariant): Variant<MatrixInput, MatrixOutput> {
  const { element, component } = chain;
  const { id, story, result, sum } = variant;
  return {
    id,
    story,
    requires: [...MATRIX_FEATURES, SUBGROUP_ID],
    // A block is held by one subgroup; several in a workgroup share nothing, and hide each other's latency.
    tuning: { subgroups: [4, 2, 1, 8] },
    plan(shape, tuning, limits): Plan {
      const { blocks, iterations } = shape as Sizes;
      const what = `${chain.id}/${id}`;
      const { M, N, K } = matrixConfig(what, { component, result, fits }, limits);
      const subgroups = Math.min(tuning.subgroups as number, mostSubgroups(limits));
      const group = subgroups * limits.subgroupMaxSize;
      checkWorkgroup(what, group, subgroups * AREA * sum.bytes, limits);
      return {
        buffers: [
          { name: 'lefts', role: 'input', byteLength: 2 * AREA * element.bytes },
          { name: 'right', role: 'input', byteLength: AREA * element.bytes },
          { name: 'starts', role: 'input', byteLength: STARTS * AREA * sum.bytes },
          { name: 'ends', role: 'output', byteLength: 4 * SIDE * blocks },
        ],
        dispatches: [
          {
            wgsl: 'matrix-chains/main.wgsl',
            enables: MATRIX_ENABLES,
            languageFeatures: [SUBGROUP_ID],
            aliases: { Component: element.component, Word: element.word, Sum: sum.word },
            constants: {
              ...{ M, N, K, PACK: element.pack, BLOCKS: blocks, REPEATS: REPEATS * iterations },
              ...{ SUBGROUPS: subgroups, GROUP: group, STARTS },
            },
            bindings: ['lefts', 'right', 'starts', 'ends'],
            workgroups: linearGrid(Math.ceil(blocks / subgroups), limits.maxComputeWorkgroupsPerDimension),
          },
        ],
      };
    },
    encode: (_shape, _tuning, { lefts, right, starts }) => ({
      lefts: element.encode(lefts),
      right: element.encode(right),
      starts: sum.encode(starts),
    }),
    decode: (_shape, _tuning, readback) => {
      const bytes = readback.ends as Uint8Array;
      return { ends: asWords(bytes) };
    },
  };
}

/** A workgroup must hold whole subgroups of the largest size there may be, and at least one. */
const mostSubgroups = ({ maxComputeInvocationsPerWorkgroup, subgroupMaxSize }: Limits): number =>
  Math.max(1, Math.floor(maxComputeInvocationsPerWorkgroup / subgroupMaxSize));
