import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { BaselineUnavailable } from '../../harness/baseline.js';
import { firstLine } from './first-line.js';
import type { ElementType } from './onnx-model.js';
import type { Data, NamedTensor, OnnxProgram } from './onnx-program.js';

export type Ort = typeof import('onnxruntime-node');
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'tensorrt';
export type Feeds = Readonly<Record<string, Tensor>>;

const require = createRequire(import.meta.url);
const INSTALL = 'npm install onnxruntime-node@1.30.0 --onnxruntime-node-install=skip';
/** Fetches what no npm package holds; the same command as `assay doctor` gives. */
export const INSTALL_CUDA = 'ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild --ignore-scripts=false onnxruntime-node';

/**
 * True when the library of a provider that is not bundled lies beside the others. `listSupportedBackends` names such
 * providers wherever they could be downloaded, whether they were or not.
 */
export function isDownloaded(provider: 'cuda' | 'tensorrt'): boolean {
  const { platform, arch } = process;
  const name = `onnxruntime_providers_${provider}`;
  try {
    const folder = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin/napi-v6', platform, arch);
    return existsSync(join(folder, platform === 'win32' ? `${name}.dll` : `lib${name}.so`));
  } catch {
    // Not even the package is there; `importOrt` says so when it is asked for.
    return false;
  }
}

/**
 * Imports ONNX Runtime, an optional dependency, and reads its version.
 * @throws {BaselineUnavailable} when it is not installed, has no binary here, or lacks the provider
 */
export async function importOrt(provider: Provider): Promise<{ ort: Ort; version: string }> {
  let ort: Ort;
  let version: string;
  try {
    ort = await import('onnxruntime-node');
    version = (require('onnxruntime-node/package.json') as { version: string }).version;
  } catch (error) {
    throw new BaselineUnavailable(`onnxruntime-node cannot be loaded: ${firstLine(error)}`, INSTALL);
  }
  const providers = ort.listSupportedBackends().map((backend) => backend.name);
  if (!providers.includes(provider))
    throw new BaselineUnavailable(
      `onnxruntime-node ${version} has no ${provider} provider on ${process.platform}-${process.arch} (it has ${providers.join(', ')})`,
      'run on linux-x64, win32 or darwin, where the package bundles it',
    );
  if ((provider === 'cuda' || provider === 'tensorrt') && !isDownloaded(provider))
    throw new BaselineUnavailable(`the ${provider} provider of onnxruntime-node is not downloaded`, INSTALL_CUDA);
  return { ort, version };
}

/**
 * Session options that every contestant here gets. Threads do not spin: they would burn the cores
 * while the next contestant is measured, and measured no faster for it (matmul 128 to 1024, 2 cores).
 */
export function sessionOptions(
  provider: Provider,
  threads: number,
  keepOnDevice = provider === 'webgpu',
): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    // Errors are thrown as well; printing them too would only mix with the command's own output.
    logSeverityLevel: 4,
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(keepOnDevice && { preferredOutputLocation: 'gpu-buffer' }),
  };
}

/** A copy of its own: dims must be mutable for the library's types. */
export const hostTensor = (ort: Ort, { type = 'float32', dims, data }: Omit<NamedTensor, 'name'>): Tensor =>
  new ort.Tensor(type as 'float32', data as Float32Array, [...dims]);

/** A copy of a host tensor's elements; f16 as bits, whether Node has a Float16Array or not. */
export function copied(tensor: Tensor): Data {
  const data = tensor.data as Data;
  if (tensor.type === 'float16') return new Uint16Array(data.buffer, data.byteOffset, data.length).slice();
  return data.slice();
}

const ARRAYS = {
  float32: Float32Array,
  float16: Uint16Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int64: BigInt64Array,
} as const satisfies Record<ElementType, unknown>;

/** Elements that no result has, NaN or all bits set, so that an output that was never written cannot pass for one. */
export function unwritten(type: ElementType, elements: number): Data {
  const data = new ARRAYS[type](elements);
  new Uint8Array(data.buffer).fill(0xff);
  return data;
}

/** The output `y` of a session that has no other. */
export async function runForOutput(session: InferenceSession, feeds: Feeds): Promise<Tensor> {
  return (await session.run(feeds)).y as Tensor;
}

/** Runs a program once with everything on the host, for the kernel's output. */
export async function runOnce(
  ort: Ort,
  program: OnnxProgram,
  input: unknown,
  options: InferenceSession.SessionOptions,
): Promise<unknown> {
  const session = await ort.InferenceSession.create(program.model(input), options);
  try {
    const tensors = [...program.shared, ...program.tensors(input)];
    const feeds = Object.fromEntries(tensors.map((tensor) => [tensor.name, hostTensor(ort, tensor)]));
    const results = await session.run(feeds);
    return program.decode(
      Object.fromEntries(program.outputs.map(({ name }) => [name, copied(results[name] as Tensor)])),
    );
  } finally {
    await session.release();
  }
}

/** The part of a profile event that says where a node ran. */
interface NodeEvent {
  readonly cat?: string;
  readonly args?: { readonly op_name?: string; readonly provider?: string };
}

/**
 * Operators of a model that ran on the CPU, by the library's own profile of one execution in a session
 * that is thrown away. Empty when every node ran on the provider that was asked for.
 */
export async function operatorsOnCpu(
  ort: Ort,
  model: Uint8Array,
  feeds: Feeds,
  options: InferenceSession.SessionOptions,
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-profile-'));
  try {
    const session = await ort.InferenceSession.create(model, {
      ...options,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    });
    try {
      for (const result of Object.values(await session.run(feeds))) result.dispose();
      session.endProfiling();
    } finally {
      await session.release();
    }
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('ONNX Runtime wrote no profile; placement cannot be checked');
    const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as NodeEvent[];
    if (!events.some((e) => e.cat === 'Node' && e.args?.provider))
      throw new Error('ONNX Runtime’s profile names no operator; placement cannot be checked');
    const onCpu = events.filter((e) => e.cat === 'Node' && e.args?.provider === 'CPUExecutionProvider');
    return [...new Set(onCpu.map((e) => e.args?.op_name ?? 'unknown'))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
