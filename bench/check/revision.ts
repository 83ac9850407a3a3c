import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EnvironmentError } from '../../harness/card.js';
import { InputError } from '../../kernels/errors.js';
import { makeFolder } from '../../reports/make-folder.js';
import { archiveOf, type ResolvedRevision } from './git.js';

/** Whoever mends a revision sees the first few; the rest follow from them. */
const SHOWN_ERRORS = 5;

/**
 * The kernels of a revision, extracted and compiled by the project's own TypeScript: once, for the folder is named
 * by the id of their tree. Nothing is checked out and no worktree made.
 * @param root of the package
 * @param cache folder that holds the revisions
 * @returns a folder with `kernels/` and `dist/kernels/`
 * @throws {InputError} naming the commit and the first errors when its kernels do not compile
 * @throws {EnvironmentError} when TypeScript is not installed, or the folder cannot be written
 */
export function buildRevision(root: string, revision: ResolvedRevision, cache = revisionsFolder(root)): string {
  const folder = join(cache, revision.tree);
  if (existsSync(folder)) return folder;
  const compiler = compilerOf(root);
  const unfinished = join(cache, `.${revision.tree}-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    writable(() => makeFolder(unfinished));
    extract(archiveOf(root, revision), unfinished);
    compile(compiler, root, unfinished, revision);
    writable(() => rename(unfinished, folder));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

export const revisionsFolder = (root: string) => join(root, 'node_modules', '.cache', 'assay', 'revisions');

/** @throws {EnvironmentError} with the command that installs it */
function compilerOf(root: string): string {
  try {
    return join(dirname(createRequire(join(root, 'package.json')).resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    throw new EnvironmentError(
      `\`assay check\` compiles the other revision's kernels, and TypeScript is not installed in ${root}: npm ci --include=dev`,
    );
  }
}

function extract(archive: Buffer, folder: string): void {
  const { error, status, stderr } = spawnSync('tar', ['-xf', '-'], { cwd: folder, input: archive, encoding: 'utf8' });
  if (error || status !== 0)
    throw new EnvironmentError(`the other revision's kernels cannot be extracted: ${error?.message ?? stderr.trim()}`);
}

function compile(compiler: string, root: string, folder: string, { ref, commit }: ResolvedRevision): void {
  const options = {
    ...{ rootDir: '.', outDir: 'dist', noEmit: false, noEmitOnError: true, declaration: false, sourceMap: false },
    // What was allowed then and is not now is no reason to refuse it.
    ...{ noUnusedLocals: false, noUnusedParameters: false },
    typeRoots: [join(root, 'node_modules', '@types'), join(root, 'node_modules')],
  };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions: options, include: ['kernels'] };
  writeFileSync(join(folder, 'tsconfig.json'), `${JSON.stringify(config, null, 2)}\n`);
  // Node would take the modules for CommonJS: it looks for no package.json above a folder called node_modules.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const args = [compiler, '-p', folder, '--pretty', 'false'];
  const { error, status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (error) throw new EnvironmentError(`TypeScript cannot be run: ${error.message}`);
  if (status === 0) return;
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith(' '));
  const more = said.length > SHOWN_ERRORS ? [`and ${said.length - SHOWN_ERRORS} more`] : [];
  const shown = [...said.slice(0, SHOWN_ERRORS), ...more].map((line) => `\n  ${line}`).join('');
  throw new InputError(`--against ${ref}: the kernels of commit ${commit.slice(0, 12)} do not compile:${shown}`);
}

/** Another process may have been quicker; what it made is the same. */
function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

function writable(act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new EnvironmentError(`the other revision's kernels cannot be kept: ${(error as Error).message}`);
  }
}

/**
 * The working tree's kernels are WGSL as it stands and TypeScript as it was built: refuses a build that is older.
 * @param where an installed package has no sources: `in-clone` refuses it, `if-cloned` takes it as it is
 * @throws {EnvironmentError} naming a file and the command
 */
export function requireFreshBuild(root: string, where: 'in-clone' | 'if-cloned' = 'in-clone'): void {
  const sources = join(root, 'kernels');
  const cloned = existsSync(join(sources, 'index.ts'));
  if (!cloned && where === 'if-cloned') return;
  if (!cloned)
    throw new EnvironmentError(
      `\`assay check\` compares revisions of a git clone of gpu-assay; ${root} has no sources`,
    );
  for (const entry of readdirSync(sources, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const source = join(entry.parentPath, entry.name);
    const name = relative(root, source);
    const built = statSync(join(root, 'dist', name.replace(/\.ts$/, '.js')), { throwIfNoEntry: false });
    if (!built || built.mtimeMs < statSync(source).mtimeMs)
      throw new EnvironmentError(
        `${name} was changed after the build, so what would be measured is not what is there: npm run build`,
      );
  }
}
