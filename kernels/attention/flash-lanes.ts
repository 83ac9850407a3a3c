import { checkWorkgroup } from '../workgroup.js';
import { dataBuffers, layout, rowsPerKeyHead, shapeConstants, type VariantOf, withQuads } from './plan.js';
import { sizesOf } from './sizes.js';

export const flashLanes: VariantOf = (storage) => ({
  id: 'flash-lanes',
  story: 'flash-lanes',
  requires: ['subgroups'],
  tuning: { group: [32, 8, 64], rowsEach: [1, 2] },
  plan(shape, tuning, limits) {
    const s = sizesOf(shape);
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
