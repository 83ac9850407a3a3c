import type { Plan, Shape, Tuning } from '../declaration.js';
import { checkWorkgroup } from '../workgroup.js';
import { BLOCK, type Sizes } from './format.js';
import { BINDINGS, buffers, layout, type MatmulQ4Variant, sizesOf, up, wholeWords } from './layout.js';

const pick = (tuning: Tuning, name: string): number => tuning[name] as number;

export const naive: MatmulQ4Variant = {
  id: 'naive',
  story: 'One invocation per word of c, two elements: every weight is taken out of its word by itself.',
  plan(shape) {
    const size = wholeWords(shape);
    const { m, n, k } = size;
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-q4/naive.wgsl',
          constants: { M: m, N: n, BLOCKS: k / BLOCK, GROUP_X: 16, GROUP_Y: 4 },
          bindings: BINDINGS,
          workgroups: [Math.ceil(n / 32), Math.ceil(m / 4), 1],
        },
      ],
    };
  },
  ...layout(wholeWords),
};

/** Rows of a for which memory is the limit, and a variant for one row at a time is worth while. */
const FEW_ROWS = 8;
const few = ({ m }: Shape): boolean => (m as number) <= FEW_ROWS;

function vectorTile(shape: Shape, tuning: Tuning): Sizes {
  const { m, n, k } = sizesOf(shape);
  return { m: up(m, rowsAtOnce(m)), n: up(n, pick(tuning, 'rows')), k };
}

/** Rows of a that a workgroup computes: each takes registers for 32 activations. */
const rowsAtOnce = (m: number): number => Math.min(m, 4);

export const vector: MatmulQ4Variant = {
  id: 'vector',
  story:
    'For a few rows of a: neighbours load neighbouring blocks, 16 bytes each, several rows of weights share the ' +
    'activations, and sums meet by subgroup at the end.',
  requires: ['subgroups'],
  tuning: { group: [128, 64, 256, 32], rows: [4, 2, 8] },
  suits: few,
  plan(shape, tuning, limits): Plan {
    const size = vectorTile(shape, tuning);
    const [group, rows, rowsA] = [pick(tuning, 'group'), pick(tuning, 'rows'), rowsAtOnce(sizesOf(shape).m)];
    checkWorkgroup('matmul/q4/vector', group, group * rows * rowsA, limits);
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-q4/vector.wgsl',
          enables: ['subgroups'],
          constants: { N: size.n, BLOCKS: size.k / BLOCK, GROUP: group, ROWS: rows, ROWS_A: rowsA },
          bindings: BINDINGS,
          workgroups: [size.n / rows, size.m / rowsA, 1],
        },
      ],
    };
  },
  ...layout(vectorTile),
};

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
  tuning: { group: [8, 16, 32], columns: [4, 2, 8] },
  suits: few,
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
