import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_SCHEMA_ID } from './check.js';
import type { StoredResult } from './history.js';
import { HISTORY_SCHEMA_ID } from './history-schema.js';
import { explainIoError } from './io-errors.js';
import { ResultFileError, readResult } from './store.js';

/** What else Assay writes as JSON: no fault where it lies among results. */
const OTHERS: readonly string[] = [CHECK_SCHEMA_ID, HISTORY_SCHEMA_ID, 'assay.compare/1'];

/** Files among those looked at that are no results; filled while results are read. */
export interface NoResults {
  readonly others: Record<string, number>;
  readonly refused: { file: string; why: string }[];
}

/**
 * Result files in folders (`*.json` there, not in folders within) and by name.
 * @throws {ResultFileError} where a path does not exist or cannot be read
 */
export function findResultFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    try {
      if (!statSync(path).isDirectory()) return [path];
      const names = readdirSync(path, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
      return names.filter(({ name }) => name.endsWith('.json')).map(({ name }) => join(path, name));
    } catch (error) {
      throw new ResultFileError(`${path}: cannot be read: ${explainIoError(error)}; give a folder of results`, {
        cause: error,
      });
    }
  });
  return [...new Set(files)].sort();
}

/** One after another, so that only one is held at a time; what is no result goes to `noResults`. */
export function* readResults(files: readonly string[], noResults: NoResults): Generator<StoredResult> {
  for (const file of files) {
    try {
      yield { file, result: readResult(file) };
    } catch (error) {
      if (!(error instanceof ResultFileError)) throw error;
      const schema = schemaOf(file);
      if (schema !== null && OTHERS.includes(schema)) noResults.others[schema] = (noResults.others[schema] ?? 0) + 1;
      else noResults.refused.push({ file, why: error.message.replace(`${file}: `, '') });
    }
  }
}

function schemaOf(file: string): string | null {
  try {
    const { schema } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof schema === 'string' ? schema : null;
  } catch {
    // It was refused already, with its reason.
    return null;
  }
}
