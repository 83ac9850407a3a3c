import { bytes, record } from '../arguments.js';
import { copyOracle } from '../copy/reference.js';
import type { Axis, Kernel, Variant } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import { randomBytes } from '../random.js';

/** Both of the same positive multiple of 4 bytes. */
export interface DuplexInput {
  /** Travels to the device. */
  readonly up: Uint8Array;
  /** Lies on the device and travels to the host. */
  readonly down: Uint8Array;
}
export type DuplexOutput = DuplexInput;

const BYTES: Axis = {
  ...{ name: 'bytes', token: 'n', meaning: 'bytes copied each way, a multiple of 4', min: 4, max: 2 ** 31 - 4 },
};

const engine: Variant<DuplexInput, DuplexOutput> = {
  id: 'engine',
  story:
    'Two copies of one submission that share no buffer. A driver may let them overlap, as PCI Express would, or make one after the other: WebGPU has one queue.',
  plan: (shape) => {
    const byteLength = shape.bytes as number;
    return {
      buffers: [
        { name: 'source', role: 'upload', byteLength },
        { name: 'arrived', role: 'output', byteLength },
        { name: 'resident', role: 'input', byteLength },
        { name: 'returned', role: 'readback', byteLength },
      ],
      dispatches: [],
      copies: [
        { from: 'source', to: 'arrived' },
        { from: 'resident', to: 'returned' },
      ],
    };
  },
  encode: (_shape, _tuning, { up, down }) => ({ source: up, resident: down }),
  decode: (_shape, _tuning, readback) => ({
    up: readback.arrived as Uint8Array,
    down: readback.returned as Uint8Array,
  }),
};

/** Both ways over the bus, in one submission. */
export const duplex: Kernel<DuplexInput, DuplexOutput> = {
  id: 'duplex',
  family: 'memory',
  title: 'Upload and readback over the bus, in one submission',
  source: 'WebGPU, copyBufferToBuffer to and from buffers that the host maps',
  axes: [BYTES],
  checkShape(shape) {
    if ((shape.bytes as number) % 4 !== 0)
      throw new ShapeError(`duplex: bytes must be a multiple of 4, got ${shape.bytes}`);
  },
  probes: [{ bytes: 4 }, { bytes: 4 * 1023 }, { bytes: 2 ** 16 + 4 }],
  pilot: { bytes: 2 ** 20 },
  workloads: [{ bytes: 2 ** 26 }],
  input: (shape, seed) => ({
    up: randomBytes(shape.bytes as number, seed),
    // Other bytes than the ones that come: an echo is no readback.
    down: randomBytes(shape.bytes as number, (seed ^ 0x5bd1e995) >>> 0),
  }),
  shapeOf(input) {
    const given = record(input, 'duplex', ['up', 'down']);
    const [up, down] = [bytes(given.up, 'up'), bytes(given.down, 'down')];
    if (up.length === 0 || up.length % 4 !== 0 || up.length > BYTES.max)
      throw new InputError(`up must hold a multiple of 4 bytes, from 4 to ${BYTES.max}, got ${up.length}`);
    if (down.length !== up.length)
      throw new InputError(`down must hold as many bytes as up, ${up.length}, got ${down.length}`);
    return { shape: { bytes: up.length }, input: { up, down } };
  },
  reference: (_shape, { up, down }) => ({ up: up.slice(), down: down.slice() }),
  oracle(shape, { up, down }) {
    const [upward, downward] = [copyOracle(shape, { data: up }), copyOracle(shape, { data: down })];
    return {
      method: upward.method,
      tolerance: upward.tolerance,
      check(output) {
        for (const [way, oracle, data] of [
          ['up', upward, output.up],
          ['down', downward, output.down],
        ] as const) {
          const judged = oracle.check({ data });
          if (!judged.correct) return { ...judged, detail: `${way}: ${judged.detail}` };
        }
        return { correct: true, maxError: 0 };
      },
    };
  },
  work: (shape) => ({ operations: 2 * (shape.bytes as number), unit: 'byte', bytes: 2 * (shape.bytes as number) }),
  variants: [engine],
  defaultVariant: engine.id,
};
