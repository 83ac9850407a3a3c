import { F16_MAX, floatsFromF16, roundToF16, TINY16, toF16, U16 } from './f16.js';
import { F32_MAX, TINY, U } from './rounding.js';
import { asFloats } from './views.js';

/** How the elements of a float workload are stored on the device. Callers hand over and get f32 in any case. */
export interface ElementType {
  readonly id: 'f32' | 'f16';
  readonly bytes: number;
  /** WGSL module that reads and writes two neighbouring elements. */
  readonly pairModule: string;
  /** One rounding to this type, relative. WGSL may round to either neighbour, so it is twice the unit roundoff. */
  readonly rounding: number;
  /** Largest finite value. */
  readonly largest: number;
  /** What a result may lose where it is below the least normal number, absolute. */
  readonly tiny: number;
  /** The nearest values of this type, in f32. */
  round(values: Float32Array): Float32Array;
  encode(values: Float32Array): Float32Array | Uint16Array;
  decode(bytes: Uint8Array): Float32Array;
}

export const F32: ElementType = {
  id: 'f32',
  bytes: 4,
  pairModule: 'shared/pair-f32.wgsl',
  rounding: 2 * U,
  largest: F32_MAX,
  tiny: TINY,
  round: (values) => values,
  encode: (values) => values,
  decode: asFloats,
};

export const F16: ElementType = {
  id: 'f16',
  bytes: 2,
  pairModule: 'shared/pair-f16.wgsl',
  rounding: 2 * U16,
  largest: F16_MAX,
  tiny: TINY16,
  round: roundToF16,
  encode: toF16,
  decode: (bytes) => floatsFromF16(bytes),
};
