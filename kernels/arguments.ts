import { InputError } from './errors.js';

/** Readers for the arguments of `card.run`: each refuses what it cannot take by the argument's name. */

/** The caller's arguments as a record. Keys outside `allowed` are refused: a misspelt option must not pass in silence. */
export function record(value: unknown, kernel: string, allowed: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${kernel}: expected an object with ${allowed.join(', ')}`);
  for (const key of Object.keys(value))
    if (!allowed.includes(key))
      throw new InputError(`${kernel}: unknown argument "${key}"; expected ${allowed.join(', ')}`);
  return value as Record<string, unknown>;
}

/** A whole number from `min` to `max`. */
export function wholeNumber(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
    throw new InputError(`${name} must be a whole number from ${min} to ${max}, got ${describe(value)}`);
  return value;
}

/** A bigint of so many bits, without a sign. */
export function bigNumber(value: unknown, name: string, bits: number): bigint {
  if (typeof value !== 'bigint' || value < 0n || value >> BigInt(bits) !== 0n)
    throw new InputError(`${name} must be a bigint from 0 to 2^${bits} − 1, got ${describe(value)}`);
  return value;
}

/** A Uint8Array, of `length` bytes when given. */
export function bytes(value: unknown, name: string, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array))
    throw new InputError(`${name} must be a Uint8Array${length ? ` of ${length} bytes` : ''}, got ${describe(value)}`);
  if (length !== undefined && value.length !== length)
    throw new InputError(`${name} must be ${length} bytes, got ${value.length}`);
  return value;
}

/** What a wrong argument was, short enough for a message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  return Object.prototype.toString.call(value).slice(8, -1);
}
