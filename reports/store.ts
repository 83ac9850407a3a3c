import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainIoError } from './io-errors.js';
import { makeFolder } from './make-folder.js';
import type { Result } from './schema.js';
import { type Validation, validateResult } from './validate.js';

/** The results folder or a file in it cannot be written. The message names it and says what to do. */
export class StoreError extends Error {
  override name = 'StoreError';
}

/** A result file is missing or is not a result. The message names the file, the field and what was expected. */
export class ResultFileError extends Error {
  override name = 'ResultFileError';
}

/**
 * A name for a run: `20261123T104512Z-quick-ab12`. Sorts by time, is safe as a file name, and its random
 * end keeps apart two runs that begin in the same second.
 */
export function newResultId(startedAt: Date, suite: string, random = randomBytes(2).toString('hex')): string {
  const stamp = startedAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  const name = suite
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return [stamp, name || 'run', random].join('-');
}

export interface Store {
  readonly folder: string;
  journalPath(id: string): string;
  resultPath(id: string): string;
}

/**
 * Makes the results folder where needed and proves that files can be made in it, before a run has
 * cost any time.
 *
 * @throws {StoreError} naming the folder
 */
export function openStore(folder: string): Store {
  const probe = join(folder, `.writable-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    makeFolder(folder);
    writeFileSync(probe, '', { flag: 'wx' });
    rmSync(probe);
  } catch (error) {
    throw new StoreError(
      `results folder ${folder} cannot be written: ${explainIoError(error)}; make it writable, or choose another with --out DIR`,
      { cause: error },
    );
  }
  return {
    folder,
    journalPath: (id) => join(folder, `${id}.jsonl`),
    resultPath: (id) => join(folder, `${id}.json`),
  };
}

/**
 * Writes a result so that a reader sees the whole file or none: to a temporary file beside it, flushed,
 * then renamed over it.
 *
 * @throws {StoreError} when it breaks the schema (a fault of this program, named by field) or cannot be written
 */
export function writeResult(path: string, result: Result): void {
  const checked = validateResult(result, 'written');
  if (!checked.ok)
    throw new StoreError(`${path} was not written, for it would break the schema: ${listErrors(checked)}`);
  writeWhole(path, `${JSON.stringify(result, null, 2)}\n`);
}

/** A reader sees the whole text or the file as it was. @throws {StoreError} */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const fd = openSync(temporary, 'w', 0o644);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new StoreError(`${path} cannot be written: ${explainIoError(error)}`, { cause: error });
  }
}

/**
 * Reads and checks a result file; unknown fields are ignored.
 * @throws {ResultFileError} missing, truncated, not JSON, a journal, another schema, or a violation of it
 */
export function readResult(path: string): Result {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ResultFileError(`${path}: cannot be read: ${explainIoError(error)}`, { cause: error });
  }
  return parseResult(text, path);
}

/** As `readResult`, from text; `name` stands for the file in messages. @throws {ResultFileError} */
export function parseResult(text: string, name: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ResultFileError(`${name}: ${whyNotJson(text)}`);
  }
  const checked = validateResult(value);
  if (!checked.ok) throw new ResultFileError(`${name}: ${listErrors(checked)}`);
  return checked.result;
}

function whyNotJson(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'is empty; expected a result file';
  if (!trimmed.startsWith('{')) return 'is not JSON; expected a result file, which begins with "{"';
  if (/^\{"type":"start"/.test(trimmed))
    return 'is a journal, not a result; `assay resume` makes a result from a journal';
  if (!trimmed.endsWith('}'))
    return `is cut off after ${text.length} characters; the journal beside it (.jsonl) may hold the whole run`;
  return 'is not JSON, though it begins like it; it may be cut off or edited';
}

const SHOWN_ERRORS = 5;

function listErrors({ errors }: Extract<Validation, { ok: false }>): string {
  const more = errors.length - SHOWN_ERRORS;
  return [...errors.slice(0, SHOWN_ERRORS), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
