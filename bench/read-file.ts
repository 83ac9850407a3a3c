import { closeSync, openSync, readSync } from 'node:fs';
import { InputError } from '../kernels/errors.js';
import { explainIoError } from '../reports/io-errors.js';

/** Most bytes that are read of a file of each kind; what is larger is none. */
export const MOST_BYTES = {
  certificate: 2 ** 20,
  key: 2 ** 16,
  policy: 2 ** 20,
  result: 2 ** 28,
  journal: 2 ** 30,
} as const;

const CHUNK = 2 ** 20;

/**
 * A file whole, unless it is larger than any of its kind can be: a device or a film given by mistake is not read to its end.
 * @throws {InputError} naming the file
 */
export function readFileOf(kind: keyof typeof MOST_BYTES, path: string): Buffer {
  const most = MOST_BYTES[kind];
  const parts: Buffer[] = [];
  let size = 0;
  try {
    const fd = openSync(path, 'r');
    try {
      for (let bytes = -1; bytes !== 0 && size <= most; size += bytes) {
        const part = Buffer.allocUnsafe(Math.min(CHUNK, most + 1 - size));
        bytes = readSync(fd, part);
        parts.push(part.subarray(0, bytes));
        if (size + bytes > most) break;
      }
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw new InputError(`${path}: the ${kind} cannot be read: ${explainIoError(error)}`, { cause: error });
  }
  const whole = Buffer.concat(parts);
  if (whole.length > most) throw new InputError(`${path} is no ${kind}: it is larger than ${most} bytes`);
  return whole;
}
