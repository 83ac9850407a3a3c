import type { Axis, Kernel, Shape } from '../../kernels/declaration.js';
import { checkShape, kernelName, workloadId } from '../../kernels/shape.js';

/** What two revisions of a kernel say differently about the same workload; no speed is compared across any of it. */
export interface Difference {
  /** Axes, work, tolerance, … */
  readonly what: 'axes' | 'shape' | 'work' | 'oracle' | 'tolerance';
  /** In words, with both sides. */
  readonly detail: string;
}

/** Oracles of odd shapes are cheap; that many show a bound that depends on the shape. */
const PROBES = 3;
const SEED = 1;

/**
 * What is mandatory and how it is judged, before against now. How a variant does it (its plan, its WGSL, its tuning)
 * is what a check is for and not looked at.
 */
export function differences(before: Kernel, now: Kernel, shape: Shape): Difference[] {
  const axes = axesDiffer(before, now);
  // Shapes are told by axis: of other axes nothing more can be asked.
  if (axes) return [axes];
  const refused = refusalOf(() => checkShape(before, shape));
  if (refused !== null) return [{ what: 'shape', detail: `the other revision refuses the shape: ${refused}` }];
  return [...workDiffers(before, now, shape), ...judgedOtherwise(before, now)];
}

/** How an id is written and read; what an axis means in words may be put better. */
const grammar = ({ name, token, flag, default: size }: Axis) =>
  `${name} (${flag ? 'flag ' : ''}${token}${size === undefined ? '' : `, default ${size}`})`;

function axesDiffer(before: Kernel, now: Kernel): Difference | null {
  const [was, is] = [before, now].map(({ axes }) => axes.map(grammar).join(', ')) as [string, string];
  return was === is ? null : { what: 'axes', detail: `axes were ${was}; now ${is}` };
}

function workDiffers(before: Kernel, now: Kernel, shape: Shape): Difference[] {
  const is = now.work(shape);
  let was: typeof is;
  try {
    was = before.work(shape);
  } catch (error) {
    return [{ what: 'work', detail: `the other revision cannot tell the work: ${(error as Error).message}` }];
  }
  const parts = (['operations', 'unit', 'bytes'] as const).filter((part) => was[part] !== is[part]);
  return parts.map((part) => ({ what: 'work', detail: `${wordsOf[part]}: ${was[part]} before, ${is[part]} now` }));
}

const wordsOf = { operations: 'mandatory operations', unit: 'what is counted', bytes: 'least bytes moved' } as const;

/** Method and tolerance of the oracles, each with its own revision's input, on the first odd shapes. */
function judgedOtherwise(before: Kernel, now: Kernel): Difference[] {
  const key = kernelName(now);
  const known = judged.get(before)?.get(key);
  if (known) return known;
  const found: Difference[] = [];
  for (const shape of now.probes.slice(0, PROBES)) {
    const is = now.oracle(shape, now.input(shape, SEED), SEED);
    let was: typeof is;
    try {
      was = before.oracle(shape, before.input(shape, SEED), SEED);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      found.push({ what: 'oracle', detail: `the other revision cannot judge ${workloadId(now, shape)}: ${why}` });
      break;
    }
    const at = ` (${workloadId(now, shape)})`;
    if (was.method !== is.method)
      found.push({ what: 'oracle', detail: `judged by "${was.method}" before, by "${is.method}" now${at}` });
    const [old, current] = [was, is].map(({ tolerance: t }) => (t.kind === 'exact' ? 'exact' : String(t.bound)));
    if (old !== current)
      found.push({ what: 'tolerance', detail: `tolerance ${loosened(was, is)}: ${old} before, ${current} now${at}` });
    if (found.length > 0) break;
  }
  judged.set(before, new Map([...(judged.get(before) ?? []), [key, found]]));
  return found;
}

/** Oracles take a moment, and all workloads of a kernel are judged alike. */
const judged = new WeakMap<Kernel, Map<string, Difference[]>>();

type Judge = Pick<ReturnType<Kernel['oracle']>, 'tolerance'>;
const boundOf = ({ tolerance }: Judge) => (tolerance.kind === 'exact' ? 0 : tolerance.bound);
const loosened = (was: Judge, is: Judge) => (boundOf(is) > boundOf(was) ? 'loosened' : 'tightened');

function refusalOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Kernels that the other revision has and the working tree has not, and workloads that are no longer declared.
 * @param asked kernels by name that the check is about; null is all
 */
export function vanished(before: readonly Kernel[], now: readonly Kernel[], asked: readonly string[] | null): string[] {
  return before.flatMap((old) => {
    if (asked !== null && !asked.includes(kernelName(old))) return [];
    const kernel = now.find((k) => kernelName(k) === kernelName(old));
    if (!kernel) return [`kernel ${kernelName(old)}`];
    const ids = new Set(kernel.workloads.map((shape) => workloadId(kernel, shape)));
    return (old.workloads ?? [])
      .map((shape) => workloadId(old, shape))
      .filter((id) => !ids.has(id))
      .map((id) => `workload ${id}`);
  });
}
