import type { Limits, Shape, Variant } from '../declaration.js';
import { subgroupIsVector } from '../narrow-subgroups.js';
import { MATRIX_FEATURES, SUBGROUP_ID } from '../subgroup-matrix.js';
import type { Recipe } from './plan.js';

/** Needs nothing of the adapter. */
const portable: Recipe = {
  products: {
    f16: { many: 'prefetched', few: 'matrix-vector' },
    q4: { many: 'register-tiled', few: 'naive' },
  },
  attention: 'flash-tiled',
};

/** Where a subgroup is a processor's vector: values are handed round, for workgroup memory and barriers are dear. */
const subgroups: Recipe = {
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
  attention: 'flash-tiled',
  decode: 'decode',
};

const subgroupsFor = (limits: Limits): Recipe => (subgroupIsVector(limits) ? subgroups : wideSubgroups);

/**
 * A prompt's products and its attention by matrix units, with sums in f32: in f16 their rounding would be most of what the oracle allows a
 * block, where 8192 products are added up.
 */
function matrixUnitsFor(limits: Limits): Recipe {
  const { products, ...rest } = subgroupsFor(limits);
  const many = 'matrix-units';
  return {
    ...rest,
    attention: 'matrix-units',
    products: { f16: { ...products.f16, many }, q4: { ...products.q4, many } },
  };
}

/** A variant of what is made of a model's layers: all but its plan and its data. */
export type NamedRecipe = Pick<Variant<never, never>, 'id' | 'story' | 'requires' | 'suits'> & {
  recipe(limits: Limits): Recipe;
};

/** @param many whether a shape's products have many rows: what matrix units are for */
export const recipes = (many: (shape: Shape) => boolean): readonly NamedRecipe[] => [
  {
    id: 'portable',
    story: 'Products by register tiles in workgroup memory, f16 in words of two: any adapter can do it.',
    requires: [],
    recipe: () => portable,
  },
  {
    id: 'subgroups',
    story:
      'One token’s products are added up by subgroups, and a prompt’s too where a subgroup is a processor’s vector. ' +
      'Attention needs no matrix of scores, and in generation reads a key once for all heads that share it.',
    requires: ['subgroups', SUBGROUP_ID],
    recipe: subgroupsFor,
  },
  {
    id: 'matrix-units',
    story:
      'The products and the attention of a prompt by the adapter’s matrix instructions, the rest as before. One token at a time has ' +
      'nothing for them.',
    requires: [...MATRIX_FEATURES, SUBGROUP_ID],
    suits: many,
    recipe: matrixUnitsFor,
  },
];
