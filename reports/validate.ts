import { z } from 'zod';
import { type Result, readableResult, result, SCHEMA_ID } from './schema.js';

/** Each error names a field and what was expected there, e.g. `measurements[3].rate.value: expected number, got null`. */
export type Validation =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly errors: string[] };

/**
 * Checks a value against `assay.result/1`.
 * @param how `written`: unknown fields are errors. `read`: they are dropped.
 */
export function validateResult(value: unknown, how: 'written' | 'read' = 'read'): Validation {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    // Another kind of file would fail in every field; its name says it better.
    const schema = (value as { schema?: unknown }).schema;
    if (schema !== SCHEMA_ID)
      return { ok: false, errors: [`schema: expected ${JSON.stringify(SCHEMA_ID)}, got ${describe(schema)}`] };
  }
  const parsed = (how === 'written' ? result : readableResult).safeParse(value);
  return parsed.success ? { ok: true, result: parsed.data } : { ok: false, errors: explainIssues(parsed.error, value) };
}

/** The JSON Schema (draft 2020-12) of a result as it is written, for other languages and editors. */
export function resultJsonSchema(): Record<string, unknown> {
  return { title: SCHEMA_ID, ...z.toJSONSchema(result) };
}

/** Every issue as `path: expected …, got …`, in the order of the document; `value` is what was parsed. */
export function explainIssues(error: z.ZodError, value: unknown): string[] {
  return error.issues.flatMap((issue) => explainIssue(issue, value));
}

function explainIssue(issue: z.core.$ZodIssue, root: unknown): string[] {
  const at = formatPath(issue.path);
  const got = describe(valueAt(root, issue.path));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${formatPath([...issue.path, key])}: unknown field`);
    case 'invalid_type':
      return [`${at}: expected ${article(issue.expected)}, got ${got}`];
    case 'invalid_value':
      return [`${at}: expected ${issue.values.map((v) => JSON.stringify(v)).join(' or ')}, got ${got}`];
    case 'too_small':
      return [`${at}: expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}, got ${got}`];
    case 'too_big':
      return [`${at}: expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}, got ${got}`];
    case 'invalid_format':
      return [`${at}: expected ${formatName(issue)}, got ${got}`];
    case 'custom':
      return [`${at}: expected ${issue.message}, got ${got}`];
    case 'invalid_union':
      return [`${at}: expected a known ${String(issue.path.at(-1) ?? 'kind')}, got ${got}`];
    default:
      return [`${at}: ${issue.message}, got ${got}`];
  }
}

function formatName({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string {
  if (format === 'regex') return `text that matches ${pattern}`;
  return format === 'datetime' ? 'an ISO 8601 time in UTC' : format;
}

const article = (type: string) => (type === 'number' ? 'a finite number' : type === 'int' ? 'a whole number' : type);

function formatPath(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>(
    (sum, part) => (typeof part === 'number' ? `${sum}[${part}]` : `${sum}${sum && '.'}${String(part)}`),
    '',
  );
  return text || 'the file';
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    root,
  );
}

/** A short account of a value, never longer than a line. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(String(value));
  return text.length > 60 ? `${text.slice(0, 56)}…"` : text;
}
