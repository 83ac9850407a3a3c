import type { Plan, Shape, Tuning } from '../declaration.js';
import { manyRows } from '../matmul/sizes.js';
import { pick, up } from '../tiles.js';
import { checkWorkgroup } from '../workgroup.js';
import { BLOCK, type Sizes } from './format.js';
import { BINDINGS, buffers, layout, type MatmulQ4Variant, sizesOf, wholeWords } from './layout.js';

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

function registerTile(shape: Shape, tuning: Tuning): Sizes {
  const { m, n, k } = sizesOf(shape);
  return {
    m: up(m, 4 * pick(tuning, 'groupY') * pick(tuning, 'rows4')),
    n: up(n, 4 * pick(tuning, 'groupX') * pick(tuning, 'vectors')),
    k,
  };
}

export const registerTiled: MatmulQ4Variant = {
  id: 'register-tiled',
  story:
    'For many rows of a: 8 × 8 elements of c in the registers of each invocation, weights made numbers once on their ' +
    'way into workgroup memory, and the next tile fetched while this one is computed.',
  suits: manyRows,
  tuning: { groupX: [16, 8], groupY: [16, 8], rows4: [2, 1], vectors: [2, 1], tileK: [16, 8, 32] },
  plan(shape, tuning, limits): Plan {
    const size = registerTile(shape, tuning);
    const [x, y] = [pick(tuning, 'groupX'), pick(tuning, 'groupY')];
    const [rows4, vectors, tileK] = [pick(tuning, 'rows4'), pick(tuning, 'vectors'), pick(tuning, 'tileK')];
    checkWorkgroup('matmul/q4/register-tiled', x * y, 16 * tileK * (y * rows4 + x * vectors), limits);
    const tile = { GROUP_X: x, GROUP_Y: y, ROWS4: rows4, VECTORS: vectors, TILE_K: tileK };
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-q4/register-tiled.wgsl',
          constants: { N: size.n, BLOCKS: size.k / BLOCK, ...tile },
          bindings: BINDINGS,
          workgroups: [size.n / (4 * x * vectors), size.m / (4 * y * rows4), 1],
        },
      ],
    };
  },
  ...layout(registerTile),
};

function subgroupTile(shape: Shape, tuning: Tuning): Sizes {
  const { m, n, k } = sizesOf(shape);
  return { m: up(m, pick(tuning, 'rows')), n: up(n, 4 * pick(tuning, 'group')), k };
}

export const subgroup: MatmulQ4Variant = {
  id: 'subgroup',
  story:
    'Replaces workgroup memory and its barriers by shuffles: each lane loads another row of a and hands it to the ' +
    'others. Wins where loads are dear and shuffles cheap, as on software adapters.',
  requires: ['subgroups'],
  suits: manyRows,
  tuning: { group: [8, 16, 32], rows: [16, 8] },
  plan(shape, tuning, limits): Plan {
    const size = subgroupTile(shape, tuning);
    const [group, rows] = [pick(tuning, 'group'), pick(tuning, 'rows')];
    checkWorkgroup('matmul/q4/subgroup', group, 0, limits);
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-q4/subgroup.wgsl',
          enables: ['subgroups'],
          constants: { N: size.n, BLOCKS: size.k / BLOCK, GROUP: group, ROWS: rows },
          bindings: BINDINGS,
          workgroups: [size.n / (4 * group), size.m / rows, 1],
        },
      ],
    };
  },
  ...layout(subgroupTile),
};
