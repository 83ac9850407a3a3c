import type { Kernel, Shape, Variant } from './declaration.js';

/** What to run when nobody named a variant: the best for the shape of those whose needs the adapter meets. */
export function chosenVariant(kernel: Kernel, shape: Shape, has: (feature: string) => boolean): string {
  const able = (id: string) => kernel.variants.find((v) => v.id === id)?.requires?.every(has) ?? true;
  return kernel.preferred?.(shape).find(able) ?? kernel.defaultVariant;
}

/** Variants worth measuring on a shape, naive first: of all, or of the shortlist for a first look. */
export function suitingVariants(
  kernel: Kernel,
  shape: Shape,
  list: 'all' | 'shortlist',
): readonly Variant<unknown, unknown>[] {
  const listed = list === 'shortlist' ? kernel.shortlist : undefined;
  return kernel.variants.filter((v) => (listed?.includes(v.id) ?? true) && (v.suits?.(shape) ?? true));
}
