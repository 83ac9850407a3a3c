import { z } from 'zod';
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

/** A number as it is typed. @param message names the option and what is expected */
const typed = (pattern: RegExp, message: string, right: (n: number) => boolean) =>
  z
    .string()
    .regex(pattern, message)
    .transform((text) => Number.parseFloat(text))
    .refine(right, message);

export const wholeNumber = (name: string, min: number, max: number) =>
  typed(/^\d+$/, `--${name} must be a whole number from ${min} to ${max}`, (n) => n >= min && n <= max);

export const seed = wholeNumber('seed', 0, 2 ** 31 - 2);

const MOST_SECONDS = 86_400;
export const budget = typed(
  /^\d+(\.\d+)?$/,
  `--budget must be a number of seconds, more than 0 and at most ${MOST_SECONDS}`,
  (n) => n > 0 && n <= MOST_SECONDS,
);

/** `--min-effect`, typed as a percentage. @returns a fraction */
export const minEffect = typed(
  /^\d+(\.\d+)?\s*%?$/,
  '--min-effect must be a percentage from 0 to 100, e.g. 1.5',
  (n) => n <= 100,
).transform((percent) => percent / 100);

export const json = z.string().min(1, '--json needs a file, or -');
export const outFolder = z.string().min(1, '--out needs a folder');

/** Which adapter: to be spread into a command's options, and read by `wantedCard`. */
export const cardFlags = {
  device: z.string().min(1, '--device needs a part of an adapter’s name').optional(),
  software: z.boolean().optional(),
  hardware: z.boolean().optional(),
};

/** Null is whichever there is. @throws {InputError} on flags that exclude each other */
export function wantedCard(given: z.output<z.ZodObject<typeof cardFlags>>): {
  device: string | null;
  software: boolean | null;
} {
  if (given.software && given.hardware) throw new InputError('--software and --hardware exclude each other');
  return { device: given.device ?? null, software: given.software ? true : given.hardware ? false : null };
}
