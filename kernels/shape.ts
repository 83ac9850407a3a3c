import type { Axis, Kernel, Shape } from './declaration.js';
import { ShapeError } from './errors.js';

/**
 * The workload id `kernel[/type]/axes`, e.g. `matmul/f32/m512-n512-k512`: every axis as its token and
 * its size, in declared order, flags as a bare word when set.
 */
export function workloadId(kernel: Kernel, shape: Shape): string {
  return `${kernelName(kernel)}/${formatShape(kernel.axes, shape)}`;
}

/** `sha256`, or `matmul/f16` where kernels of several types share an id. */
export function kernelName({ id, type }: Pick<Kernel, 'id' | 'type'>): string {
  return type === undefined ? id : `${id}/${type}`;
}

/** The kernel's part of a workload id: `matmul/f16` of `matmul/f16/m1-n4096-k4096`. */
export const kernelNameOf = (workload: string): string => workload.slice(0, Math.max(0, workload.lastIndexOf('/')));

export function formatShape(axes: readonly Axis[], shape: Shape): string {
  return axes
    .filter((axis) => (axis.flag ? shape[axis.name] === 1 : shape[axis.name] !== axis.default))
    .map((axis) => (axis.flag ? axis.token : `${axis.token}${shape[axis.name]}`))
    .join('-');
}

/** @throws {ShapeError} naming the part of the text that is wrong and what was expected. */
export function parseShape(kernel: Kernel, text: string): Shape {
  const shape: Record<string, number> = {};
  const given = new Set<Axis>();
  for (const axis of kernel.axes) {
    if (axis.flag) shape[axis.name] = 0;
    else if (axis.default !== undefined) shape[axis.name] = axis.default;
  }
  const grammar = kernel.axes.map(writtenAxis).join('-');
  for (const part of text.split('-')) {
    const match = /^([a-z]+)([^a-z].*)?$/.exec(part);
    const axis = kernel.axes.find((a) => a.token === match?.[1]);
    if (!match || !axis) throw new ShapeError(`${kernel.id}: shape part "${part}" is unknown; expected ${grammar}`);
    if (axis.flag ? match[2] !== undefined : match[2] === undefined)
      throw new ShapeError(`${kernel.id}: shape part "${part}" is malformed; expected ${grammar}`);
    if (!axis.flag && given.has(axis))
      throw new ShapeError(`${kernel.id}: shape axis ${axis.name} is given twice in "${text}"`);
    given.add(axis);
    shape[axis.name] = axis.flag ? 1 : Number(match[2]);
  }
  return checkShape(kernel, shape);
}

/** `m<m>`, in brackets where it may be left out. */
export function writtenAxis({ flag, token, name, default: size }: Axis): string {
  if (flag) return `[${token}]`;
  return size === undefined ? `${token}<${name}>` : `[${token}<${name}>]`;
}

/** Returns the shape unchanged when every axis is a whole number within its range. @throws {ShapeError} */
export function checkShape(kernel: Kernel, shape: Shape): Shape {
  for (const axis of kernel.axes) {
    const size = shape[axis.name];
    const [min, max] = axis.flag ? [0, 1] : [axis.min, axis.max];
    if (size === undefined || !Number.isSafeInteger(size) || size < min || size > max)
      throw new ShapeError(
        `${kernel.id}: ${axis.name} must be a whole number from ${min} to ${max}, got ${size === undefined ? 'nothing' : size}`,
      );
  }
  kernel.checkShape?.(shape);
  return shape;
}
