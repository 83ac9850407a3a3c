import type { Limits } from '../declaration.js';
import { linearGrid } from '../grid.js';
import { narrowSubgroups, subgroupIsVector } from '../narrow-subgroups.js';
import { checkWorkgroup } from '../workgroup.js';
import { ALL_KEYS } from './growing.js';
import { checkHeadSize, FEW_QUERIES, SIZE_MAX } from './limits.js';
import { dataBuffers, layout, rowsPerKeyHead, shapeConstants, type VariantOf, withQuads, writesQuads } from './plan.js';
import { quadsOf } from './quads.js';
import { rowCount, sizesOf } from './sizes.js';

/**
 * As many workgroups as keep some hundred multiprocessors reading; a processor, whose vector is a subgroup, wants few.
 * @param chosen 0: as many as that
 */
function workgroupsFor(chosen: number, limits: Pick<Limits, 'subgroupMaxSize'>): number {
  if (chosen !== 0) return chosen;
  return subgroupIsVector(limits) ? 16 : 512;
}

export const decode: VariantOf = (storage) => ({
  id: 'decode',
  story:
    'For few queries: the context is cut into stretches for as many workgroups as fill a card, each key and value is ' +
    'read once for all heads that share it, and a second dispatch merges the stretches. No buffer grows with ' +
    'queries times keys.',
  requires: ['subgroups'],
  suits: (shape) => sizesOf(shape).queryLength <= FEW_QUERIES && sizesOf(shape).headSize <= SIZE_MAX,
  tuning: {
    group: [32, 64, 128],
    lanes: [8, 16, 4],
    rows: [4, 8, 2],
    each: [1, 2, 4],
    workgroups: [0, 512, 1024, 256, 16],
  },
  plan(shape, tuning, limits) {
    const s = sizesOf(shape);
    checkHeadSize('decode', s);
    const [group, lanes, each] = [tuning.group as number, tuning.lanes as number, tuning.each as number];
    const quads = quadsOf(s.headSize);
    const heads = s.batch * s.kvHeads;
    // Rows in equal tiles, since each tile reads all keys again.
    const tiles = Math.ceil(rowsPerKeyHead(s) / (tuning.rows as number));
    const rows = Math.ceil(rowsPerKeyHead(s) / tiles);
    const clusters = group / lanes;
    const least = clusters * each;
    const wanted = Math.max(1, Math.floor(workgroupsFor(tuning.workgroups as number, limits) / (heads * tiles)));
    const perSplit = Math.ceil(Math.ceil(s.keyLength / wanted) / least) * least;
    const splits = Math.ceil(s.keyLength / perSplit);
    const meeting = 16 * rows * clusters * lanes * Math.ceil(quads / lanes);
    checkWorkgroup('attention/decode', group, 8 * clusters * rows + meeting, limits);
    const bytes = 4 * rowCount(s) * splits;
    return {
      buffers: [
        ...dataBuffers(shape, storage),
        { name: 'ends', role: 'scratch', byteLength: 2 * bytes },
        { name: 'parts', role: 'scratch', byteLength: 4 * quads * bytes },
      ],
      dispatches: [
        withQuads(storage, {
          wgsl: 'attention/decode.wgsl',
          modules: [ALL_KEYS],
          enables: ['subgroups'],
          constants: {
            ...shapeConstants(shape),
            SCALE: { type: 'f32', value: Math.LOG2E / Math.sqrt(s.headSize) },
            NARROW: narrowSubgroups(limits, lanes),
            ...{ GROUP: group, LANES: lanes, ROWS: rows, EACH: each, SPLITS: splits, PER_SPLIT: perSplit },
          },
          bindings: ['q', 'k', 'v', 'ends', 'parts'],
          workgroups: [splits, heads, tiles],
        }),
        writesQuads(storage, {
          wgsl: 'attention/merge.wgsl',
          constants: { ROWS: rowCount(s), QUADS: quads, SPLITS: splits, GROUP: 64 },
          bindings: ['ends', 'parts', 'out'],
          workgroups: linearGrid(Math.ceil((rowCount(s) * quads) / 64), limits.maxComputeWorkgroupsPerDimension),
        }),
      ],
    };
  },
  ...layout(storage),
});
