import type { z } from 'zod';
import { InputError } from '../kernels/errors.js';

/** A command's options, checked. @throws {InputError} naming the option and what was expected */
export function parseFlags<T extends z.ZodType>(schema: T, flags: unknown): z.output<T> {
  const parsed = schema.safeParse(flags);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path[0];
  const message = issue?.message ?? 'is wrong';
  throw new InputError(message.startsWith('--') || name === undefined ? message : `--${String(name)}: ${message}`);
}
