import type { Axis, Kernel, Shape } from './declaration.js';
import { ShapeError } from './errors.js';

/**
 * The workload id `kernel[/type]/axes`, e.g. `matmul/f32/m512-n512-k512`: every axis as its token and
 * its size, in declared order, flags as a bare word when set.
 */
export function workloadId(kernel: Kernel, shape: Shape): string {
  return [kernel.id, ...(kernel.type ? [kernel.type] : []), formatShape(kernel.axes, shape)].join('/');
}

export function formatShape(axes: readonly Axis[], shape: Shape): string {
  return axes
    .filter((axis) => !axis.flag || shape[axis.name] === 1)
    .map((axis) => (axis.flag ? axis.token : `${axis.token}${shape[axis.name]}`))
    .join('-');
}

/** @throws {ShapeError} naming the part of the text that is wrong and what was expected. */
export function parseShape(kernel: Kernel, text: string): Shape {
  const shape: Record<string, number> = {};
  for (const axis of kernel.axes) if (axis.flag) shape[axis.name] = 0;
  const grammar = kernel.axes.map((a) => (a.flag ? `[${a.token}]` : `${a.token}<${a.name}>`)).join('-');
  for (const part of text.split('-')) {
    const match = /^([a-z]+)([^a-z].*)?$/.exec(part);
    const axis = kernel.axes.find((a) => a.token === match?.[1]);
    if (!match || !axis) throw new ShapeError(`${kernel.id}: shape part "${part}" is unknown; expected ${grammar}`);
    if (axis.flag ? match[2] !== undefined : match[2] === undefined)
      throw new ShapeError(`${kernel.id}: shape part "${part}" is malformed; expected ${grammar}`);
    if (!axis.flag && shape[axis.name] !== undefined)
      throw new ShapeError(`${kernel.id}: shape axis ${axis.name} is given twice in "${text}"`);
    shape[axis.name] = axis.flag ? 1 : Number(match[2]);
  }
  return checkShape(kernel, shape);
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
