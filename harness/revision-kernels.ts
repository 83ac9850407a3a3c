import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Dispatch, Kernel, Plan, Variant } from '../kernels/declaration.js';
import { InputError, MissingUnitError, ShapeError } from '../kernels/errors.js';
import { Refusal } from './refusal.js';

/** Prefix of the implementations that another revision's kernels are, as `assay/` is of ours. */
export const BEFORE = 'before/';

/**
 * The kernels of another revision, through the same declaration: WGSL is read from their own root, and what they
 * throw is thrown as ours would be.
 * @param root holds `kernels/` and, compiled, `dist/kernels/`
 * @throws {InputError} when they cannot be loaded or declare themselves in another way than ours do
 */
export async function loadRevisionKernels(root: string): Promise<readonly Kernel[]> {
  let loaded: { kernels?: unknown };
  try {
    loaded = await import(pathToFileURL(join(root, 'dist', 'kernels', 'index.js')).href);
  } catch (error) {
    throw new InputError(`the kernels in ${root} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
  const { kernels } = loaded;
  if (!Array.isArray(kernels))
    throw new InputError(
      `the kernels in ${root} are declared in another way: kernels/index.ts exports no list of them`,
    );
  return kernels.map((kernel, i) => {
    const missing = missingParts(kernel);
    if (missing.length === 0) return adapted(kernel, root);
    const name = typeof kernel?.id === 'string' ? kernel.id : `number ${i}`;
    throw new InputError(`the kernels in ${root} are declared in another way: ${name} lacks ${missing.join(', ')}`);
  });
}

/** What comparing and executing a kernel cannot do without. */
const PARTS = { id: 'string', axes: 'array', probes: 'array', variants: 'array', work: 'function', oracle: 'function' };

function missingParts(kernel: unknown): string[] {
  const given = (kernel ?? {}) as Record<string, unknown>;
  return Object.entries(PARTS).flatMap(([name, type]) => {
    const value = given[name];
    return (type === 'array' ? Array.isArray(value) : typeof value === type) ? [] : [name];
  });
}

function adapted(kernel: Kernel, root: string): Kernel {
  return { ...kernel, variants: kernel.variants.map((variant) => adaptedVariant(variant, root)) };
}

function adaptedVariant(variant: Variant<unknown, unknown>, root: string): Variant<unknown, unknown> {
  const absolute = (path: string) => join(root, 'kernels', path);
  const placed = (dispatch: Dispatch): Dispatch => ({
    ...dispatch,
    wgsl: absolute(dispatch.wgsl),
    ...(dispatch.modules && { modules: dispatch.modules.map(absolute) }),
  });
  return {
    ...variant,
    plan: (shape, tuning, limits): Plan => {
      const plan = translated('plans', () => variant.plan(shape, tuning, limits));
      return { ...plan, ...(plan.setup && { setup: plan.setup.map(placed) }), dispatches: plan.dispatches.map(placed) };
    },
    encode: (shape, tuning, input) => translated('lays out the input', () => variant.encode(shape, tuning, input)),
    decode: (shape, tuning, output) => translated('reads the output', () => variant.decode(shape, tuning, output)),
  };
}

/** Of two modules with the same source the classes are different ones: only the name tells. */
const OURS = { MissingUnitError, ShapeError } as const;

/** An exception of any other kind is what becomes of an input that the revision did not know yet. */
function translated<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const Ours = error instanceof Error ? OURS[error.name as keyof typeof OURS] : undefined;
    if (Ours) throw new Ours(messageOf(error), { cause: error });
    throw new Refusal(
      'skipped',
      'declaration-changed',
      `the other revision fails where it ${what}: ${messageOf(error)}`,
    );
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
