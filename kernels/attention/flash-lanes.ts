import { narrowSubgroups } from '../narrow-subgroups.js';
import { checkWorkgroup } from '../workgroup.js';
import { checkHeadSize, SIZE_MAX } from './limits.js';
import { dataBuffers, layout, rowsPerKeyHead, shapeConstants, type VariantOf, withQuads } from './plan.js';
import { sizesOf } from './sizes.js';

export const flashLanes: VariantOf = (storage) => ({
  id: 'flash-lanes',
  story:
    'Walks along the keys once with a running maximum, so the score matrix never exists. Queries and output stay in ' +
    'registers, and keys are handed round by shuffles: no workgroup memory, no barriers, one load for eight queries.',
  requires: ['subgroups'],
  suits: (shape) => sizesOf(shape).headSize <= SIZE_MAX,
  // Two queries each were a sixth faster on a software adapter, but took three times as long to compile.
  tuning: { group: [32, 8, 64], rowsEach: [1, 2] },
  plan(shape, tuning, limits) {
    const s = sizesOf(shape);
    checkHeadSize('flash-lanes', s);
    const [group, rowsEach] = [tuning.group as number, tuning.rowsEach as number];
    checkWorkgroup('attention/flash-lanes', group, 0, limits);
    const heads = s.batch * s.kvHeads;
    return {
      buffers: dataBuffers(shape, storage),
      dispatches: [
        withQuads(storage, {
          wgsl: 'attention/flash-lanes.wgsl',
          enables: ['subgroups'],
          constants: {
            NARROW: narrowSubgroups(limits),
            ...shapeConstants(shape),
            SCALE: { type: 'f32', value: Math.LOG2E / Math.sqrt(s.headSize) },
            ...{ GROUP: group, ROWS_EACH: rowsEach },
          },
          bindings: ['q', 'k', 'v', 'out'],
          workgroups: [Math.ceil(rowsPerKeyHead(s) / (group * rowsEach)), heads, 1],
        }),
      ],
    };
  },
  ...layout(storage),
});
