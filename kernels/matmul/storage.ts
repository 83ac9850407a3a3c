import type { Dispatch } from '../declaration.js';
import { floatsFromF16, toF16 } from '../f16.js';
import { asFloats } from '../views.js';

/** How the elements of a, b and c lie on the device, and the WGSL that reads and writes four of them as f32. */
export interface Storage {
  /** Bytes of an element. */
  readonly bytes: number;
  readonly requires: readonly string[];
  readonly enables: readonly string[];
  /** Defines `widen`; its aliases define `Read`, what four elements are on the device. */
  readonly read: Reading;
  /** Defines `narrow` and `Written`. */
  readonly write: Reading;
  pack(values: Float32Array): ArrayBufferView;
  unpack(bytes: Uint8Array): Float32Array;
}

type Reading = Required<Pick<Dispatch, 'modules' | 'aliases'>>;

const reading = (module: string, aliases: Reading['aliases'] = {}): Reading => ({
  modules: [`matmul/${module}.wgsl`],
  aliases,
});

export const floats: Storage = {
  bytes: 4,
  requires: [],
  enables: [],
  read: reading('read-floats', { Read: 'vec4<f32>' }),
  write: reading('write-floats', { Written: 'vec4<f32>' }),
  pack: (values) => values,
  unpack: asFloats,
};

const f16Bits = { bytes: 2, pack: toF16, unpack: (bytes: Uint8Array) => floatsFromF16(bytes) };

/** f16 as WGSL has it. */
export const halves: Storage = {
  ...f16Bits,
  requires: ['shader-f16'],
  enables: ['f16'],
  read: reading('read-floats', { Read: 'vec4<f16>' }),
  write: reading('write-floats', { Written: 'vec4<f16>' }),
};

/** f16 in pairs, as words, for which no feature is needed. */
export const packedHalves: Storage = {
  ...f16Bits,
  requires: [],
  enables: [],
  read: reading('read-halves'),
  write: reading('write-halves'),
};
