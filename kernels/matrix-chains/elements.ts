import { wholeHalves } from '../f16.js';
import type { Element } from './chain.js';

export const F16: Element = { component: 'f16', word: 'f16', pack: 1, bytes: 2, encode: wholeHalves };
export const F32: Element = {
  ...{ component: 'f32', word: 'f32', pack: 1, bytes: 4 },
  encode: (values) => Float32Array.from(values),
};
export const I32: Element = {
  ...{ component: 'i32', word: 'i32', pack: 1, bytes: 4 },
  encode: (values) => Int32Array.from(values),
};
/** Four to a word, the first in the lowest byte. */
export const I8: Element = {
  ...{ component: 'i8', word: 'u32', pack: 4, bytes: 1 },
  encode: (values) => Int8Array.from(values),
};
