import { basename } from 'node:path';
import { z } from 'zod';
import { nearest } from '../../harness/suggest.js';
import { InputError } from '../../kernels/errors.js';
import { readFileOf } from '../read-file.js';
import { DEFAULT_POLICY, type Policy, policySchema } from './policy.js';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const policyJsonSchema = () => ({ title: 'assay.policy/1', ...z.toJSONSchema(policySchema) });

/** The default policy with a file's values in their places; without a file the default. @throws {InputError} */
export function loadPolicy(path: string | undefined): Policy {
  return path === undefined ? DEFAULT_POLICY : parsePolicy(readFileOf('policy', path).toString('utf8'), path);
}

/** @param name of the file, for messages. @throws {InputError} naming every key that is wrong, and what is allowed there */
export function parsePolicy(text: string, name: string): Policy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${name}: is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new InputError(`${name}: expected an object of policy values`);
  const whole = merged({ ...DEFAULT_POLICY, name: basename(name, '.json') }, value);
  const parsed = policySchema.safeParse(whole);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.flatMap((issue) => explain(issue, whole).map((e) => `${name}: ${e}`)).join('\n'),
  );
}

/** Objects key by key, everything else as a whole. */
function merged(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.map((key) => [key, Object.hasOwn(over, key) ? merged(base[key], over[key]) : base[key]]),
  );
}

function explain(issue: z.core.$ZodIssue, whole: unknown): string[] {
  const at = issue.path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(objectAt(schemaAt(issue.path))?.properties ?? {});
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const path = [...issue.path, key].join('.');
      return `unknown key ${path}${near ? `; did you mean "${near}"?` : ''} (there are: ${known.join(', ')})`;
    });
  }
  const got = JSON.stringify(issue.path.reduce<unknown>((v, part) => (v as Json | undefined)?.[String(part)], whole));
  const { minimum, maximum } = schemaAt(issue.path) ?? {};
  if (issue.code === 'too_small' || issue.code === 'too_big' || issue.code === 'invalid_type')
    if (minimum !== undefined || maximum !== undefined)
      return [`${at} must be a number from ${minimum ?? '−∞'} to ${maximum ?? '∞'}, got ${got ?? 'nothing'}`];
  return [`${at}: ${issue.message}${got === undefined ? '' : `, got ${got}`}`];
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Node[];
}

/** The part of the schema that governs a place, through what may be null. */
function schemaAt(path: readonly PropertyKey[]): Node | undefined {
  let node: Node | undefined = policyJsonSchema() as unknown as Node;
  for (const part of path) {
    node = objectAt(node);
    const more: Node | boolean | undefined = node?.additionalProperties;
    node =
      typeof part === 'number'
        ? node?.items
        : (node?.properties?.[String(part)] ?? (more === true ? {} : more || undefined));
  }
  return node?.anyOf?.find((one) => one.minimum !== undefined || one.maximum !== undefined) ?? node;
}

const objectAt = (node: Node | undefined): Node | undefined =>
  node?.anyOf?.find((one) => one.properties !== undefined || one.items !== undefined) ?? node;
