import type { Plan, Shape, SubgroupMatrixConfig, Tuning } from '../declaration.js';
import { manyRows } from '../matmul/sizes.js';
import { fittingTile, type MatrixTile } from '../matrix-tile.js';
import { MATRIX_ENABLES, MATRIX_FEATURES, matrixConfig, SUBGROUP_ID } from '../subgroup-matrix.js';
import { pick, up } from '../tiles.js';
import { BLOCK, type Sizes } from './format.js';
import { BINDINGS, buffers, layout, type MatmulQ4Variant, sizesOf } from './layout.js';

function tile(shape: Shape, tuning: Tuning): Sizes {
  const { m, n, k } = sizesOf(shape);
  return { m: up(m, pick(tuning, 'tileM')), n: up(n, pick(tuning, 'tileN')), k };
}

function variantOf(result: 'f16' | 'f32', id: string, story: string): MatmulQ4Variant {
  const what = `matmul/q4/${id}`;
  return {
    id,
    story,
    requires: [...MATRIX_FEATURES, SUBGROUP_ID],
    suits: manyRows,
    // Matrices that a subgroup holds, rows by columns: 64 × 32 elements of 16 × 16 ones.
    tuning: { tileM: [128, 64], tileN: [128, 64], rows: [4, 2], columns: [2, 4] },
    plan(shape, tuning, limits): Plan {
      const size = tile(shape, tuning);
      const [least, rows, columns] = [64, pick(tuning, 'rows'), pick(tuning, 'columns')];
      const fits = ({ M, N, K }: SubgroupMatrixConfig) =>
        least % (rows * M) === 0 && least % (columns * N) === 0 && BLOCK % K === 0;
      const { M, N, K } = matrixConfig(what, { component: 'f16', result, fits }, limits);
      const [subM, subN] = [rows * M, columns * N];
      const wanted = { tileM: pick(tuning, 'tileM'), tileN: pick(tuning, 'tileN'), subM, subN };
      // Rows of both tiles are 80 bytes apart; of each part one result is on its way.
      const bytesOf = ({ tileM, tileN, subM, subN }: MatrixTile) =>
        80 * (tileM + tileN) + ((tileM * tileN) / (subM * subN)) * M * N * (result === 'f16' ? 2 : 4);
      const { group, ...fitting } = fittingTile(what, wanted, bytesOf, limits);
      return {
        buffers: buffers(size),
        dispatches: [
          {
            wgsl: 'matmul-q4/matrix-units.wgsl',
            enables: MATRIX_ENABLES,
            languageFeatures: [SUBGROUP_ID],
            aliases: { Sum: result },
            constants: {
              ...{ N: size.n, BLOCKS: size.k / BLOCK, MATRIX_M: M, MATRIX_N: N, MATRIX_K: K },
              ...{
                TILE_M: fitting.tileM,
                TILE_N: fitting.tileN,
                SUB_M: fitting.subM,
                SUB_N: fitting.subN,
                GROUP: group,
              },
            },
            bindings: BINDINGS,
            workgroups: [size.n / fitting.tileN, size.m / fitting.tileM, 1],
          },
        ],
      };
    },
    ...layout(tile),
  };
}

export const matrixUnits = variantOf(
  'f32',
  'matrix-units',
  'Weights become f16 on their way into workgroup memory, and matrix units multiply, with sums in f32.',
);

export const matrixUnitsF16 = variantOf(
  'f16',
  'matrix-units-f16',
  'Adds up in f16, which takes half the registers, and on GeForce cards half the time of sums in f32.',
);
