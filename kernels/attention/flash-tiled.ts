import type { Limits, Tuning } from '../declaration.js';
import { pick } from '../tiles.js';
import { checkWorkgroup } from '../workgroup.js';
import { checkHeadSize, FEW_QUERIES, SIZE_MAX } from './limits.js';
import { dataBuffers, layout, rowsPerKeyHead, shapeConstants, type VariantOf, withQuads } from './plan.js';
import { quadsOf } from './quads.js';
import { sizesOf } from './sizes.js';

interface Tile {
  readonly groupX: number;
  readonly groupY: number;
  readonly rowsEach: number;
  /** Quads of a slice of queries and keys. */
  readonly depth: number;
}

/** Quads of workgroup memory for a slice of queries and keys, or for values, which come four keys at a time or more. */
const stageOf = ({ groupX, groupY, rowsEach, depth }: Tile, quads: number): number =>
  Math.max((groupY * rowsEach + 4 * groupX) * (depth + 1), 4 * quads);

/** With the weights and what is found for each row. */
const bytesOf = (tile: Tile, quads: number): number =>
  16 * (stageOf(tile, quads) + tile.groupY * tile.rowsEach * (tile.groupX + 1 + tile.groupX / 4));

/** The tile as wanted, or a smaller one where the adapter has less workgroup memory. */
function fittingTile(tuning: Tuning, quads: number, limits: Limits): Tile {
  let tile: Tile = {
    ...{ groupX: pick(tuning, 'groupX'), groupY: pick(tuning, 'groupY') },
    ...{ rowsEach: pick(tuning, 'rowsEach'), depth: pick(tuning, 'depth') },
  };
  const tooMuch = () => bytesOf(tile, quads) > limits.maxComputeWorkgroupStorageSize;
  while (tooMuch() && tile.groupX > 8) tile = { ...tile, groupX: tile.groupX / 2 };
  while (tooMuch() && tile.depth > 2) tile = { ...tile, depth: tile.depth / 2 };
  while (tooMuch() && tile.groupY > 4) tile = { ...tile, groupY: tile.groupY / 2 };
  return tile;
}

export const flashTiled: VariantOf = (storage) => ({
  id: 'flash-tiled',
  story:
    'Keys and values come tile by tile through workgroup memory for 64 queries at once, and scores and output are ' +
    'register tiles as in a matrix product: a value from workgroup memory serves four multiplications or more, and ' +
    'neither registers nor workgroup memory hold a whole query. Needs no subgroups.',
  suits: (shape) => sizesOf(shape).queryLength > FEW_QUERIES && sizesOf(shape).headSize <= SIZE_MAX,
  // 64 queries by 32 keys by 128 invocations in 19 KiB. Eight rows each need a quarter less of workgroup memory's
  // bandwidth, and twice the invocations half the reads of keys, but either takes twice as long or more to compile on a
  // software adapter.
  tuning: { groupX: [8, 16], groupY: [16, 8], rowsEach: [4, 8], depth: [4, 8, 2] },
  plan(shape, tuning, limits) {
    const s = sizesOf(shape);
    checkHeadSize('flash-tiled', s);
    const quads = quadsOf(s.headSize);
    const tile = fittingTile(tuning, quads, limits);
    const { groupX, groupY, rowsEach, depth } = tile;
    checkWorkgroup('attention/flash-tiled', groupX * groupY, bytesOf(tile, quads), limits);
    const stage = stageOf(tile, quads);
    const part = 2 ** Math.floor(Math.log2(Math.min(4 * groupX, stage / quads)));
    return {
      buffers: dataBuffers(shape, storage),
      dispatches: [
        withQuads(storage, {
          wgsl: 'attention/flash-tiled.wgsl',
          constants: {
            ...shapeConstants(shape),
            SCALE: { type: 'f32', value: Math.LOG2E / Math.sqrt(s.headSize) },
            ...{ GROUP_X: groupX, GROUP_Y: groupY, ROWS_EACH: rowsEach, DEPTH: depth, STAGE: stage, PART: part },
          },
          bindings: ['q', 'k', 'v', 'out'],
          workgroups: [Math.ceil(rowsPerKeyHead(s) / (groupY * rowsEach)), s.batch * s.kvHeads, 1],
        }),
      ],
    };
  },
  ...layout(storage),
});
