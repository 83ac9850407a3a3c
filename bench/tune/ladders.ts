import { unknownName } from '../../harness/suggest.js';
import type { Kernel } from '../../kernels/declaration.js';
import { InputError } from '../../kernels/errors.js';
import { findKernel, kernelNames } from '../../kernels/index.js';
import { workloadId } from '../../kernels/shape.js';
import { checkVariants } from '../run/contestants.js';
import { findSuite, parseEntry, parseWorkload, type Workload } from '../suites/index.js';
import { isTunable } from './look.js';

/**
 * What the command line asks to be tuned: per kernel the shapes of which one is taken (see `chooseShape`), the quick
 * suite's where it has any, else those that the kernel declares; or the one shape of a full workload id. Without names
 * every kernel of the quick suite that has something to tune.
 * @throws {InputError | ShapeError} that suggests the near name, or says that there is nothing to tune
 */
export function chooseLadders(names: readonly string[], variants: readonly string[] | null): Workload[][] {
  const quick = findSuite('quick').workloads.map(parseEntry);
  if (names.length === 0) {
    const all = quick.filter(([first]) => first?.kernel.variants.some(isTunable));
    if (variants) checkVariants(variants, all.flat());
    return all;
  }
  const chosen = [...new Set(names)].map((name) => {
    if (!kernelNames.includes(name)) {
      if (name.includes('/')) return [parseWorkload(name)];
      throw unknownName('kernel', name, kernelNames);
    }
    const kernel = findKernel(name);
    return quick.find(([first]) => first?.kernel === kernel) ?? declaredLadder(kernel);
  });
  if (variants) checkVariants(variants, chosen.flat());
  for (const [first] of chosen) if (first) refuseUntunable(first.kernel, variants);
  return chosen;
}

/** Biggest first, by the work they are. @throws {InputError} where there are none: the kernel is timed by id alone */
function declaredLadder(kernel: Kernel): Workload[] {
  if (kernel.workloads.length === 0)
    throw new InputError(
      `${kernel.id} declares no workloads; tune one by its id, e.g. ${workloadId(kernel, kernel.pilot)}`,
    );
  const size = (shape: Kernel['workloads'][number]) => kernel.work(shape).operations;
  return [...kernel.workloads]
    .sort((a, b) => size(b) - size(a))
    .map((shape) => ({ id: workloadId(kernel, shape), kernel, shape }));
}

function refuseUntunable({ id, variants }: Kernel, wanted: readonly string[] | null): void {
  const asked = variants.filter((v) => wanted === null || wanted.includes(v.id));
  if (asked.some(isTunable)) return;
  const tunable = variants.filter(isTunable).map((v) => v.id);
  if (tunable.length === 0)
    throw new InputError(`${id} has nothing to tune: none of its variants declares a tuning space`);
  throw new InputError(
    `${id}: ${asked.map((v) => v.id).join(', ')} has nothing to tune; of its variants ${tunable.join(', ')} can be tuned`,
  );
}
