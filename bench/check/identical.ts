import { effectiveTuning } from '../../harness/limits.js';
import { assemble } from '../../harness/program.js';
import type { BufferContents, Dispatch, Kernel, Limits, Plan, Shape, Variant } from '../../kernels/declaration.js';

type AnyVariant = Variant<unknown, unknown>;

/**
 * Whether two revisions of a variant make the device do the very same: the same WGSL with the same header, the same
 * buffers, bindings and workgroups, and byte for byte the same data for the same input. Then nothing can be slower.
 * @returns false too where one of them cannot plan the shape: whoever measures finds out why
 */
export function isIdentical(
  before: AnyVariant,
  now: AnyVariant,
  { shape, limits, input }: { readonly shape: Shape; readonly limits: Limits; readonly input: () => unknown },
): boolean {
  try {
    const [was, is] = [before, now].map((variant) => {
      const tuning = effectiveTuning(variant, {});
      return { variant, tuning, plan: variant.plan(shape, tuning, limits) };
    }) as [Planned, Planned];
    if (programOf(was.plan) !== programOf(is.plan)) return false;
    if (!sameData(plannedContents(was.plan), plannedContents(is.plan))) return false;
    const given = input();
    const [old, current] = [was, is].map(({ variant, tuning }) => variant.encode(shape, tuning, given));
    return sameData(old as BufferContents, current as BufferContents);
  } catch {
    return false;
  }
}

interface Planned {
  readonly variant: AnyVariant;
  readonly tuning: Readonly<Record<string, number>>;
  readonly plan: Plan;
}

/** The input of one workload after the other, made once for all variants of it. */
export function inputOnce(kernel: Kernel, shape: Shape, seed: number): () => unknown {
  let made: { input: unknown } | null = null;
  return () => {
    made ??= { input: kernel.input(shape, seed) };
    return made.input;
  };
}

/** Files are named by where they lie; what counts is what is in them. */
function programOf({ buffers, setup = [], dispatches, apart, repeat, copies }: Plan): string {
  const codes = new Map<string, number>();
  const placed = (dispatch: Dispatch) => {
    const { code, entryPoint } = assemble(dispatch);
    const known = codes.get(code) ?? codes.size;
    codes.set(code, known);
    return [known, entryPoint, dispatch.bindings, dispatch.immediate, dispatch.workgroups];
  };
  const said = buffers.map(({ name, role, byteLength, contents }) => [name, role, byteLength, contents?.byteLength]);
  const parts = [said, setup.map(placed), dispatches.map(placed), apart, repeat, copies];
  return JSON.stringify([parts, [...codes.keys()]]);
}

const plannedContents = ({ buffers }: Plan): BufferContents =>
  Object.fromEntries(buffers.flatMap(({ name, contents }) => (contents ? [[name, contents]] : [])));

function sameData(a: BufferContents, b: BufferContents): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameBytes(a[name], b[name]));
}

function sameBytes(a: ArrayBufferView | undefined, b: ArrayBufferView | undefined): boolean {
  if (!a || !b) return false;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);
