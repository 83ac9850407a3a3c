import type { BufferPlan, Constant, Dispatch, Shape, Variant } from '../declaration.js';
import { quadsOf, stripRows } from './quads.js';
import type { AttentionOutput, AttentionRequest } from './reference.js';
import { rowCount, sizesOf } from './sizes.js';
import type { Storage } from './storage.js';

export type AttentionVariant<Input> = Variant<Input, AttentionOutput>;

/** Makes a variant for every type of storage from one text. */
export type VariantOf = <Input extends AttentionRequest>(storage: Storage<Input>) => AttentionVariant<Input>;

/** What all dispatches are told of the shape. */
export function shapeConstants(shape: Shape): Record<string, Constant> {
  const s = sizesOf(shape);
  return {
    ROWS: rowCount(s),
    HEADS: s.heads,
    KV_HEADS: s.kvHeads,
    QUERIES: s.queryLength,
    KEYS: s.keyLength,
    QUADS: quadsOf(s.headSize),
    CAUSAL: { type: 'bool', value: s.causal === 1 },
  };
}

/** q, k, v, with the scales where there are any, and out. */
export function dataBuffers<Input extends AttentionRequest>(shape: Shape, storage: Storage<Input>): BufferPlan[] {
  const s = sizesOf(shape);
  const row = 4 * quadsOf(s.headSize);
  const keys = s.batch * s.kvHeads * s.keyLength;
  const queries = storage.queryBytes * rowCount(s) * row;
  const cache = storage.cacheBytes * keys * row;
  return [
    { name: 'q', role: 'input', byteLength: queries },
    { name: 'k', role: 'input', byteLength: cache },
    { name: 'v', role: 'input', byteLength: cache },
    ...(storage.scaleBytes > 0
      ? [{ name: 'scales', role: 'input', byteLength: storage.scaleBytes * keys } as const]
      : []),
    { name: 'out', role: 'output', byteLength: queries },
  ];
}

/** A dispatch that reads or writes quads: their type, their module, and the scales as the last binding. */
export function withQuads<Input extends AttentionRequest>(storage: Storage<Input>, dispatch: Dispatch): Dispatch {
  const hasScales = storage.scaleBytes > 0;
  return {
    ...dispatch,
    modules: [storage.module, ...(dispatch.modules ?? [])],
    aliases: { ...storage.aliases, ...dispatch.aliases },
    constants: { ...dispatch.constants, ...(hasScales && { SCALES_AT: dispatch.bindings.length }) },
    bindings: [...dispatch.bindings, ...(hasScales ? ['scales'] : [])],
  };
}

/** How all variants lay out their data. */
export function layout<Input extends AttentionRequest>(
  storage: Storage<Input>,
): Pick<AttentionVariant<Input>, 'encode' | 'decode'> {
  return {
    encode: (_shape, _tuning, input) => storage.encode(input),
    decode: (shape, _tuning, readback) => ({
      out: stripRows(storage.decode(readback.out as Uint8Array), sizesOf(shape).headSize),
    }),
  };
}
