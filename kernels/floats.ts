import { describe } from './arguments.js';
import { InputError } from './errors.js';

/**
 * A caller's Float32Array of `length` elements; `formula` says where the length comes from, e.g. `m·k`.
 * @throws {InputError} naming the argument, what it must be and what it was
 */
export function floats(value: unknown, name: string, length: number, formula: string): Float32Array {
  if (!(value instanceof Float32Array))
    throw new InputError(`${name} must be a Float32Array of ${formula} = ${length} elements, got ${describe(value)}`);
  if (value.length !== length)
    throw new InputError(`${name} must hold ${formula} = ${length} elements, got ${value.length}`);
  return value;
}
