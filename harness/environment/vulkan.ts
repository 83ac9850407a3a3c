import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';

/** What the system offers for Vulkan, read from files and the linker's cache: nothing is loaded or started. */
export interface VulkanSystem {
  /** Path of `libvulkan.so.1`; null when the linker cannot find one. */
  readonly loader: string | null;
  readonly manifests: readonly Manifest[];
  /** Manifests that could not be used. */
  readonly problems: readonly ManifestProblem[];
}

/** A driver's manifest ("installable client driver", ICD). */
export interface Manifest {
  readonly file: string;
  /** File name without `.json`, e.g. `nvidia_icd`. */
  readonly name: string;
  readonly libraryPath: string;
  /** Where that library is; null when it cannot be found, so that the driver will not load. */
  readonly library: string | null;
  /** False in folders where drivers are installed but the loader does not look by itself. */
  readonly searched: boolean;
}

export interface ManifestProblem {
  readonly file: string;
  readonly message: string;
}

/** The machine as seen from here; tests give their own. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  /** Prefix of absolute system paths. */
  readonly root: string;
  /** Library name → path, as `ldconfig -p` prints it; null where there is no ldconfig. */
  readonly linkerCache: () => ReadonlyMap<string, string> | null;
}

const manifestSchema = z.object({ ICD: z.object({ library_path: z.string().min(1) }) });

const flavours: Partial<Record<NodeJS.Architecture, string>> = { x64: 'x86-64', arm64: 'AArch64' };

/** Reads `ldconfig -p`, keeping the libraries of this process's architecture. */
export function parseLinkerCache(text: string, arch: NodeJS.Architecture = process.arch): Map<string, string> {
  const libraries = new Map<string, string>();
  for (const match of text.matchAll(/^\s+(\S+) \(([^)]*)\) => (\S+)$/gm)) {
    const [, name = '', flags = '', path = ''] = match;
    if (flags.includes(flavours[arch] ?? '') && !libraries.has(name)) libraries.set(name, path);
  }
  return libraries;
}

function readLinkerCache(): ReadonlyMap<string, string> | null {
  for (const ldconfig of ['ldconfig', '/sbin/ldconfig']) {
    const { status, stdout } = spawnSync(ldconfig, ['-p'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    if (status === 0) return parseLinkerCache(stdout);
  }
  return null;
}

export const thisMachine: Machine = { env: process.env, root: '/', linkerCache: readLinkerCache };

const standardLibraryFolders = [
  'usr/lib/x86_64-linux-gnu',
  'usr/lib/aarch64-linux-gnu',
  'usr/lib64',
  'usr/local/lib',
  'usr/lib',
  'lib64',
  'lib',
];

function split(value: string | undefined): string[] {
  return (value ?? '').split(delimiter).filter((part) => part !== '');
}

function findLibrary(name: string, machine: Machine, cache: ReadonlyMap<string, string> | null): string | null {
  const preset = split(machine.env.LD_LIBRARY_PATH).map((folder) => join(folder, name));
  const cached = cache?.get(name);
  // A linker cache can be older than the last installation, so the folders are looked through as well.
  const standard = standardLibraryFolders.map((folder) => join(machine.root, folder, name));
  return [...preset, ...(cached === undefined ? [] : [cached]), ...standard].find((path) => existsSync(path)) ?? null;
}

/** Folders in the order in which the Vulkan loader searches them, then those where it does not but drivers are put. */
function manifestFolders({ env, root }: Machine): { folder: string; searched: boolean }[] {
  const home = env.HOME || homedir();
  const config = [
    env.XDG_CONFIG_HOME || join(home, '.config'),
    ...(split(env.XDG_CONFIG_DIRS).length > 0 ? split(env.XDG_CONFIG_DIRS) : [join(root, 'etc/xdg')]),
  ];
  const system = ['usr/local/etc', 'etc'].map((folder) => join(root, folder));
  const data = [env.XDG_DATA_HOME || join(home, '.local/share'), ...split(env.XDG_DATA_DIRS)];
  const share = ['usr/local/share', 'usr/share'].map((folder) => join(root, folder));
  const searched = [...new Set([...config, ...system, ...data, ...share])].map((folder) => ({
    folder: join(folder, 'vulkan/icd.d'),
    searched: true,
  }));
  // NVIDIA's container images and some driver packages put the manifest beside the driver.
  return [...searched, { folder: join(root, 'usr/local/nvidia/share/vulkan/icd.d'), searched: false }];
}

function jsonFiles(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
}

function manifestFiles(machine: Machine): { file: string; searched: boolean }[] {
  const { env } = machine;
  const chosen = split(env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES);
  const added = split(env.VK_ADD_DRIVER_FILES);
  const files = [...added, ...chosen].flatMap((path) => jsonFiles(path).map((file) => ({ file, searched: true })));
  // A chosen list replaces the loader's own search.
  if (chosen.length > 0) return files;
  const found = manifestFolders(machine).flatMap(({ folder, searched }) =>
    existsSync(folder) ? jsonFiles(folder).map((file) => ({ file, searched })) : [],
  );
  return [...files, ...found];
}

/**
 * Finds the Vulkan loader and the drivers' manifests. Never throws: what cannot be read ends in `problems`.
 */
export function findVulkan(machine: Machine = thisMachine): VulkanSystem {
  const cache = machine.linkerCache();
  const manifests: Manifest[] = [];
  const problems: ManifestProblem[] = [];
  let files: { file: string; searched: boolean }[] = [];
  try {
    files = manifestFiles(machine);
  } catch (error) {
    problems.push({ file: 'the manifest folders', message: error instanceof Error ? error.message : String(error) });
  }
  for (const { file, searched } of files) {
    if (manifests.some((manifest) => manifest.file === file)) continue;
    try {
      const libraryPath = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).ICD.library_path;
      const path = isAbsolute(libraryPath) ? libraryPath : resolve(dirname(file), libraryPath);
      const found = libraryPath.includes('/')
        ? existsSync(path)
          ? path
          : null
        : findLibrary(libraryPath, machine, cache);
      manifests.push({ file, name: basename(file, '.json'), libraryPath, library: found, searched });
    } catch (error) {
      const message =
        error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
      problems.push({ file, message });
    }
  }
  return { loader: findLibrary('libvulkan.so.1', machine, cache), manifests, problems };
}
