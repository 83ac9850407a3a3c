import { describe } from './arguments.js';
import { InputError } from './errors.js';

/**
 * A caller's Int8Array of `length` elements; `formula` says where the length comes from, e.g. `batch·m·k`.
 * @throws {InputError} naming the argument, what it must be and what it was
 */
export function int8s(value: unknown, name: string, length: number, formula: string): Int8Array {
  if (!(value instanceof Int8Array))
    throw new InputError(`${name} must be an Int8Array of ${formula} = ${length} elements, got ${describe(value)}`);
  if (value.length !== length)
    throw new InputError(`${name} must hold ${formula} = ${length} elements, got ${value.length}`);
  return value;
}
