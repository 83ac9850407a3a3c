import type { Plan, Shape, SubgroupMatrixConfig, Tuning } from '../declaration.js';
import { fittingTile, type MatrixTile } from '../matrix-tile.js';
import { MATRIX_ENABLES, MATRIX_FEATURES, matrixConfig, SUBGROUP_ID } from '../subgroup-matrix.js';
import { pick, up } from '../tiles.js';
import { BINDINGS, buffers, layout, type MatmulI8Variant } from './layout.js';
import { manyRows, type Sizes, sizesOf } from './sizes.js';

const WHAT = 'matmul/i8/matrix-units';
/** Bytes along k of a step. */
const TILE_K = 64;

function tile(shape: Shape, tuning: Tuning): Sizes {
  const s = sizesOf(shape);
  return { ...s, m: up(s.m, pick(tuning, 'tileM')), n: up(s.n, pick(tuning, 'tileN')), k: up(s.k, TILE_K) };
}

export const matrixUnits: MatmulI8Variant = {
  id: 'matrix-units',
  story: 'Leaves products to matrix units: tiles of bytes in workgroup memory, results in the registers of subgroups.',
  requires: [...MATRIX_FEATURES, SUBGROUP_ID],
  suits: manyRows,
  // Matrices that a subgroup holds, rows by columns: 64 × 32 elements of 16 × 16 ones.
  tuning: { tileM: [128, 64], tileN: [128, 64], rows: [4, 2], columns: [2, 4] },
  plan(shape, tuning, limits): Plan {
    const size = tile(shape, tuning);
    const [least, rows, columns] = [64, pick(tuning, 'rows'), pick(tuning, 'columns')];
    const fits = ({ M, N, K }: SubgroupMatrixConfig) =>
      least % (rows * M) === 0 && least % (columns * N) === 0 && TILE_K % K === 0;
    const { M, N, K } = matrixConfig(WHAT, { component: 'i8', result: 'i32', fits }, limits);
    const wanted = { tileM: pick(tuning, 'tileM'), tileN: pick(tuning, 'tileN'), subM: rows * M, subN: columns * N };
    // Rows of tiles are 16 bytes further apart than they are long.
    const bytesOf = ({ tileM, tileN }: MatrixTile) =>
      (TILE_K + 16) * tileM + (size.transposeB ? (TILE_K + 16) * tileN : TILE_K * (tileN + 16));
    const { tileM, tileN, subM, subN, group } = fittingTile(WHAT, wanted, bytesOf, limits);
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-i8/matrix-units.wgsl',
          modules: [size.transposeB ? 'matmul-i8/matrix-rows.wgsl' : 'matmul-i8/matrix-columns.wgsl'],
          enables: MATRIX_ENABLES,
          languageFeatures: [SUBGROUP_ID],
          constants: {
            ...{ M: size.m, N: size.n, K: size.k, MATRIX_M: M, MATRIX_N: N, MATRIX_K: K },
            ...{ TILE_M: tileM, TILE_N: tileN, SUB_M: subM, SUB_N: subN, GROUP: group },
          },
          bindings: BINDINGS,
          workgroups: [size.n / tileN, size.m / tileM, size.batch],
        },
      ],
    };
  },
  ...layout(tile),
};
