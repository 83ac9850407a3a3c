import type { Limits, Plan, Tuning } from '../../declaration.js';
import { ShapeError } from '../../errors.js';
import { linearGrid } from '../../grid.js';
import { pick, up } from '../../tiles.js';
import { checkWorkgroup } from '../../workgroup.js';
import { buffers, layout, type MatmulVariant, type Padding } from '../layout.js';
import { fewTiles, manyRows, sizesOf } from '../sizes.js';
import { floats, type Storage } from '../storage.js';
import { singleDispatch, sizeConstants, storing } from './plan.js';

const WGSL = 'matmul/prefetched.wgsl';
// 128 × 128 tiles, or smaller ones, of which a small product has enough for all multiprocessors.
const TILE = { groupX: [16, 8], groupY: [16, 8], tileK: [8, 16] };

const padding: Padding = (sizes, tuning) => ({
  ...sizes,
  m: up(sizes.m, 8 * pick(tuning, 'groupY')),
  n: up(sizes.n, 8 * pick(tuning, 'groupX')),
  k: up(sizes.k, pick(tuning, 'tileK') * (tuning.splits ?? 1)),
});

/** The constants of a tile. @throws {ShapeError} when the adapter or the file has no room for it */
function tile(what: string, tuning: Tuning, limits: Limits): Record<string, number> {
  const [x, y, tileK] = [pick(tuning, 'groupX'), pick(tuning, 'groupY'), pick(tuning, 'tileK')];
  checkWorkgroup(what, x * y, 2 * 4 * tileK * 8 * (x + y), limits);
  const squares = 2 * (x + y) * (tileK / 4);
  if (squares > x * y)
    throw new ShapeError(
      `${what}: a step has ${squares} squares of 4 × 4, which are too many for ${x * y} invocations`,
    );
  return { GROUP_X: x, GROUP_Y: y, TILE_K: tileK };
}

export function prefetched(storage: Storage): MatmulVariant {
  return {
    id: 'prefetched',
    story:
      'Loads the next step into registers while it multiplies this one, and reads both factors from workgroup memory ' +
      'as vec4: loads are hidden, there is one barrier a step instead of two, and a quarter of the reads.',
    requires: storage.requires,
    suits: manyRows,
    tuning: TILE,
    plan(shape, tuning, limits) {
      const sizes = padding(sizesOf(shape), tuning);
      const constants = { ...sizeConstants(sizes), ...tile('matmul/prefetched', tuning, limits), SPLITS: 1 };
      const tileSize = [8 * pick(tuning, 'groupY'), 8 * pick(tuning, 'groupX')] as const;
      return singleDispatch({ wgsl: WGSL, ...storing(storage), constants }, sizes, storage, tileSize);
    },
    ...layout(storage, padding),
  };
}

export function splitK(storage: Storage): MatmulVariant {
  return {
    id: 'split-k',
    story:
      'Splits k among several workgroups where c has too few tiles to keep every multiprocessor busy; a second ' +
      'dispatch adds up their sums.',
    requires: storage.requires,
    tuning: { splits: [8, 4, 16, 2], ...TILE },
    suits: (shape) => manyRows(shape) && fewTiles(shape),
    plan(shape, tuning, limits): Plan {
      const sizes = padding(sizesOf(shape), tuning);
      const { m, n, batch } = sizes;
      const splits = pick(tuning, 'splits');
      const constants = { ...sizeConstants(sizes), ...tile('matmul/split-k', tuning, limits), SPLITS: splits };
      const parts = { ...sizes, batch: batch * splits };
      const tileSize = [8 * pick(tuning, 'groupY'), 8 * pick(tuning, 'groupX')] as const;
      const partial = storing({ ...storage, write: floats.write });
      const [multiply] = singleDispatch({ wgsl: WGSL, ...partial, constants }, parts, storage, tileSize).dispatches;
      if (!multiply) throw new Error('a plan without a dispatch');
      const add = { wgsl: 'matmul/split-sum.wgsl', modules: storage.write.modules, aliases: storage.write.aliases };
      const vectors = (batch * m * n) / 4;
      const GROUP = 64;
      return {
        buffers: [
          ...buffers(sizes, storage),
          { name: 'parts', role: 'scratch', byteLength: floats.bytes * splits * batch * m * n },
        ],
        dispatches: [
          { ...multiply, bindings: ['a', 'b', 'parts'] },
          {
            ...add,
            enables: storage.enables,
            constants: { M: m, N: n, BATCH: batch, SPLITS: splits, GROUP },
            bindings: ['parts', 'c'],
            workgroups: linearGrid(Math.ceil(vectors / GROUP), limits.maxComputeWorkgroupsPerDimension),
          },
        ],
      };
    },
    ...layout(storage, padding),
  };
}
