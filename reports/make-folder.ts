import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with those that it lies in, one by one. Node's own `recursive` asks for ever where a file system answers
 * that a folder that is there cannot be found, as /proc does to whoever makes one in it.
 * @param mode of those that are made, as `mkdir` takes it
 * @throws what `mkdir` says of the first that cannot be made
 */
export function makeFolder(folder: string, mode?: number): void {
  const missing: string[] = [];
  let at = resolve(folder);
  for (; statSync(at, { throwIfNoEntry: false }) === undefined && dirname(at) !== at; at = dirname(at))
    missing.push(at);
  for (const path of missing.reverse())
    try {
      mkdirSync(path, mode);
    } catch (error) {
      // Somebody else may have made it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  // What is there may be no folder.
  if (!statSync(resolve(folder)).isDirectory()) mkdirSync(folder);
}
