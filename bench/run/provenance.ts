import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem, type, version } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/root.js';
import type { Result } from '../../reports/schema.js';

/** This program: version from its package, commit from its checkout; null where it is not in one. */
export function toolIdentity(): Result['tool'] {
  const { name, version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const checkout = existsSync(join(packageRoot, '.git'));
  const status = checkout ? git('status', '--porcelain') : null;
  return {
    name,
    version,
    commit: checkout ? git('rev-parse', 'HEAD') : null,
    dirty: status === null ? null : status !== '',
  };
}

/** Null when git is not installed or refuses: provenance is then unknown, which is no reason to stop. */
function git(...args: string[]): string | null {
  try {
    return execFileSync('git', args, {
      cwd: packageRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

export function hostIdentity(): Result['host'] {
  const all = cpus();
  return {
    os: distribution() ?? `${type()} ${version()}`,
    kernel: `${type()} ${release()}`,
    cpu: all.length > 0 ? `${all.length} × ${(all[0] as { model: string }).model.trim()}` : 'unknown',
    memoryBytes: totalmem(),
    node: process.version,
  };
}

function distribution(): string | null {
  if (!existsSync('/etc/os-release')) return null;
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? null;
}
