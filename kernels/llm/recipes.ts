import type { Limits } from '../declaration.js';
import type { Recipe } from './plan.js';

/** Needs nothing of the adapter. */
export const portable: Recipe = {
  products: {
    f16: { many: 'prefetched', few: 'matrix-vector' },
    q4: { many: 'register-tiled', few: 'naive' },
  },
  attention: 'naive',
};

/** Where a subgroup is a processor's vector: values are handed round, for workgroup memory and barriers are dear. */
export const subgroups: Recipe = {
  products: {
    f16: { many: 'subgroup', few: 'matrix-vector-subgroup' },
    q4: { many: 'subgroup', few: 'lanes' },
  },
  attention: 'flash-lanes',
  decode: 'decode',
};

/** Where a subgroup has the width of a card's: tiles in workgroup memory, and neighbours read neighbouring weights. */
const wideSubgroups: Recipe = {
  products: {
    f16: { many: 'prefetched', few: 'matrix-vector-subgroup' },
    q4: { many: 'register-tiled', few: 'vector' },
  },
  attention: 'flash-lanes',
  decode: 'decode',
};

export const subgroupsFor = ({ subgroupMaxSize }: Limits): Recipe => (subgroupMaxSize <= 8 ? subgroups : wideSubgroups);

/**
 * A prompt's products by matrix units, with sums in f32: in f16 their rounding would be most of what the oracle allows a
 * block, where 8192 products are added up.
 */
export function matrixUnitsFor(limits: Limits): Recipe {
  const { products, ...rest } = subgroupsFor(limits);
  const many = 'matrix-units';
  return { ...rest, products: { f16: { ...products.f16, many }, q4: { ...products.q4, many } } };
}
