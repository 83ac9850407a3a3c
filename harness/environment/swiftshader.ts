import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { z } from 'zod';
import { makeFolder } from '../../reports/make-folder.js';
import { readTar } from './tar.js';

/**
 * SwiftShader, Google's Vulkan on the CPU, out of the npm package @sparticuz/chromium: the adapter for
 * machines without a card and without root. The package's licence file omits the notices of the third parties
 * inside, so it is a devDependency only, used where it was installed, and never redistributed with this package.
 */

const LIBRARY = 'libvk_swiftshader.so';
const LOADER = 'libvulkan.so.1';
const ICD = 'vk_swiftshader_icd.json';
const wanted = [LIBRARY, LOADER, ICD] as const;

export interface SwiftShader {
  readonly available: true;
  readonly version: string;
  readonly directory: string;
  /** The driver manifest, for VK_DRIVER_FILES. */
  readonly icd: string;
  /** A Vulkan loader that needs no installation. */
  readonly loader: string;
}

export interface NoSwiftShader {
  readonly available: false;
  readonly reason: string;
}

export interface SwiftShaderSource {
  readonly archive: string;
  readonly version: string;
}

/** Where the npm package keeps its archive; null when it is not installed. */
export function locateSwiftShader(): SwiftShaderSource | null {
  try {
    // The package exports no path but its entry point, so its root is the first folder above that has a package.json.
    let folder = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
    while (!existsSync(join(folder, 'bin', 'swiftshader.tar.br'))) {
      if (dirname(folder) === folder) return null;
      folder = dirname(folder);
    }
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    return { archive: join(folder, 'bin', 'swiftshader.tar.br'), version };
  } catch {
    return null;
  }
}

const contents = z.object({
  archiveBytes: z.number(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function isWhole(directory: string, archiveBytes: number): boolean {
  try {
    const record = contents.parse(JSON.parse(readFileSync(join(directory, 'contents.json'), 'utf8')));
    if (record.archiveBytes !== archiveBytes) return false;
    return wanted.every((name) => {
      const data = readFileSync(join(directory, name));
      return record.files[name]?.bytes === data.length && record.files[name].sha256 === sha256(data);
    });
  } catch {
    return false;
  }
}

/** A reader sees the old file or the new one, whole; writers that run at once write the same bytes. */
function replaceFile(path: string, data: Uint8Array | string, mode: number): void {
  const partial = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(partial, data, { mode });
  renameSync(partial, path);
}

function unpack(source: SwiftShaderSource, directory: string, archive: Buffer): void {
  const files = readTar(brotliDecompressSync(archive), wanted);
  const record: z.infer<typeof contents> = { archiveBytes: archive.length, files: {} };
  makeFolder(directory);
  for (const name of wanted) {
    const data = files.get(name);
    if (data === undefined) throw new Error(`${source.archive} does not hold ${name}`);
    replaceFile(join(directory, name), data, name === ICD ? 0o644 : 0o755);
    record.files[name] = { bytes: data.length, sha256: sha256(data) };
  }
  replaceFile(join(directory, 'contents.json'), JSON.stringify(record), 0o644);
}

/** The per-user cache, then a folder for temporary files that is certain to be this user's own. */
export function cacheFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return [join(cache, 'assay'), join(tmpdir(), `assay-${process.getuid?.() ?? 'user'}`)];
}

/** Shared temporary folders let others plant libraries under the name that we would load. */
function makeOwn(folder: string): void {
  makeFolder(folder, 0o700);
  const status = lstatSync(folder);
  if (!status.isDirectory() || (process.getuid !== undefined && status.uid !== process.getuid()))
    throw new Error('not a folder of this user');
  if ((status.mode & 0o022) !== 0) chmodSync(folder, status.mode & ~0o022);
}

/**
 * Unpacks SwiftShader into a cache folder, or finds it whole there. Safe in several processes at once; a cache that a
 * killed process left incomplete is noticed by size and hash and mended.
 * @returns the paths, or the reason why there is none; never throws
 */
export function swiftShader(
  source: SwiftShaderSource | null = locateSwiftShader(),
  folders: readonly string[] = cacheFolders(),
  platform = `${process.platform}-${process.arch}`,
): SwiftShader | NoSwiftShader {
  if (platform !== 'linux-x64')
    return { available: false, reason: `it is built for linux-x64 only, this is ${platform}` };
  if (source === null) return { available: false, reason: 'the npm package @sparticuz/chromium is not installed' };
  const failures: string[] = [];
  for (const folder of folders) {
    try {
      makeOwn(folder);
      const directory = join(folder, `swiftshader-${source.version}`);
      const archive = readFileSync(source.archive);
      if (!isWhole(directory, archive.length)) unpack(source, directory, archive);
      const { version } = source;
      return { available: true, version, directory, icd: join(directory, ICD), loader: join(directory, LOADER) };
    } catch (error) {
      failures.push(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { available: false, reason: `it could not be unpacked (${failures.join('; ')})` };
}
