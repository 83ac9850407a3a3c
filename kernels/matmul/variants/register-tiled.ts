import { pick, up } from '../../tiles.js';
import { checkWorkgroup } from '../../workgroup.js';
import { layout, type MatmulVariant, type Padding } from '../layout.js';
import { manyRows, sizesOf } from '../sizes.js';
import type { Storage } from '../storage.js';
import { singleDispatch, sizeConstants, storing } from './plan.js';

const padding: Padding = (sizes, tuning) => ({
  ...sizes,
  m: up(sizes.m, pick(tuning, 'groupY') * pick(tuning, 'rows')),
  n: up(sizes.n, 4 * pick(tuning, 'groupX') * pick(tuning, 'vectors')),
  k: up(sizes.k, pick(tuning, 'tileK')),
});

/** @param adds how the story goes on for this storage */
export function registerTiled(storage: Storage, adds = ''): MatmulVariant {
  return {
    id: 'register-tiled',
    story:
      'Adds a register tile: each invocation computes 8 × 8 elements, so one value from workgroup memory serves eight ' +
      `multiplications, and memory is read four elements at a time.${adds}`,
    requires: storage.requires,
    suits: manyRows,
    // 128 × 128 tiles with 256 invocations of 8 × 8 is what the fastest f32 kernels use on discrete cards. A
    // small product has few such tiles and leaves multiprocessors idle: smaller ones are worth trying there.
    tuning: { groupX: [16, 8], groupY: [16, 8], rows: [8, 4], vectors: [2, 1], tileK: [8, 16, 32] },
    plan(shape, tuning, limits) {
      const sizes = padding(sizesOf(shape), tuning);
      const [x, y] = [pick(tuning, 'groupX'), pick(tuning, 'groupY')];
      const [rows, vectors, tileK] = [pick(tuning, 'rows'), pick(tuning, 'vectors'), pick(tuning, 'tileK')];
      const [tileM, tileN] = [y * rows, 4 * x * vectors];
      checkWorkgroup('matmul/register-tiled', x * y, 4 * tileK * (tileM + 1 + tileN) + 16, limits);
      const tile = { GROUP_X: x, GROUP_Y: y, ROWS: rows, VECTORS: vectors, TILE_K: tileK };
      const constants = { ...sizeConstants(sizes), ...tile };
      const dispatch = { wgsl: 'matmul/register-tiled.wgsl', ...storing(storage), constants };
      return singleDispatch(dispatch, sizes, storage, [tileM, tileN]);
    },
    ...layout(storage, padding),
  };
}
