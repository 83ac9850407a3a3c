import { bytes, record } from '../arguments.js';
import type { Axis, Kernel, Plan, Variant } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import { linearGrid } from '../grid.js';
import { randomBytes } from '../random.js';
import { checkWorkgroup } from '../workgroup.js';
import { join, type ReadInput, type ReadOutput, readOracle, readReference } from './reference.js';

export type { ReadInput, ReadOutput } from './reference.js';

const BYTES: Axis = {
  name: 'bytes',
  token: 'n',
  meaning: 'bytes read, a multiple of 16',
  min: 16,
  max: 2 ** 32 - 16,
};

const vec4: Variant<ReadInput, ReadOutput> = {
  id: 'vec4',
  story: 'Each invocation reads 16 bytes per load, neighbours side by side, and writes one word for all of them.',
  tuning: { group: [256, 128, 64], each: [16, 8, 32, 64] },
  plan(shape, tuning, limits): Plan {
    const { bytes: byteLength } = shape as { bytes: number };
    const { group, each } = tuning as { group: number; each: number };
    checkWorkgroup('read/vec4', group, 0, limits);
    const count = byteLength / 16;
    const workgroups = Math.ceil(count / (group * each));
    const invocations = workgroups * group;
    return {
      buffers: [
        { name: 'source', role: 'input', byteLength },
        { name: 'joined', role: 'output', byteLength: 4 * invocations },
      ],
      dispatches: [
        {
          wgsl: 'read/vec4.wgsl',
          constants: { COUNT: count, GROUP: group, EACH: each, INVOCATIONS: invocations },
          bindings: ['source', 'joined'],
          workgroups: linearGrid(workgroups, limits.maxComputeWorkgroupsPerDimension),
        },
      ],
    };
  },
  encode: (_shape, _tuning, { data }) => ({ source: data }),
  decode: (_shape, _tuning, readback) => ({ joined: join(readback.joined as Uint8Array) }),
};

/** Every byte of a buffer read once: the bandwidth of the card's memory where nothing is written. */
export const read: Kernel<ReadInput, ReadOutput> = {
  id: 'read',
  family: 'memory',
  title: 'Memory read',
  source: 'McCalpin: STREAM, of which it is the reading half; bytes are counted once',
  axes: [BYTES],
  checkShape(shape) {
    if ((shape.bytes as number) % 16 !== 0)
      throw new ShapeError(`read: bytes must be a multiple of 16, got ${shape.bytes}`);
  },
  // One vector, less than a workgroup, one vector more than whole workgroups, and many.
  probes: [{ bytes: 16 }, { bytes: 16 * 33 }, { bytes: 16 * (256 * 64 + 1) }, { bytes: 16 * 100_003 }],
  pilot: { bytes: 2 ** 20 },
  // The sizes of copy.
  workloads: [{ bytes: 2 ** 25 }, { bytes: 2 ** 28 }, { bytes: 2 ** 30 }],
  input: (shape, seed) => ({ data: randomBytes(shape.bytes as number, seed) }),
  shapeOf(input) {
    const data = bytes(record(input, 'read', ['data']).data, 'data');
    if (data.length === 0 || data.length % 16 !== 0 || data.length > BYTES.max)
      throw new InputError(`data must hold a multiple of 16 bytes, from 16 to ${BYTES.max}, got ${data.length}`);
    return { shape: { bytes: data.length }, input: { data } };
  },
  reference: readReference,
  oracle: readOracle,
  work(shape) {
    const moved = shape.bytes as number;
    return { operations: moved, unit: 'byte', bytes: moved };
  },
  variants: [vec4],
  defaultVariant: vec4.id,
};
