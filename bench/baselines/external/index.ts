import { z } from 'zod';
import { unknownName } from '../../../harness/suggest.js';
import { InputError } from '../../../kernels/errors.js';
import { baselines } from '../index.js';
import { hashcatReader } from './hashcat.js';
import { llamaBenchReader } from './llama-bench.js';
import type { Reader } from './reader.js';
import { samplesReader } from './samples.js';

export type { ReadContext, Reader, Reading } from './reader.js';

/** Formats of other programs' output, one reader per file. */
export const readers: readonly Reader[] = [samplesReader, hashcatReader, llamaBenchReader];

/** Another program whose figures stand beside ours: a command to run, or a file that holds what it printed. */
export const externalSource = z.strictObject({
  name: z.string(),
  format: z.string(),
  kind: z.enum(['command', 'file']),
  value: z.string(),
});
export type ExternalSource = z.infer<typeof externalSource>;

const SPEC = /^([A-Za-z0-9][\w.-]{0,39})(?::([\w-]+))?=(.*)$/s;

/**
 * `NAME[:FORMAT]=COMMAND` or `NAME[:FORMAT]=FILE`. Without a format it is the one that is called like the name, else
 * `samples`.
 * @throws {InputError} naming the option and what was expected
 */
export function parseSource(kind: ExternalSource['kind'], spec: string): ExternalSource {
  const option = kind === 'command' ? '--external' : '--external-file';
  const what = kind === 'command' ? 'COMMAND' : 'FILE';
  const [, name, given, value = ''] = SPEC.exec(spec) ?? [];
  if (name === undefined || value.trim() === '')
    throw new InputError(`${option} must be NAME=${what} or NAME:FORMAT=${what}, got "${spec}"`);
  const reserved = ['assay', 'external', ...baselines.map(({ id }) => id.split('/')[0] as string)];
  if (reserved.includes(name))
    throw new InputError(`${option}: the name ${name} stands for what Assay measures itself; choose another`);
  const formats = readers.map(({ format }) => format);
  if (given !== undefined && !formats.includes(given)) throw unknownName('format', given, formats);
  return { name, format: given ?? (formats.includes(name) ? name : 'samples'), kind, value: value.trim() };
}

/** @throws {InputError} when two have one name, for then nobody could tell their figures apart */
export function distinctSources(sources: readonly ExternalSource[]): readonly ExternalSource[] {
  const twice = sources.find(({ name }, i) => sources.findIndex((s) => s.name === name) < i);
  if (twice)
    throw new InputError(
      `two external programs are called ${twice.name}; write NAME:${twice.format}=… with another name`,
    );
  return sources;
}

export function readerOf({ format }: Pick<ExternalSource, 'format'>): Reader {
  const reader = readers.find((r) => r.format === format);
  if (!reader)
    throw unknownName(
      'format',
      format,
      readers.map((r) => r.format),
    );
  return reader;
}
