import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { EnvironmentError } from '../../harness/card.js';
import { InputError } from '../../kernels/errors.js';

/** Kernels are text: far more than all of them ever were. */
const MOST_BYTES = 256 << 20;

function git(cwd: string, args: readonly string[]): SpawnSyncReturns<Buffer> {
  const done = spawnSync('git', args, { cwd, maxBuffer: MOST_BYTES, stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.error && (done.error as NodeJS.ErrnoException).code === 'ENOENT')
    throw new EnvironmentError('`assay check` reads the other revision with git, which is not installed here');
  if (done.error) throw new EnvironmentError(`git ${args[0]} cannot be run: ${done.error.message}`);
  return done;
}

const text = (output: Buffer) => output.toString('utf8').trim();

/** What git answers, or null where it refuses. */
function ask(cwd: string, ...args: string[]): string | null {
  const { status, stdout } = git(cwd, args);
  return status === 0 ? text(stdout) : null;
}

/** A commit's kernels, named by the id of their tree: the same kernels have the same. */
export interface ResolvedRevision {
  /** As it was given: `main`, `v0.1.0`, `HEAD~3`. */
  readonly ref: string;
  readonly commit: string;
  readonly tree: string;
}

/** The working tree's kernels, whatever of them is committed. */
export interface WorkingTree {
  readonly commit: string | null;
  /** Files under `kernels/` that differ from the last commit, untracked ones too, as paths in the package. */
  readonly uncommitted: readonly string[];
  /** Whether the other revision's kernels are these, byte for byte. */
  readonly identical: boolean;
}

/**
 * @param root of the package: its clone's, or a folder in a larger one
 * @throws {InputError} when it is no git clone, the ref names no commit, or the commit has no `kernels/`
 * @throws {EnvironmentError} without git
 */
export function resolveRevision(root: string, ref: string): ResolvedRevision {
  const inside = git(root, ['rev-parse', '--is-inside-work-tree']);
  if (inside.status !== 0) {
    const why = text(inside.stderr)
      .replace(/^fatal: /, '')
      .split('\n')[0];
    throw new InputError(`--against ${ref}: ${root} is not a git clone (${why}), so it has no other revisions`);
  }
  // A ref that begins with a dash would be read as an option; git itself allows none.
  const commit = ref.startsWith('-') ? null : ask(root, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
  if (commit === null) {
    const shallow = ask(root, 'rev-parse', '--is-shallow-repository') === 'true';
    const hint = shallow ? '; this clone is shallow: `git fetch --unshallow` brings the rest' : '';
    throw new InputError(`--against ${ref}: no branch, tag or commit of this repository has that name${hint}`);
  }
  const tree = ask(root, 'rev-parse', '--verify', '--quiet', `${commit}:./kernels`);
  if (tree === null || ask(root, 'cat-file', '-t', tree) !== 'tree')
    throw new InputError(`--against ${ref}: commit ${commit.slice(0, 12)} has no folder kernels/`);
  return { ref, commit, tree };
}

/** @param other null where the other side is no revision: then nothing is known to be identical */
export function workingTree(root: string, other: ResolvedRevision | null): WorkingTree {
  const lines = ask(root, 'status', '--porcelain', '--untracked-files=all', '--', 'kernels') ?? '';
  const uncommitted = lines.split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/^\s*\S+\s+/, '')]));
  const identical =
    other !== null &&
    uncommitted.length === 0 &&
    ask(root, 'rev-parse', '--verify', '--quiet', 'HEAD:./kernels') === other.tree;
  return { commit: ask(root, 'rev-parse', '--verify', '--quiet', 'HEAD'), uncommitted, identical };
}

/** The kernels as a tar archive with `kernels/` before every name. */
export function archiveOf(root: string, { tree, ref }: ResolvedRevision): Buffer {
  const { status, stdout, stderr } = git(root, ['archive', '--format=tar', '--prefix=kernels/', tree]);
  if (status !== 0) throw new InputError(`--against ${ref}: git cannot read it: ${text(stderr)}`);
  return stdout;
}
