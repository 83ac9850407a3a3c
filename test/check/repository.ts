import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../harness/root.js';

/** A git repository in a temporary folder; nothing of the user's configuration is read. */
export class Repository {
  readonly root = mkdtempSync(join(tmpdir(), 'assay-check-'));

  constructor() {
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', [...identity, ...args], { cwd: this.root, encoding: 'utf8', env }).trim();
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Replaces what must be there exactly once. */
  edit(path: string, from: string, to: string): void {
    const parts = readFileSync(join(this.root, path), 'utf8').split(from);
    if (parts.length !== 2) throw new Error(`${path} has "${from}" ${parts.length - 1} times`);
    this.write(path, parts.join(to));
  }

  /** @returns the commit */
  commit(message: string): string {
    // What was removed with git is staged already.
    if (existsSync(join(this.root, 'kernels'))) this.git('add', '--all', '--force', 'kernels');
    this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** The packages of this one, but a cache of its own. */
  linkPackages(): void {
    mkdirSync(join(this.root, 'node_modules'));
    for (const name of readdirSync(join(packageRoot, 'node_modules')))
      if (name !== '.cache')
        symlinkSync(join(packageRoot, 'node_modules', name), join(this.root, 'node_modules', name));
    cpSync(join(packageRoot, 'tsconfig.json'), join(this.root, 'tsconfig.json'));
    cpSync(join(packageRoot, 'package.json'), join(this.root, 'package.json'));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** This very package as it is built, in a repository of its own; its kernels are not committed yet. */
export function packageCopy(): Repository {
  const repository = new Repository();
  repository.linkPackages();
  // A build is as old as its sources were: later times would make it look stale.
  for (const folder of ['kernels', 'dist'])
    cpSync(join(packageRoot, folder), join(repository.root, folder), { recursive: true, preserveTimestamps: true });
  return repository;
}
