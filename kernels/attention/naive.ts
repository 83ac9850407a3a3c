import type { Plan, Shape, Variant } from '../declaration.js';
import { asFloats } from '../floats.js';
import { linearGrid } from '../grid.js';
import type { AttentionInput, AttentionOutput } from './reference.js';
import { rowCount, sizesOf } from './sizes.js';

const GROUP_X = 16;
const GROUP_Y = 4;
const GROUP = 64;

/** Each dispatch does one thing, and the whole score matrix goes to memory and back between them. */
export const naive: Variant<AttentionInput, AttentionOutput> = {
  id: 'naive',
  story: 'Three dispatches, scores, softmax and values, with the whole score matrix in memory between them.',
  plan(shape: Shape, _tuning, limits): Plan {
    const s = sizesOf(shape);
    const rows = rowCount(s);
    const constants = {
      ROWS: rows,
      HEADS: s.heads,
      KV_HEADS: s.kvHeads,
      QUERIES: s.queryLength,
      KEYS: s.keyLength,
      SIZE: s.headSize,
      CAUSAL: { type: 'bool', value: s.causal === 1 },
    } as const;
    const group2d = { GROUP_X, GROUP_Y };
    const height = Math.min(Math.ceil(rows / GROUP_Y), limits.maxComputeWorkgroupsPerDimension);
    const modules = ['attention/rows.wgsl'];
    const kvBytes = 4 * s.batch * s.kvHeads * s.keyLength * s.headSize;
    return {
      buffers: [
        { name: 'q', role: 'input', byteLength: 4 * rows * s.headSize },
        { name: 'k', role: 'input', byteLength: kvBytes },
        { name: 'v', role: 'input', byteLength: kvBytes },
        { name: 'scores', role: 'scratch', byteLength: 4 * rows * s.keyLength },
        { name: 'out', role: 'output', byteLength: 4 * rows * s.headSize },
      ],
      dispatches: [
        {
          wgsl: 'attention/scores.wgsl',
          modules,
          constants: { ...constants, ...group2d, SCALE: { type: 'f32', value: 1 / Math.sqrt(s.headSize) } },
          bindings: ['q', 'k', 'scores'],
          workgroups: [Math.ceil(s.keyLength / GROUP_X), height, 1],
        },
        {
          wgsl: 'attention/softmax.wgsl',
          modules,
          constants: { ...constants, GROUP },
          bindings: ['scores'],
          workgroups: linearGrid(Math.ceil(rows / GROUP), limits.maxComputeWorkgroupsPerDimension),
        },
        {
          wgsl: 'attention/values.wgsl',
          modules,
          constants: { ...constants, ...group2d },
          bindings: ['scores', 'v', 'out'],
          workgroups: [Math.ceil(s.headSize / GROUP_X), height, 1],
        },
      ],
    };
  },
  encode: (_shape, _tuning, { q, k, v }) => ({ q, k, v }),
  decode: (_shape, _tuning, readback) => ({ out: asFloats(readback.out as Uint8Array) }),
};
