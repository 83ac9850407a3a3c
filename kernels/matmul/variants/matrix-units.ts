import type { Limits, SubgroupMatrixConfig, Tuning } from '../../declaration.js';
import { MATRIX_ENABLES, MATRIX_FEATURES, matrixConfig, SUBGROUP_ID } from '../../subgroup-matrix.js';
import { pick, up } from '../../tiles.js';
import { checkWorkgroup } from '../../workgroup.js';
import { layout, type MatmulVariant, type Padding } from '../layout.js';
import { manyRows, sizesOf } from '../sizes.js';
import { halves } from '../storage.js';
import { singleDispatch, sizeConstants } from './plan.js';

type Sum = 'f32' | 'f16';

const padding: Padding = (sizes, tuning) => ({
  ...sizes,
  m: up(sizes.m, pick(tuning, 'tileM')),
  n: up(sizes.n, pick(tuning, 'tileN')),
  k: up(sizes.k, pick(tuning, 'tileK')),
});

/** A matrix product that divides what a subgroup computes. @throws {MissingUnitError} */
function unitFor(what: string, sum: Sum, tuning: Tuning, limits: Limits): SubgroupMatrixConfig {
  const [partM, partN] = [
    pick(tuning, 'tileM') / pick(tuning, 'subgroupsM'),
    pick(tuning, 'tileN') / pick(tuning, 'subgroupsN'),
  ];
  // Eight f16 are what is fetched at once.
  const fits = ({ M, N, K }: SubgroupMatrixConfig) =>
    partM % M === 0 && partN % N === 0 && pick(tuning, 'tileK') % K === 0 && N % 8 === 0 && K % 8 === 0;
  return matrixConfig(what, { component: 'f16', result: sum, fits }, limits);
}

/** Bytes of workgroup memory: both tiles with 16 bytes more a row, and a matrix per subgroup on its way out. */
function workgroupBytes(tuning: Tuning, transposeB: boolean, sum: Sum, { M, N }: SubgroupMatrixConfig): number {
  const [tileM, tileN, tileK] = [pick(tuning, 'tileM'), pick(tuning, 'tileN'), pick(tuning, 'tileK')];
  const tileB = transposeB ? tileN * (tileK + 8) : tileK * (tileN + 8);
  const subgroups = pick(tuning, 'subgroupsM') * pick(tuning, 'subgroupsN');
  return 2 * (tileM * (tileK + 8) + tileB) + (sum === 'f32' ? 4 : 2) * subgroups * M * N;
}

function matrixUnits(id: string, story: string, sum: Sum, subgroupsN: readonly number[]): MatmulVariant {
  const what = `matmul/${id}`;
  return {
    id,
    story,
    requires: [...MATRIX_FEATURES, SUBGROUP_ID],
    suits: manyRows,
    tuning: { tileM: [128, 64, 256], tileN: [128, 64], tileK: [32, 64], subgroupsM: [2, 4, 1], subgroupsN },
    plan(shape, tuning, limits) {
      const sizes = padding(sizesOf(shape), tuning);
      const unit = unitFor(what, sum, tuning, limits);
      const [tileM, tileN, tileK] = [pick(tuning, 'tileM'), pick(tuning, 'tileN'), pick(tuning, 'tileK')];
      const [subgroupsM, subgroupsN] = [pick(tuning, 'subgroupsM'), pick(tuning, 'subgroupsN')];
      const group = subgroupsM * subgroupsN * limits.subgroupMaxSize;
      checkWorkgroup(what, group, workgroupBytes(tuning, sizes.transposeB, sum, unit), limits);
      const constants = {
        ...sizeConstants(sizes),
        ...{ UNIT_M: unit.M, UNIT_N: unit.N, UNIT_K: unit.K },
        ...{ TILE_M: tileM, TILE_N: tileN, TILE_K: tileK },
        ...{ SUBGROUPS_M: subgroupsM, SUBGROUPS_N: subgroupsN, GROUP: group },
      };
      const header = { enables: MATRIX_ENABLES, languageFeatures: [SUBGROUP_ID], aliases: { Sum: sum }, constants };
      return singleDispatch({ wgsl: 'matmul/matrix-units.wgsl', ...header }, sizes, halves, [tileM, tileN]);
    },
    ...layout(halves, padding),
  };
}

/** A subgroup's results stay in its registers: 64 × 32 of f32 take a quarter of them on a card, 64 × 64 half. */
export const matrixUnitsF32 = matrixUnits(
  'matrix-units',
  'Multiplies by the adapter’s matrix instructions, which do hundreds of multiply-adds each; sums are f32.',
  'f32',
  [4, 2, 1],
);

export const matrixUnitsF16 = matrixUnits(
  'matrix-units-f16',
  'Adds up in f16 too, for which consumer cards have twice the rate and results half the registers; its rounding is ' +
    'that of f16.',
  'f16',
  [4, 2, 1],
);
