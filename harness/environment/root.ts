import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the gpu-assay package has no package.json above its own files');
    folder = parent;
  }
  return folder;
}

/** The package's root, the same whether this runs from `dist/` or from the sources under a test runner. */
export const packageRoot = findRoot();

/** Absolute path of a built file, e.g. `harness/environment/probe-process.js`: child processes always run the build. */
export function builtFile(path: string): string {
  return join(packageRoot, 'dist', path);
}
