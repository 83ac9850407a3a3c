// Makes the tree ready to run: dependencies installed, sources built. `npm start` and `npm test` begin with it,
// so it needs nothing but Node and is quick when there is nothing to do. `--force` builds in any case.
// Messages go to stderr: what follows may write JSON to standard output.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceFolders = ['kernels', 'harness', 'bench', 'reports'];
const installStamp = join(root, 'node_modules', '.assay-install');
const dist = join(root, 'dist');
const buildStamp = join(dist, '.build');

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line, code = 1) {
  say(line);
  process.exit(code);
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function hash(parts) {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(`${part.length}:${part}`);
  return digest.digest('hex');
}

function run(command, args) {
  const { status, signal, error, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // Windows finds npm and tsc as .cmd files, through a shell only.
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  if (stdout) process.stderr.write(stdout);
  fail(`failed: ${[command, ...args].join(' ')} (${error?.message ?? signal ?? `exit code ${status}`})`, status || 1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Assay needs Node 20.19 or later; this is ${process.versions.node}. For example: nvm install 22 && nvm use 22`,
    3,
  );
}

/** Only what decides which packages are installed, so that editing a script does not reinstall. */
function installHash() {
  const manifest = JSON.parse(read(join(root, 'package.json')));
  const wanted = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides'];
  return hash([
    JSON.stringify(wanted.map((field) => manifest[field] ?? null)),
    read(join(root, 'package-lock.json')),
    read(join(root, '.npmrc')),
    `${process.platform} ${process.arch} ${process.versions.modules}`,
  ]);
}

/** True when somebody has already run npm here: what npm noted down as installed is what the lock file asks for. */
function alreadyInstalled() {
  const noted = read(join(root, 'node_modules', '.package-lock.json'));
  if (noted === '') return false;
  const installed = JSON.parse(noted).packages;
  const { packages } = JSON.parse(read(join(root, 'package-lock.json')));
  const chosen = Object.keys(packages['']?.optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
  return Object.entries(packages).every(([path, { version, optional }]) => {
    // The other optional packages are mostly for other platforms.
    if (path === '' || (optional && !chosen.includes(path))) return true;
    return installed[path]?.version === version && existsSync(join(root, path, 'package.json'));
  });
}

function install() {
  const wanted = installHash();
  if (read(installStamp) === wanted) return wanted;
  if (!alreadyInstalled()) {
    say('installing dependencies (npm ci)');
    run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']);
  }
  mkdirSync(dirname(installStamp), { recursive: true });
  writeFileSync(installStamp, wanted);
  return wanted;
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function sources() {
  return sourceFolders.flatMap((folder) => filesUnder(join(root, folder))).filter((path) => path.endsWith('.ts'));
}

function buildHash(paths, installed) {
  const list = paths.sort().map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${relative(root, path)} ${size} ${mtimeMs}`;
  });
  return hash([...list, read(join(root, 'tsconfig.json')), installed]);
}

/** A deleted source must not live on as a module that can still be imported. */
function removeStale(paths) {
  const expected = new Set([buildStamp]);
  for (const path of paths) {
    const base = join(dist, relative(root, path).slice(0, -'.ts'.length));
    for (const ending of ['.js', '.js.map', '.d.ts']) expected.add(base + ending);
  }
  for (const path of filesUnder(dist)) if (!expected.has(path)) rmSync(path);
}

function build(installed) {
  const paths = sources();
  const wanted = buildHash(paths, installed);
  const whole = read(buildStamp) === wanted && existsSync(join(dist, 'bench', 'cli.js'));
  if (whole && !process.argv.includes('--force')) return;
  say('building (tsc)');
  removeStale(paths);
  run(['node_modules', '.bin', 'tsc'].join(sep), ['-p', '.']);
  // The state before the build: a source that changed meanwhile is built again the next time.
  writeFileSync(buildStamp, wanted);
}

checkNode();
build(install());
