import { bytes, record } from '../arguments.js';
import { type CopyInput, type CopyOutput, copyOracle, copyReference } from '../copy/reference.js';
import type { Axis, BufferPlan, Kernel, Variant } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import { randomBytes } from '../random.js';

export type { CopyInput, CopyOutput } from '../copy/reference.js';

const axis = (meaning: string): Axis => ({ name: 'bytes', token: 'n', meaning, min: 4, max: 2 ** 32 - 4 });

/** What differs between the two ways over the bus. */
interface Way {
  readonly id: 'upload' | 'readback';
  readonly title: string;
  readonly meaning: string;
  readonly story: string;
  /** Roles of the buffers that are copied from and to. */
  readonly from: BufferPlan['role'];
  readonly to: BufferPlan['role'];
}

function copyKernel({ id, title, meaning, story, from, to }: Way): Kernel<CopyInput, CopyOutput> {
  const BYTES = axis(meaning);
  const engine: Variant<CopyInput, CopyOutput> = {
    id: 'engine',
    story,
    plan: (shape) => ({
      buffers: [
        { name: 'source', role: from, byteLength: shape.bytes as number },
        { name: 'destination', role: to, byteLength: shape.bytes as number },
      ],
      dispatches: [],
      copies: [{ from: 'source', to: 'destination' }],
    }),
    encode: (_shape, _tuning, { data }) => ({ source: data }),
    decode: (_shape, _tuning, readback) => ({ data: readback.destination as Uint8Array }),
  };
  return {
    id,
    family: 'memory',
    title,
    source: 'WebGPU, copyBufferToBuffer between a buffer that the host maps and one that only the device reaches',
    axes: [BYTES],
    checkShape(shape) {
      if ((shape.bytes as number) % 4 !== 0)
        throw new ShapeError(`${id}: bytes must be a multiple of 4, got ${shape.bytes}`);
    },
    probes: [{ bytes: 4 }, { bytes: 4 * 1023 }, { bytes: 2 ** 16 + 4 }],
    pilot: { bytes: 2 ** 20 },
    // 4 ms over sixteen lanes of the third generation of PCI Express, 64 over a riser with one.
    workloads: [{ bytes: 2 ** 26 }],
    input: (shape, seed) => ({ data: randomBytes(shape.bytes as number, seed) }),
    shapeOf(input) {
      const data = bytes(record(input, id, ['data']).data, 'data');
      if (data.length === 0 || data.length % 4 !== 0 || data.length > BYTES.max)
        throw new InputError(`data must hold a multiple of 4 bytes, from 4 to ${BYTES.max}, got ${data.length}`);
      return { shape: { bytes: data.length }, input: { data } };
    },
    reference: copyReference,
    oracle: copyOracle,
    work: (shape) => ({ operations: shape.bytes as number, unit: 'byte', bytes: shape.bytes as number }),
    variants: [engine],
    defaultVariant: engine.id,
  };
}

/** Host memory to the card's: what feeds it. A card on a riser with one lane is seen here. */
export const upload = copyKernel({
  id: 'upload',
  title: 'Upload over the bus',
  meaning: 'bytes copied from host memory to the device, a multiple of 4',
  story: 'The device’s copy engine fetches a buffer that the host has mapped.',
  from: 'upload',
  to: 'output',
});

/** The card's memory to the host's. */
export const readback = copyKernel({
  id: 'readback',
  title: 'Readback over the bus',
  meaning: 'bytes copied from the device to host memory, a multiple of 4',
  story: 'The device’s copy engine writes into a buffer that the host can map.',
  from: 'input',
  to: 'readback',
});
