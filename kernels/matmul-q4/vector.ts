import type { Plan, Shape, Tuning } from '../declaration.js';
import { fewRows } from '../matmul/sizes.js';
import { REDUCTION_GROUPS, reductionGroup } from '../reduction-group.js';
import { pick, up } from '../tiles.js';
import { checkWorkgroup } from '../workgroup.js';
import { BLOCK, type Sizes } from './format.js';
import { BINDINGS, buffers, layout, type MatmulQ4Variant, sizesOf } from './layout.js';

function vectorTile(shape: Shape, tuning: Tuning): Sizes {
  const { m, n, k } = sizesOf(shape);
  return { m: up(m, rowsAtOnce(m)), n: up(n, pick(tuning, 'rows')), k };
}

/** Rows of a that a workgroup computes: each takes registers for 32 activations. */
const rowsAtOnce = (m: number): number => Math.min(m, 4);

function variantOf(wgsl: string, enables: readonly string[], story: string): MatmulQ4Variant {
  return {
    id: wgsl,
    story,
    requires: enables.map((name) => (name === 'f16' ? 'shader-f16' : name)),
    tuning: { group: REDUCTION_GROUPS, rows: [4, 2, 8] },
    suits: fewRows,
    plan(shape, tuning, limits): Plan {
      const size = vectorTile(shape, tuning);
      const group = reductionGroup(pick(tuning, 'group'), limits);
      const [rows, rowsA] = [pick(tuning, 'rows'), rowsAtOnce(sizesOf(shape).m)];
      checkWorkgroup(`matmul/q4/${wgsl}`, group, group * rows * rowsA, limits);
      return {
        buffers: buffers(size),
        dispatches: [
          {
            wgsl: `matmul-q4/${wgsl}.wgsl`,
            modules: ['matmul-q4/vector-total.wgsl'],
            enables,
            constants: { N: size.n, BLOCKS: size.k / BLOCK, GROUP: group, ROWS: rows, ROWS_A: rowsA },
            bindings: BINDINGS,
            workgroups: [size.n / rows, size.m / rowsA, 1],
          },
        ],
      };
    },
    ...layout(vectorTile),
  };
}

export const vector = variantOf(
  'vector',
  ['subgroups'],
  'For a few rows of a: neighbours load neighbouring blocks, 16 bytes each, several rows of weights share the ' +
    'activations, and sums meet by subgroup at the end.',
);

export const vectorF16 = variantOf(
  'vector-f16',
  ['f16', 'subgroups'],
  'Makes f16 of two weights at a time and multiplies two at a time: half the instructions for a weight, where they ' +
    'and not memory are the limit.',
);

function lanesTile(shape: Shape, tuning: Tuning): Sizes {
  const { m, n, k } = sizesOf(shape);
  return { m: up(m, rowsAtOnce(m)), n: up(n, pick(tuning, 'group') * pick(tuning, 'columns')), k };
}

export const lanes: MatmulQ4Variant = {
  id: 'lanes',
  story:
    'Each invocation has columns of its own, and activations are handed round by shuffle: no workgroup memory, no ' +
    'barrier, no sums to bring together. Wins where loads are dear and shuffles cheap, as on software adapters.',
  requires: ['subgroups'],
  tuning: { group: [8, 16, 32], columns: [2, 4, 8] },
  suits: fewRows,
  plan(shape, tuning, limits): Plan {
    const size = lanesTile(shape, tuning);
    const [group, columns, rowsA] = [pick(tuning, 'group'), pick(tuning, 'columns'), rowsAtOnce(sizesOf(shape).m)];
    checkWorkgroup('matmul/q4/lanes', group, 0, limits);
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-q4/lanes.wgsl',
          enables: ['subgroups'],
          constants: { N: size.n, BLOCKS: size.k / BLOCK, GROUP: group, COLUMNS: columns, ROWS_A: rowsA },
          bindings: BINDINGS,
          workgroups: [size.n / (group * columns), size.m / rowsA, 1],
        },
      ],
    };
  },
  ...layout(lanesTile),
};
