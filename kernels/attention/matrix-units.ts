import type { Limits, SubgroupMatrixConfig, Tuning } from '../declaration.js';
import { MATRIX_ENABLES, MATRIX_FEATURES, matrixConfig, SUBGROUP_ID } from '../subgroup-matrix.js';
import { pick, up } from '../tiles.js';
import { checkWorkgroup } from '../workgroup.js';
import { checkHeadSize, FEW_QUERIES, SIZE_MAX } from './limits.js';
import { dataBuffers, layout, rowsPerKeyHead, shapeConstants, type VariantOf, withQuads } from './plan.js';
import { sizesOf } from './sizes.js';

const WHAT = 'attention/matrix-units';

interface Tile {
  readonly subgroups: number;
  readonly tileK: number;
}

/** Elements of a head with the padding that whole matrices and pieces of 16 bytes ask for. */
const widthOf = (headSize: number, { N, K }: SubgroupMatrixConfig): number => up(headSize, Math.max(8, N, K));

/** Workgroup memory: a tile of keys or values, and scores, weights, a matrix and four numbers for every row. */
function bytesOf({ subgroups, tileK }: Tile, width: number, { M, N }: SubgroupMatrixConfig): number {
  const rows = subgroups * M;
  return 2 * tileK * (width + 8) + rows * (4 * (tileK + 4) + 2 * (tileK + 8) + 4 * N + 4 * 4) + 8;
}

/** The tile as wanted, or a smaller one where the adapter has less room or larger subgroups. */
function fittingTile(tuning: Tuning, width: number, unit: SubgroupMatrixConfig, limits: Limits): Tile {
  const tile = { subgroups: pick(tuning, 'subgroups'), tileK: pick(tuning, 'tileK') };
  const tooMuch = () => bytesOf(tile, width, unit) > limits.maxComputeWorkgroupStorageSize;
  const tooMany = () => tile.subgroups * limits.subgroupMaxSize > limits.maxComputeInvocationsPerWorkgroup;
  while ((tooMuch() || tooMany()) && tile.subgroups > 1) tile.subgroups /= 2;
  while (tooMuch() && tile.tileK > 16) tile.tileK /= 2;
  return tile;
}

/** For f16, of which matrices can be loaded as they are stored. */
export const matrixUnits: VariantOf = (storage) => ({
  id: 'matrix-units',
  story:
    'Scores and output by the adapter’s matrix instructions, softmax in between through workgroup memory. A reference ' +
    'that lags behind the running maximum spares the output from being rescaled with every tile of keys.',
  requires: [...MATRIX_FEATURES, SUBGROUP_ID],
  suits: (shape) => sizesOf(shape).queryLength > FEW_QUERIES && sizesOf(shape).headSize <= SIZE_MAX,
  tuning: { subgroups: [4, 2, 8], tileK: [32, 64, 16] },
  plan(shape, tuning, limits) {
    const s = sizesOf(shape);
    checkHeadSize('matrix-units', s);
    // Powers of two up to the least tile, so that tiles are whole matrices and a subgroup's rows lie in one of them.
    const fits = (c: SubgroupMatrixConfig) => [c.M, c.N, c.K].every((size) => size === 8 || size === 16);
    const unit = matrixConfig(WHAT, { component: 'f16', result: 'f32', fits }, limits);
    const width = widthOf(s.headSize, unit);
    const tile = fittingTile(tuning, width, unit, limits);
    const GROUP = tile.subgroups * limits.subgroupMaxSize;
    checkWorkgroup(WHAT, GROUP, bytesOf(tile, width, unit), limits);
    return {
      buffers: dataBuffers(shape, storage),
      dispatches: [
        withQuads(storage, {
          wgsl: 'attention/matrix-units.wgsl',
          enables: MATRIX_ENABLES,
          languageFeatures: [SUBGROUP_ID],
          constants: {
            ...shapeConstants(shape),
            SCALE: { type: 'f32', value: Math.LOG2E / Math.sqrt(s.headSize) },
            ...{ UNIT_M: unit.M, UNIT_N: unit.N, UNIT_K: unit.K, WIDTH: width },
            ...{ TILE_K: tile.tileK, SUBGROUPS: tile.subgroups, GROUP },
          },
          bindings: ['q', 'k', 'v', 'out'],
          workgroups: [Math.ceil(rowsPerKeyHead(s) / (tile.subgroups * unit.M)), s.batch * s.kvHeads, 1],
        }),
      ],
    };
  },
  ...layout(storage),
});
