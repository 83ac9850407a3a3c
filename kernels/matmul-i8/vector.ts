import type { Dispatch, Plan, Shape, Tuning } from '../declaration.js';
import { REDUCTION_GROUPS, reductionGroup } from '../reduction-group.js';
import { pick, up } from '../tiles.js';
import { checkWorkgroup } from '../workgroup.js';
import { BINDINGS, buffers, layout, type MatmulI8Variant } from './layout.js';
import { fewRows, type Sizes, sizesOf } from './sizes.js';
import { DOT4 } from './variants.js';

/** Rows of a that a workgroup computes. */
const rowsAtOnce = (m: number): number => Math.min(m, 4);

/** Four columns side by side in each of so many invocations, where b is k × n. */
const WIDTH = 8;

function tile(shape: Shape, tuning: Tuning): Sizes {
  const s = sizesOf(shape);
  const m = up(s.m, rowsAtOnce(s.m));
  if (s.transposeB) return { ...s, m, n: up(s.n, pick(tuning, 'rows')), k: up(s.k, 16) };
  return { ...s, m, n: up(s.n, 4 * WIDTH), k: up(s.k, 4) };
}

export const vector: MatmulI8Variant = {
  id: 'vector',
  story:
    'For a few rows of a: neighbours load what lies together in b, 16 bytes each where b is transposed, and sums along ' +
    'k meet at the end.',
  requires: ['subgroups', DOT4],
  tuning: { group: REDUCTION_GROUPS, rows: [4, 8, 2] },
  suits: fewRows,
  plan(shape, tuning, limits): Plan {
    const size = tile(shape, tuning);
    const { m, n, k, batch, transposeB } = size;
    const rowsA = rowsAtOnce(sizesOf(shape).m);
    const [group, rows] = [reductionGroup(pick(tuning, 'group'), limits), pick(tuning, 'rows')];
    const slices = group / WIDTH;
    const common = { languageFeatures: [DOT4], bindings: BINDINGS };
    const dispatch: Dispatch = transposeB
      ? {
          ...{ ...common, wgsl: 'matmul-i8/vector-rows.wgsl', enables: ['subgroups'] },
          constants: { M: m, N: n, K: k, GROUP: group, ROWS: rows, ROWS_A: rowsA },
          workgroups: [n / rows, m / rowsA, batch],
        }
      : {
          ...{ ...common, wgsl: 'matmul-i8/vector-columns.wgsl' },
          modules: ['matmul-i8/quad.wgsl', 'matmul-i8/transpose.wgsl'],
          constants: { M: m, N: n, K: k, WIDTH, SLICES: slices, ROWS_A: rowsA },
          workgroups: [n / (4 * WIDTH), m / rowsA, batch],
        };
    checkWorkgroup('matmul/i8/vector', group, transposeB ? group * rows * rowsA : 16 * group, limits);
    return { buffers: buffers(size), dispatches: [dispatch] };
  },
  ...layout(tile),
};
