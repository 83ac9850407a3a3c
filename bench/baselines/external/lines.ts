import type { z } from 'zod';
import { InputError } from '../../../kernels/errors.js';
import { explainIssues } from '../../../reports/validate.js';

export interface Line {
  /** Counted from 1, as editors do. */
  readonly number: number;
  readonly text: string;
}

/** Lines that are not blank, with their numbers; a byte order mark and carriage returns are left out. */
export function linesOf(text: string): Line[] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line, i) => ({ number: i + 1, text: line.trim() }))
    .filter((line) => line.text !== '');
}

/** @throws {InputError} naming the line, each field that is wrong and what was expected */
export function parseLine<T extends z.ZodType>(schema: T, { number, text }: Line): z.output<T> {
  const value = jsonOf({ number, text });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InputError(`line ${number}: ${explainIssues(parsed.error, value).join('; ')}`);
  return parsed.data;
}

/** @throws {InputError} when the line is not a JSON object, saying what it is instead */
export function jsonOf({ number, text }: Line): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const why = !text.startsWith('{')
      ? `is not a JSON object: ${shown(text)}`
      : text.endsWith('}')
        ? `is not valid JSON: ${shown(text)}`
        : `is cut off after ${text.length} characters`;
    throw new InputError(`line ${number} ${why}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`line ${number} is not a JSON object: ${shown(text)}`);
  return value as Record<string, unknown>;
}

/** A piece of somebody's output, short enough for a message. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** Letters, digits, dots, dashes and underscores in lower case, for a part of an id. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
