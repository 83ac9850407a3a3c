import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { archiveOf, resolveRevision, workingTree } from '../../bench/check/git.js';
import { buildRevision, requireFreshBuild, revisionsFolder } from '../../bench/check/revision.js';
import { loadRevisionKernels } from '../../harness/revision-kernels.js';
import { ShapeError } from '../../kernels/errors.js';
import { Repository } from './repository.js';

const repository = new Repository();
repository.linkPackages();
afterAll(() => repository.remove());
const { root } = repository;

/** The least that is a list of kernels, with a helper module and a type of Node's. */
const KERNEL = `
import { createHash } from 'node:crypto';
class ShapeError extends Error { override name = 'ShapeError'; }
const plan = (shape: { n: number }) => {
  if (shape.n > 8) throw new ShapeError('too large');
  if (shape.n > 4) throw new TypeError('unheard of');
  return { buffers: [], dispatches: [{ wgsl: 'a/a.wgsl', modules: ['m.wgsl'], bindings: [], workgroups: [1, 1, 1] }] };
};
export const kernels = [{
  id: 'a', axes: [], probes: [], work: () => createHash('sha256'), oracle: () => 0,
  variants: [{ id: 'v', plan, encode: () => ({}), decode: () => 0 }],
}];
`;
repository.write('kernels/index.ts', KERNEL);
repository.write('kernels/a/a.wgsl', '// nothing\n');
const good = repository.commit('good');
repository.write('kernels/index.ts', 'export const kernels: number = "none";\nexport const two: string = 2;\n');
const broken = repository.commit('broken');
repository.write('kernels/index.ts', 'export const kernels = [{ id: "odd", axes: [], work: () => 0 }];\n');
repository.commit('odd');
repository.git('tag', 'odd');
repository.git('rm', '--quiet', '-r', 'kernels');
repository.commit('no kernels');
repository.git('tag', 'empty');
repository.git('checkout', '--quiet', good);

describe('a ref', () => {
  test('is a commit by name, tag or distance, and a tree', () => {
    const { commit, tree } = resolveRevision(root, 'odd~1');
    expect(commit).toBe(broken);
    expect(tree).toBe(repository.git('rev-parse', `${broken}:kernels`));
  });

  test.each([
    ['nowhere', /--against nowhere: no branch, tag or commit of this repository has that name/],
    ['--help', /--against --help: no branch/],
    ['a..b', /no branch/],
    ['empty', /--against empty: commit [0-9a-f]{12} has no folder kernels/],
  ])('%s is refused', (ref, message) => {
    expect(() => resolveRevision(root, ref)).toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringMatching(message) }),
    );
  });

  test('outside of a clone there is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-no-clone-'));
    expect(() => resolveRevision(folder, 'HEAD')).toThrow(/is not a git clone \(not a git repository/);
    rmSync(folder, { recursive: true });
  });
});

describe('the working tree', () => {
  test('is the same as its own commit, until something is changed or added', () => {
    const revision = resolveRevision(root, good);
    expect(workingTree(root, revision)).toEqual({ commit: good, uncommitted: [], identical: true });
    expect(workingTree(root, resolveRevision(root, 'odd')).identical).toBe(false);
    repository.write('kernels/a/a.wgsl', '// changed\n');
    repository.write('kernels/b b.wgsl', '// new\n');
    const tree = workingTree(root, revision);
    repository.git('checkout', '--quiet', '--', 'kernels');
    rmSync(join(root, 'kernels/b b.wgsl'));
    expect(tree).toEqual({ commit: good, uncommitted: ['kernels/a/a.wgsl', '"kernels/b b.wgsl"'], identical: false });
  });
});

describe('a revision is compiled', () => {
  test('once, beside nothing else, and its kernels are loaded with their WGSL where it lies', async () => {
    const revision = resolveRevision(root, good);
    const folder = buildRevision(root, revision);
    expect(folder).toBe(join(revisionsFolder(root), revision.tree));
    expect(readdirSync(revisionsFolder(root))).toEqual([revision.tree]);
    const { mtimeMs } = statSync(join(folder, 'dist/kernels/index.js'));
    expect(buildRevision(root, revision)).toBe(folder);
    expect(statSync(join(folder, 'dist/kernels/index.js')).mtimeMs).toBe(mtimeMs);

    const [kernel] = await loadRevisionKernels(folder);
    const variant = kernel?.variants[0];
    const plan = variant?.plan({ n: 1 }, {}, {} as never);
    expect(plan?.dispatches[0]).toMatchObject({
      wgsl: join(folder, 'kernels/a/a.wgsl'),
      modules: [join(folder, 'kernels/m.wgsl')],
    });
    expect(existsSync(plan?.dispatches[0]?.wgsl as string)).toBe(true);
    // The classes of another module are not ours, but what they say is.
    expect(() => variant?.plan({ n: 9 }, {}, {} as never)).toThrow(ShapeError);
    expect(() => variant?.plan({ n: 5 }, {}, {} as never)).toThrow(
      expect.objectContaining({
        reason: { code: 'declaration-changed', detail: expect.stringContaining('unheard of') },
      }),
    );
  });

  test('or its commit and the first errors are named, and nothing is left behind', () => {
    const revision = resolveRevision(root, broken);
    expect(() => buildRevision(root, revision)).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(
          new RegExp(
            `commit ${broken.slice(0, 12)} do not compile:\\n  kernels/index\\.ts\\(1,14\\): error TS2322.*\\n  kernels/index\\.ts\\(2,14\\)`,
          ),
        ),
      }),
    );
    expect(readdirSync(revisionsFolder(root)).filter((name) => name.includes(revision.tree))).toEqual([]);
  });

  test('or it is said which part of a declaration is missing', async () => {
    const folder = buildRevision(root, resolveRevision(root, 'odd'));
    await expect(loadRevisionKernels(folder)).rejects.toThrow(
      /declared in another way: odd lacks probes, variants, oracle/,
    );
  });

  test('TypeScript that is not installed is named with the command', () => {
    const bare = new Repository();
    bare.write('kernels/index.ts', KERNEL);
    bare.commit('one');
    const revision = resolveRevision(bare.root, 'HEAD');
    expect(archiveOf(bare.root, revision).length).toBeGreaterThan(512);
    expect(() => buildRevision(bare.root, revision)).toThrow(
      expect.objectContaining({ name: 'EnvironmentError', message: expect.stringContaining('npm ci') }),
    );
    bare.remove();
  });
});

describe('the build', () => {
  test('must not be older than the sources', () => {
    repository.write('dist/kernels/index.js', '');
    expect(() => requireFreshBuild(root)).not.toThrow();
    utimesSync(join(root, 'dist/kernels/index.js'), 1, 1);
    expect(() => requireFreshBuild(root)).toThrow(/kernels\/index\.ts was changed after the build.*npm run build/);
  });

  test('of an installed package has no sources', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-installed-'));
    expect(() => requireFreshBuild(folder)).toThrow(/compares revisions of a git clone/);
    rmSync(folder, { recursive: true });
  });
});
