import type { Kernel, Limits, Shape, Variant } from './declaration.js';
import { MissingUnitError } from './errors.js';

/**
 * What to run when nobody named a variant: the best for the shape of those whose needs the adapter meets.
 * @param has whether the adapter has a feature
 * @param limits of the adapter, where its matrix units are told: a feature alone does not say which sizes there are
 */
export function chosenVariant(kernel: Kernel, shape: Shape, has: (feature: string) => boolean, limits: Limits): string {
  const able = (id: string) => {
    const variant = kernel.variants.find((v) => v.id === id);
    return !variant || ((variant.requires?.every(has) ?? true) && hasUnits(variant, shape, limits));
  };
  return kernel.preferred?.(shape, limits).find(able) ?? kernel.defaultVariant;
}

/** Whatever else a plan refuses is for the caller to hear. */
function hasUnits(variant: Variant<unknown, unknown>, shape: Shape, limits: Limits): boolean {
  const defaults = Object.fromEntries(
    Object.entries(variant.tuning ?? {}).map(([name, values]) => [name, values[0] as number]),
  );
  try {
    variant.plan(shape, defaults, limits);
    return true;
  } catch (error) {
    return !(error instanceof MissingUnitError);
  }
}

/** Variants worth measuring on a shape, naive first: of all, or of the shortlist for a first look. */
export function suitingVariants(
  kernel: Kernel,
  shape: Shape,
  list: 'all' | 'shortlist',
  limits: Pick<Limits, 'subgroupMaxSize'>,
): readonly Variant<unknown, unknown>[] {
  const listed = list === 'shortlist' ? kernel.shortlist : undefined;
  const passedOver = list === 'shortlist' ? kernel.passedOver?.(limits) : undefined;
  const wanted = (id: string) => (listed?.includes(id) ?? true) && !passedOver?.includes(id);
  return kernel.variants.filter((v) => wanted(v.id) && (v.suits?.(shape) ?? true));
}
