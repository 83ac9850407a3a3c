import { bytes, record } from '../arguments.js';
import type { Axis, Kernel, Plan, Variant } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import { linearGrid } from '../grid.js';
import { randomBytes } from '../random.js';
import { checkWorkgroup } from '../workgroup.js';
import { type CopyInput, type CopyOutput, copyOracle, copyReference } from './reference.js';

export type { CopyInput, CopyOutput } from './reference.js';

const BYTES: Axis = {
  name: 'bytes',
  token: 'n',
  meaning: 'bytes copied, a multiple of 16',
  min: 16,
  max: 2 ** 32 - 16,
};

const vec4: Variant<CopyInput, CopyOutput> = {
  id: 'vec4',
  story: 'Each invocation moves 16 bytes per load and store, neighbours side by side.',
  // Several vectors per invocation keep more loads in flight; what is best differs from card to card.
  tuning: { group: [256, 128, 64], each: [1, 2, 4, 8] },
  plan(shape, tuning, limits): Plan {
    const { bytes: byteLength } = shape as { bytes: number };
    const { group, each } = tuning as { group: number; each: number };
    checkWorkgroup('copy/vec4', group, 0, limits);
    const count = byteLength / 16;
    return {
      buffers: [
        { name: 'source', role: 'input', byteLength },
        { name: 'destination', role: 'output', byteLength },
      ],
      dispatches: [
        {
          wgsl: 'copy/vec4.wgsl',
          constants: { COUNT: count, GROUP: group, EACH: each },
          bindings: ['source', 'destination'],
          workgroups: linearGrid(Math.ceil(count / (group * each)), limits.maxComputeWorkgroupsPerDimension),
        },
      ],
    };
  },
  encode: (_shape, _tuning, { data }) => ({ source: data }),
  decode: (_shape, _tuning, readback) => ({ data: readback.destination as Uint8Array }),
};

/** destination = source: the copy bandwidth of the card's memory, or of its cache when both fit there. */
export const copy: Kernel<CopyInput, CopyOutput> = {
  id: 'copy',
  family: 'memory',
  title: 'Memory copy',
  source: 'McCalpin: STREAM, kernel Copy; bytes are counted as STREAM counts them, once read and once written',
  axes: [BYTES],
  checkShape(shape) {
    if ((shape.bytes as number) % 16 !== 0)
      throw new ShapeError(`copy: bytes must be a multiple of 16, got ${shape.bytes}`);
  },
  // One vector, less than a workgroup, one vector more than whole workgroups, and beyond one row of the grid.
  probes: [{ bytes: 16 }, { bytes: 16 * 33 }, { bytes: 16 * (256 * 8 + 1) }, { bytes: 16 * 100_003 }],
  pilot: { bytes: 2 ** 20 },
  // 32 MiB leaves every software adapter's cache; 1 GiB leaves every card's, H100's 50 MiB included.
  workloads: [{ bytes: 2 ** 25 }, { bytes: 2 ** 28 }, { bytes: 2 ** 30 }],
  input: (shape, seed) => ({ data: randomBytes(shape.bytes as number, seed) }),
  shapeOf(input) {
    const data = bytes(record(input, 'copy', ['data']).data, 'data');
    if (data.length === 0 || data.length % 16 !== 0 || data.length > BYTES.max)
      throw new InputError(`data must hold a multiple of 16 bytes, from 16 to ${BYTES.max}, got ${data.length}`);
    return { shape: { bytes: data.length }, input: { data } };
  },
  reference: copyReference,
  oracle: copyOracle,
  work(shape) {
    const moved = 2 * (shape.bytes as number);
    return { operations: moved, unit: 'byte', bytes: moved };
  },
  variants: [vec4],
  defaultVariant: vec4.id,
};
