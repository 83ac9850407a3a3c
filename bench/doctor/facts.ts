import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type AdapterReport, listAdapters } from '../../harness/environment/probe.js';
import { packageRoot } from '../../harness/environment/root.js';
import { type NoSwiftShader, type SwiftShader, swiftShader } from '../../harness/environment/swiftshader.js';
import { findVulkan, type VulkanSystem } from '../../harness/environment/vulkan.js';
import { thisDistribution } from './distribution.js';
import type { Distribution } from './remedies.js';
import { lookAtTelemetry, type TelemetryStanding } from './telemetry.js';

/** What the doctor looks at, before it judges. */
export interface Facts {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  /** Null off Linux and where the C library is another. */
  readonly glibc: string | null;
  readonly distribution: Distribution;
  /** Version of the installed package; null when it is not there. */
  readonly webgpu: string | null;
  readonly vulkan: VulkanSystem;
  /** The variable that replaces the loader's own search for drivers; null when none is set. */
  readonly driverVariable: 'VK_DRIVER_FILES' | 'VK_ICD_FILENAMES' | null;
  readonly report: AdapterReport;
  readonly swiftShader: SwiftShader | NoSwiftShader;
  /** Version of NVIDIA's kernel driver; null when none runs. */
  readonly nvidiaDriver: string | null;
  readonly container: boolean;
  readonly onnxRuntime: {
    readonly version: string | null;
    /** Execution providers that can be used; null when the library does not load, `error` then says why. */
    readonly providers: readonly string[] | null;
    readonly error: string | null;
  };
  /** Version of its WebGPU backend, where `tfjs-core` is there too. */
  readonly tfjsWebgpu: string | null;
  readonly tfjsNodeGpu: string | null;
  /** Of every hardware adapter. */
  readonly telemetry: readonly TelemetryStanding[];
  readonly ed25519: boolean;
  /** `error` is null when the folder can be written. */
  readonly results: { readonly folder: string; readonly error: string | null };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const versioned = z.object({ version: z.string() });

/** The version of a package as Node would find it from this one; null when it is not installed. */
export function installedVersion(name: string, from: string = packageRoot): string | null {
  const text = readText(join(from, 'node_modules', name, 'package.json'));
  if (text !== null) {
    const parsed = versioned.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.version : null;
  }
  const parent = dirname(from);
  return parent === from ? null : installedVersion(name, parent);
}

const LOAD_ONNX_RUNTIME = `
  const runtime = require('onnxruntime-node');
  const { existsSync } = require('node:fs');
  const { dirname, join } = require('node:path');
  const library = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin/napi-v6', process.platform, process.arch);
  const names = runtime.listSupportedBackends().map(({ name }) => name);
  const downloaded = existsSync(join(library, 'libonnxruntime_providers_cuda.so'));
  console.log(JSON.stringify(names.filter((name) => downloaded || (name !== 'cuda' && name !== 'tensorrt'))));
`;

/** In a process of its own: the library is native code that may not fit this system. */
function readOnnxRuntime(): Facts['onnxRuntime'] {
  const version = installedVersion('onnxruntime-node');
  if (version === null) return { version, providers: null, error: 'not installed' };
  const child = spawnSync(process.execPath, ['-e', LOAD_ONNX_RUNTIME], {
    cwd: packageRoot,
    encoding: 'utf8',
    timeout: 30_000,
  });
  try {
    const line = child.stdout.trimEnd().split('\n').at(-1) ?? '';
    return { version, providers: z.array(z.string()).parse(JSON.parse(line)), error: null };
  } catch {
    const reason = /^\s*(?:\w*Error): .*$/m.exec(child.stderr ?? '')?.[0].trim();
    return { version, providers: null, error: reason ?? `ended by ${child.signal ?? `exit code ${child.status}`}` };
  }
}

/** Looks, and leaves nothing behind: the first run makes the folder. */
function readResults(folder: string): Facts['results'] {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return { folder, error: null };
  } catch (error) {
    return { folder, error: error instanceof Error ? error.message : String(error) };
  }
}

function canSign(): boolean {
  try {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const message = Buffer.from('assay');
    return verify(null, message, publicKey, sign(null, message, privateKey));
  } catch {
    return false;
  }
}

const reportHeader = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) });

/** Looks at the machine. Never throws: what cannot be read is null or says why. */
export async function gatherFacts(): Promise<Facts> {
  const header = reportHeader.safeParse(process.report.getReport());
  const nvidia = readText('/proc/driver/nvidia/version');
  const report = await listAdapters();
  return {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    glibc: (header.success ? header.data.header.glibcVersionRuntime : null) ?? null,
    distribution: thisDistribution(),
    webgpu: installedVersion('webgpu'),
    vulkan: process.platform === 'linux' ? findVulkan() : { loader: null, manifests: [], problems: [] },
    driverVariable: process.env.VK_DRIVER_FILES
      ? 'VK_DRIVER_FILES'
      : process.env.VK_ICD_FILENAMES
        ? 'VK_ICD_FILENAMES'
        : null,
    report,
    swiftShader: swiftShader(),
    nvidiaDriver: nvidia === null ? null : (/Kernel Module\s+(?:for \S+\s+)?([\d.]+)/.exec(nvidia)?.[1] ?? 'unknown'),
    container: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    onnxRuntime: readOnnxRuntime(),
    tfjsWebgpu: installedVersion('@tensorflow/tfjs-core') && installedVersion('@tensorflow/tfjs-backend-webgpu'),
    tfjsNodeGpu: installedVersion('@tensorflow/tfjs-node-gpu'),
    telemetry: await lookAtTelemetry(report.adapters),
    ed25519: canSign(),
    results: readResults(resolve('results')),
  };
}
