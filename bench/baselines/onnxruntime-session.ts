import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { BaselineUnavailable } from '../../harness/baseline.js';
import { firstLine } from './first-line.js';
import type { NamedTensor, OnnxProgram } from './onnx-program.js';

export type Ort = typeof import('onnxruntime-node');
export type Provider = 'cpu' | 'webgpu';
export type Feeds = Readonly<Record<string, Tensor>>;

const INSTALL = 'npm install onnxruntime-node@1.30.0 --onnxruntime-node-install=skip';

/**
 * Imports ONNX Runtime, an optional dependency, and reads its version.
 * @throws {BaselineUnavailable} when it is not installed, has no binary here, or lacks the provider
 */
export async function importOrt(provider: Provider): Promise<{ ort: Ort; version: string }> {
  let ort: Ort;
  let version: string;
  try {
    ort = await import('onnxruntime-node');
    version = (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version;
  } catch (error) {
    throw new BaselineUnavailable(`onnxruntime-node cannot be loaded: ${firstLine(error)}`, INSTALL);
  }
  const providers = ort.listSupportedBackends().map((backend) => backend.name);
  if (!providers.includes(provider))
    throw new BaselineUnavailable(
      `onnxruntime-node ${version} has no ${provider} provider on ${process.platform}-${process.arch} (it has ${providers.join(', ')})`,
      'run on linux-x64, win32 or darwin, where the package bundles it',
    );
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
export const hostTensor = (ort: Ort, { dims, data }: Pick<NamedTensor, 'dims' | 'data'>): Tensor =>
  new ort.Tensor('float32', data, [...dims]);

/** The single output `y` of a session. */
export async function runForOutput(session: InferenceSession, feeds: Feeds): Promise<Tensor> {
  return (await session.run(feeds)).y as Tensor;
}

/** Runs a program once with everything on the host. */
export async function runOnce(
  ort: Ort,
  program: OnnxProgram,
  input: unknown,
  options: InferenceSession.SessionOptions,
): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(program.model, options);
  try {
    const tensors = [...program.shared, ...program.tensors(input)];
    const feeds = Object.fromEntries(tensors.map((tensor) => [tensor.name, hostTensor(ort, tensor)]));
    const output = await runForOutput(session, feeds);
    return Float32Array.from(output.data as Float32Array);
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
      (await runForOutput(session, feeds)).dispose();
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
