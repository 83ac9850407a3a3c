import type { BufferRole, Dispatch, Kernel, Limits, Plan, Shape, Tuning, Variant } from '../kernels/declaration.js';
import { ShapeError } from '../kernels/errors.js';
import { workloadId } from '../kernels/shape.js';
import type { Device } from '../reports/schema.js';
import { allocatedBytes } from './buffers.js';

/** Of what plans may read, the limits that a device must be asked for. */
export const LIMIT_NAMES = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxUniformBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof Limits)[];

/** Limits that are one number each. */
type NumericLimit = Exclude<keyof Limits, 'subgroupMatrixConfigs'>;

/** What plans may read of an opened device, as its worker described it. */
export function limitsOf({
  limits,
  subgroupMatrixConfigs = [],
}: Pick<Device, 'limits' | 'subgroupMatrixConfigs'>): Limits {
  const numbers = limits as Record<NumericLimit, number>;
  return { ...numbers, subgroupMatrixConfigs };
}

/** The tuning a variant runs with: its defaults, overridden by what the caller names. */
export function effectiveTuning(variant: Pick<Variant<unknown, unknown>, 'id' | 'tuning'>, tuning: Tuning): Tuning {
  const space = variant.tuning ?? {};
  for (const [name, value] of Object.entries(tuning)) {
    if (!space[name]) throw new ShapeError(`variant ${variant.id} has no tuning parameter "${name}"`);
    if (!space[name].includes(value))
      throw new ShapeError(
        `tuning ${name} of variant ${variant.id} must be one of ${space[name].join(', ')}, got ${value}`,
      );
  }
  return {
    ...Object.fromEntries(Object.entries(space).map(([name, values]) => [name, values[0] as number])),
    ...tuning,
  };
}

/** What no shader binds. */
const UNBOUND: readonly BufferRole[] = ['immediate', 'upload', 'readback'];

/**
 * The plan of a variant for a shape, checked against the device before anything is allocated.
 * @throws {ShapeError} naming the buffer or dispatch, the need and the limit
 */
export function checkedPlan<I, O>(
  kernel: Kernel<I, O>,
  variant: Variant<I, O>,
  shape: Shape,
  tuning: Tuning,
  limits: Limits,
): Plan {
  const plan = variant.plan(shape, tuning, limits);
  const refuse = (what: string, need: number, limit: NumericLimit) => {
    throw new ShapeError(
      `${workloadId(kernel as Kernel, shape)}: ${what} ${need}, but this adapter's ${limit} is ${limits[limit]}`,
    );
  };
  for (const buffer of plan.buffers) {
    const { name, role } = buffer;
    const bytes = allocatedBytes(buffer);
    const limit = role === 'uniform' ? 'maxUniformBufferBindingSize' : 'maxStorageBufferBindingSize';
    if (!UNBOUND.includes(role) && bytes > limits[limit])
      refuse(`buffer ${name} needs a binding of bytes`, bytes, limit);
    if (bytes > limits.maxBufferSize) refuse(`buffer ${name} needs bytes`, bytes, 'maxBufferSize');
  }
  for (const dispatch of [...(plan.setup ?? []), ...plan.dispatches]) checkDispatch(dispatch, plan, limits, refuse);
  return plan;
}

function checkDispatch(
  dispatch: Dispatch,
  plan: Plan,
  limits: Limits,
  refuse: (what: string, need: number, limit: NumericLimit) => void,
): void {
  const storage = dispatch.bindings.filter((name) => plan.buffers.find((b) => b.name === name)?.role !== 'uniform');
  if (storage.length > limits.maxStorageBuffersPerShaderStage)
    refuse(`${dispatch.wgsl} binds storage buffers:`, storage.length, 'maxStorageBuffersPerShaderStage');
  for (const count of dispatch.workgroups)
    if (count > limits.maxComputeWorkgroupsPerDimension)
      refuse(`${dispatch.wgsl} needs workgroups in one dimension:`, count, 'maxComputeWorkgroupsPerDimension');
}
