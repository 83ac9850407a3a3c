import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../harness/root.js';

/** Which rooms a room may import from. Types travel like values: a room that needs another's words depends on it. */
const MAY: Record<string, readonly string[]> = {
  kernels: ['kernels'],
  reports: ['reports'],
  harness: ['harness', 'kernels', 'reports'],
  bench: ['bench', 'harness', 'kernels', 'reports'],
};

const files = (folder: string): string[] =>
  readdirSync(join(packageRoot, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));

const imports = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((m) =>
    relative(packageRoot, resolve(dirname(file), m[1] as string)).replace(/\.js$/, '.ts'),
  );

describe('the arrows run one way', () => {
  for (const [room, allowed] of Object.entries(MAY))
    test(`${room} imports only from ${allowed.join(', ')}`, () => {
      const wrong = files(room).flatMap((file) =>
        imports(file)
          .filter((target) => !allowed.includes(target.split('/')[0] as string))
          .map((target) => `${relative(packageRoot, file)} → ${target}`),
      );
      expect(wrong).toEqual([]);
    });

  test('no module imports itself in a circle', () => {
    const graph = new Map(
      Object.keys(MAY).flatMap((room) =>
        files(room).map((file) => [relative(packageRoot, file), imports(file)] as const),
      ),
    );
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) throw new Error(`circle: ${[...trail.slice(trail.indexOf(file)), file].join(' → ')}`);
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
  });
});
