import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../harness/environment/root.js';
import { temporaryFolder } from '../environment/temporary.js';

/** A compiler for the test: "builds" each source to the name that tsc would give it, and fails on a marked one. */
const fakeTsc = `#!/usr/bin/env node
const { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } = require('node:fs');
appendFileSync('calls', 'tsc\\n');
for (const folder of ['bench', 'kernels']) {
  if (!existsSync(folder)) continue;
  mkdirSync('dist/' + folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name === 'broken.ts') { console.log('broken.ts: error'); process.exit(2); }
    if (name.endsWith('.ts')) writeFileSync('dist/' + folder + '/' + name.replace('.ts', '.js'), '');
  }
}
`;
/** An npm that installs that compiler, and notes what it installed as npm does. */
const fakeNpm = `#!/usr/bin/env node
const { appendFileSync, copyFileSync, mkdirSync, writeFileSync, existsSync, rmSync } = require('node:fs');
appendFileSync('calls', 'npm ' + process.argv[2] + '\\n');
if (existsSync('npm-fails')) { console.log('no network'); process.exit(4); }
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/.bin', { recursive: true });
mkdirSync('node_modules/left', { recursive: true });
writeFileSync('node_modules/left/package.json', '{}');
copyFileSync('fake-tsc', 'node_modules/.bin/tsc');
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
`;

const lock = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/left': { version } } });

function project(): string {
  const folder = temporaryFolder({
    'package.json': JSON.stringify({ dependencies: { left: '1.0.0' }, scripts: {} }),
    'package-lock.json': lock('1.0.0'),
    'tsconfig.json': '{}',
    'bench/cli.ts': '',
    'kernels/old.ts': '',
    'bin/npm': fakeNpm,
    'fake-tsc': fakeTsc,
  });
  mkdirSync(join(folder, 'scripts'));
  copyFileSync(join(packageRoot, 'scripts/ensure.mjs'), join(folder, 'scripts/ensure.mjs'));
  chmodSync(join(folder, 'bin/npm'), 0o755);
  chmodSync(join(folder, 'fake-tsc'), 0o755);
  return folder;
}

/** Runs the script; tells how it ended and which tools it called. */
function ensure(
  folder: string,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string; calls: string[] } {
  rmSync(join(folder, 'calls'), { force: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/ensure.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
  });
  const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];
  return { status, stdout, stderr, calls };
}

test('a fresh clone is installed and built, and then left alone in silence', () => {
  const folder = project();
  expect(ensure(folder)).toEqual({
    status: 0,
    stdout: '',
    stderr: 'installing dependencies (npm ci)\nbuilding (tsc)\n',
    calls: ['npm ci', 'tsc'],
  });
  expect(ensure(folder)).toEqual({ status: 0, stdout: '', stderr: '', calls: [] });
});

test('a changed lock file installs and builds again', () => {
  const folder = project();
  ensure(folder);
  writeFileSync(join(folder, 'package-lock.json'), lock('1.0.1'));
  expect(ensure(folder).calls).toEqual(['npm ci', 'tsc']);
});

test('a changed script in package.json does not install again', () => {
  const folder = project();
  ensure(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { left: '1.0.0' }, scripts: { x: 'y' } }));
  expect(ensure(folder).calls).toEqual([]);
});

test('what somebody installed with npm himself is taken as it is', () => {
  const folder = project();
  spawnSync(join(folder, 'bin/npm'), ['ci'], { cwd: folder });
  expect(ensure(folder).calls).toEqual(['tsc']);
});

test('a package that was deleted from what npm noted down is installed again', () => {
  const folder = project();
  spawnSync(join(folder, 'bin/npm'), ['ci'], { cwd: folder });
  rmSync(join(folder, 'node_modules/left'), { recursive: true });
  expect(ensure(folder).calls).toEqual(['npm ci', 'tsc']);
});

test('a new, a changed and a deleted source build again; the deleted one’s output goes', () => {
  const folder = project();
  ensure(folder);
  writeFileSync(join(folder, 'kernels/new.ts'), '');
  expect(ensure(folder).calls).toEqual(['tsc']);
  writeFileSync(join(folder, 'kernels/new.ts'), 'changed');
  expect(ensure(folder).calls).toEqual(['tsc']);
  rmSync(join(folder, 'kernels/old.ts'));
  expect(ensure(folder).calls).toEqual(['tsc']);
  expect(existsSync(join(folder, 'dist/kernels/old.js'))).toBe(false);
  expect(existsSync(join(folder, 'dist/kernels/new.js'))).toBe(true);
});

test('a lost dist, and --force, build again', () => {
  const folder = project();
  ensure(folder);
  rmSync(join(folder, 'dist'), { recursive: true });
  expect(ensure(folder).calls).toEqual(['tsc']);
  expect(ensure(folder, '--force').calls).toEqual(['tsc']);
});

test('a failed build says the command, ends with its code, and is tried again', () => {
  const folder = project();
  writeFileSync(join(folder, 'bench/broken.ts'), '');
  const first = ensure(folder);
  expect(first.status).toBe(2);
  expect(first.stderr).toContain('broken.ts: error');
  expect(first.stderr).toContain('failed: node_modules/.bin/tsc -p . (exit code 2)');
  expect(ensure(folder).status).toBe(2);
  rmSync(join(folder, 'bench/broken.ts'));
  expect(ensure(folder).status).toBe(0);
});

test('a failed installation says the command, and nothing is built', () => {
  const folder = project();
  writeFileSync(join(folder, 'npm-fails'), '');
  const { status, stderr, calls } = ensure(folder);
  expect({ status, calls }).toEqual({ status: 4, calls: ['npm ci'] });
  expect(stderr).toContain('no network');
  expect(stderr).toMatch(/failed: npm ci .*\(exit code 4\)/);
});
