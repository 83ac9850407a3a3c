import { linearGrid } from '../grid.js';
import { dataBuffers, layout, shapeConstants, type VariantOf, withQuads } from './plan.js';
import { quadsOf } from './quads.js';
import { rowCount, sizesOf } from './sizes.js';

const GROUP_X = 16;
const GROUP_Y = 4;
const GROUP = 64;

/** Each dispatch does one thing, and the whole score matrix goes to memory and back between them. */
export const naive: VariantOf = (storage) => ({
  id: 'naive',
  story: 'Three dispatches, scores, softmax and values, with the whole score matrix in memory between them.',
  plan(shape, _tuning, limits) {
    const s = sizesOf(shape);
    const rows = rowCount(s);
    const constants = shapeConstants(shape);
    const group2d = { GROUP_X, GROUP_Y };
    const height = Math.min(Math.ceil(rows / GROUP_Y), limits.maxComputeWorkgroupsPerDimension);
    const modules = ['attention/rows.wgsl'];
    return {
      buffers: [
        ...dataBuffers(shape, storage),
        { name: 'scores', role: 'scratch', byteLength: 4 * rows * s.keyLength },
      ],
      dispatches: [
        withQuads(storage, {
          ...{ wgsl: 'attention/scores.wgsl', modules },
          constants: { ...constants, ...group2d, SCALE: { type: 'f32', value: 1 / Math.sqrt(s.headSize) } },
          bindings: ['q', 'k', 'scores'],
          workgroups: [Math.ceil(s.keyLength / GROUP_X), height, 1],
        }),
        {
          ...{ wgsl: 'attention/softmax.wgsl', modules },
          constants: { ...constants, GROUP },
          bindings: ['scores'],
          workgroups: linearGrid(Math.ceil(rows / GROUP), limits.maxComputeWorkgroupsPerDimension),
        },
        withQuads(storage, {
          ...{ wgsl: 'attention/values.wgsl', modules },
          constants: { ...constants, ...group2d },
          bindings: ['scores', 'v', 'out'],
          workgroups: [Math.ceil(quadsOf(s.headSize) / GROUP_X), height, 1],
        }),
      ],
    };
  },
  ...layout(storage),
});
