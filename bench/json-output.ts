import { closeSync, openSync, writeFileSync } from 'node:fs';
import { StoreError } from '../reports/store.js';

/**
 * Writes a value as JSON to a file, or to standard output for `-`.
 * @throws {StoreError} when the file cannot be written
 */
export function writeJson(target: string, value: unknown): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (target === '-') process.stdout.write(text);
  else guard(target, () => writeFileSync(target, text));
}

/** Refuses a target that cannot be written, before anything has been measured for it. @throws {StoreError} */
export function checkJsonTarget(target: string | undefined): void {
  if (target !== undefined && target !== '-') guard(target, () => closeSync(openSync(target, 'a')));
}

function guard(target: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new StoreError(`--json ${target} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
