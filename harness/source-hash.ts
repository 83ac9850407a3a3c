import { createHash } from 'node:crypto';
import type { Kernel, Limits, Plan, Shape, Tuning, Variant } from '../kernels/declaration.js';
import { ShapeError } from '../kernels/errors.js';
import { checkedPlan, effectiveTuning } from './limits.js';
import { assemble } from './program.js';

/**
 * What a statement "this tuning beats the default" is about, as SHA-256 in hex: for the default and for the tuning
 * the whole plan (buffers, bindings, workgroups) with the WGSL that it compiles, modules and generated constants
 * included, and the declared tuning space. Any change to one of them gives another hash.
 *
 * @param limits of the adapter, since a plan may depend on them
 * @throws {ShapeError} when the tuning is not in the variant's space any more
 */
export function sourceHash(
  kernel: Kernel,
  variant: Variant<unknown, unknown>,
  shape: Shape,
  tuning: Tuning,
  limits: Limits,
): string {
  const wanted = effectiveTuning(variant, tuning);
  const parts = [effectiveTuning(variant, {}), wanted].map((values) => {
    const plan = planOrNull(kernel, variant, shape, values, limits);
    return plan && { plan, code: [...(plan.setup ?? []), ...plan.dispatches].map((d) => assemble(d).code) };
  });
  return createHash('sha256')
    .update(JSON.stringify([variant.tuning ?? {}, wanted, parts]))
    .digest('hex');
}

/** Null when the adapter cannot hold it: a default may be too large where a smaller tuning is not. */
function planOrNull(
  kernel: Kernel,
  variant: Variant<unknown, unknown>,
  shape: Shape,
  tuning: Tuning,
  limits: Limits,
): Plan | null {
  try {
    return checkedPlan(kernel, variant, shape, tuning, limits);
  } catch (error) {
    if (error instanceof ShapeError) return null;
    throw error;
  }
}
