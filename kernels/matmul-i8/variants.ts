import type { Dispatch, Plan, Shape, Tuning } from '../declaration.js';
import { pick, up } from '../tiles.js';
import { checkWorkgroup } from '../workgroup.js';
import { BINDINGS, buffers, layout, type MatmulI8Variant, wholeWords } from './layout.js';
import { manyRows, type Sizes, sizesOf } from './sizes.js';

export const DOT4 = 'packed_4x8_integer_dot_product';

export const naive: MatmulI8Variant = {
  id: 'naive',
  story: 'One invocation per element of c: every multiplication takes both its bytes out of words from memory.',
  plan(shape) {
    const { m, batch, transposeB } = sizesOf(shape);
    const size = wholeWords(shape);
    // c has the padded width, so that the words of b and the elements of c agree.
    const { n, k } = size;
    const constants = {
      ...{ M: m, N: n, K: k, A_WORDS: k / 4, B_WORDS: (transposeB ? k : n) / 4 },
      BT: { type: 'bool', value: transposeB } as const,
      ...{ GROUP_X: 16, GROUP_Y: 8 },
    };
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-i8/naive.wgsl',
          constants,
          bindings: BINDINGS,
          workgroups: [Math.ceil(n / 16), Math.ceil(m / 8), batch],
        },
      ],
    };
  },
  ...layout(wholeWords),
};

/** The WGSL of a variant on padded sizes, with the functions for either way that b may lie in memory. */
export function dispatchOf(
  wgsl: string,
  { m, n, k, transposeB }: Sizes,
  constants: Readonly<Record<string, number>>,
  workgroups: Dispatch['workgroups'],
): Dispatch {
  const turn = transposeB ? ['matmul-i8/rows.wgsl'] : ['matmul-i8/transpose.wgsl', 'matmul-i8/columns.wgsl'];
  return {
    wgsl: `matmul-i8/${wgsl}.wgsl`,
    modules: ['matmul-i8/quad.wgsl', ...turn],
    languageFeatures: [DOT4],
    constants: { M: m, N: n, K: k, ...constants },
    bindings: BINDINGS,
    workgroups,
  };
}

function registerTile(shape: Shape, tuning: Tuning): Sizes {
  const s = sizesOf(shape);
  return {
    ...s,
    m: up(s.m, 4 * pick(tuning, 'groupY') * pick(tuning, 'rows4')),
    n: up(s.n, 4 * pick(tuning, 'groupX') * pick(tuning, 'vectors')),
    k: up(s.k, 4 * pick(tuning, 'tileK4')),
  };
}

export const registerTiled: MatmulI8Variant = {
  id: 'register-tiled',
  story:
    'Four products at a time with dot4I8Packed, 8 × 8 elements of c in the registers of each invocation, tiles of ' +
    'packed words in workgroup memory, and the next tile fetched while this one is computed.',
  requires: [DOT4],
  suits: manyRows,
  tuning: { groupX: [16, 8], groupY: [16, 8], rows4: [2, 1], vectors: [2, 1], tileK4: [16, 8] },
  plan(shape, tuning, limits): Plan {
    const size = registerTile(shape, tuning);
    const [x, y] = [pick(tuning, 'groupX'), pick(tuning, 'groupY')];
    const [rows4, vectors, tileK4] = [pick(tuning, 'rows4'), pick(tuning, 'vectors'), pick(tuning, 'tileK4')];
    checkWorkgroup('matmul/i8/register-tiled', x * y, 16 * tileK4 * (y * rows4 + x * vectors), limits);
    const constants = { GROUP_X: x, GROUP_Y: y, ROWS4: rows4, VECTORS: vectors, TILE_K4: tileK4 };
    const workgroups = [size.n / (4 * x * vectors), size.m / (4 * y * rows4), size.batch] as const;
    return { buffers: buffers(size), dispatches: [dispatchOf('register-tiled', size, constants, workgroups)] };
  },
  ...layout(registerTile),
};

function subgroupTile(shape: Shape, tuning: Tuning): Sizes {
  const s = sizesOf(shape);
  return { ...s, m: up(s.m, pick(tuning, 'rows')), n: up(s.n, 4 * pick(tuning, 'group')), k: up(s.k, 16) };
}

export const subgroup: MatmulI8Variant = {
  id: 'subgroup',
  story:
    'Replaces workgroup memory and its barriers by shuffles: each lane loads another row of a and hands it to the ' +
    'others. Wins where loads are dear and shuffles cheap, as on software adapters.',
  requires: ['subgroups', DOT4],
  suits: manyRows,
  tuning: { group: [8, 16, 32], rows: [16, 8] },
  plan(shape, tuning, limits): Plan {
    const size = subgroupTile(shape, tuning);
    const [group, rows] = [pick(tuning, 'group'), pick(tuning, 'rows')];
    checkWorkgroup('matmul/i8/subgroup', group, 0, limits);
    const workgroups = [size.n / (4 * group), size.m / rows, size.batch] as const;
    const dispatch = dispatchOf('subgroup', size, { GROUP: group, ROWS: rows }, workgroups);
    return { buffers: buffers(size), dispatches: [{ ...dispatch, enables: ['subgroups'] }] };
  },
  ...layout(subgroupTile),
};
