import { createRequire } from 'node:module';
import { type Baseline, BaselineUnavailable } from '../../harness/baseline.js';
import { chooseAdapter, listAdapterObjects, type NamedAdapter } from '../../harness/environment/adapters.js';
import type { DawnMode } from '../../harness/environment/dawn.js';
import { isSoftware } from '../../harness/environment/software.js';
import { SubmissionError } from '../../harness/submit.js';
import { restfully } from '../../harness/wait.js';
import { firstLine } from './first-line.js';
import { TensorFlow, type TfPlace } from './tensorflow.js';
import type { Tf, TfTensor } from './tensorflow-programs.js';

const INSTALL = 'npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-webgpu@4.22.0';

/** The public methods of its backend that tfjs-core does not offer. */
interface WebgpuBackend {
  readonly device: GPUDevice;
  uploadToGPU(dataId: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

type OpenOptions = Parameters<Baseline['open']>[0];

/** Of several cards the one that our own kernels run on: by its whole name, since Dawn takes parts of names too. */
async function adapterFor({ deviceName, software, mode }: OpenOptions): Promise<NamedAdapter> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const { adapters } = await listAdapterObjects(create, mode as DawnMode);
  const named = deviceName === null ? adapters : adapters.filter(({ name }) => name === deviceName);
  const chosen = chooseAdapter(named, { deviceName: null, software }, ({ name, adapter }) => ({
    name,
    software: isSoftware(adapter.info),
  }));
  if (chosen === null)
    throw new BaselineUnavailable(
      `Dawn offers ${deviceName ?? 'no adapter'} to no process for TensorFlow.js`,
      'install a Vulkan driver and loader for the card; `assay doctor` says which is missing',
    );
  return chosen;
}

/** `navigator.gpu` as a browser has it, but with the one adapter that was chosen. */
function offer({ gpu, adapter }: NamedAdapter): void {
  const only = {
    requestAdapter: async () => adapter,
    getPreferredCanvasFormat: () => gpu.getPreferredCanvasFormat(),
    wgslLanguageFeatures: gpu.wgslLanguageFeatures,
  };
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu: only, userAgent: `node ${process.versions.node}` },
    configurable: true,
  });
}

function importTf(): { tf: Tf; version: string } {
  const require = createRequire(import.meta.url);
  try {
    const tf = require('@tensorflow/tfjs-core') as Tf;
    // Registers itself where `navigator.gpu` is there by now.
    require('@tensorflow/tfjs-backend-webgpu');
    return { tf, version: (require('@tensorflow/tfjs-backend-webgpu/package.json') as { version: string }).version };
  } catch (error) {
    throw new BaselineUnavailable(`TensorFlow.js cannot be loaded: ${firstLine(error)}`, INSTALL);
  }
}

/**
 * TensorFlow.js's WebGPU backend on the same Dawn, with the same toggles and on the same adapter as our own kernels.
 * @throws {BaselineUnavailable} when it is not installed or finds no device
 */
export async function startWebgpu(options: OpenOptions): Promise<TfPlace> {
  const chosen = await adapterFor(options);
  offer(chosen);
  const { tf, version } = importTf();
  let started = false;
  try {
    started = await tf.setBackend('webgpu');
    await tf.ready();
  } catch (error) {
    throw new BaselineUnavailable(`TensorFlow.js's WebGPU backend cannot start: ${firstLine(error)}`, 'assay doctor');
  }
  if (!started || tf.getBackend() !== 'webgpu')
    throw new BaselineUnavailable(`TensorFlow.js took its ${tf.getBackend()} backend, not webgpu`, 'assay doctor');
  // Else it computes small tensors on the CPU without a word.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const backend = tf.backend() as WebgpuBackend;
  const { device } = backend;
  // As long as our own kernels are awaited with: on a card samples are short, and no core is missed.
  const spinMs = isSoftware(chosen.adapter.info) ? 0.2 : 10;
  let refused: string | null = null;
  device.addEventListener('uncapturederror', ({ error }) => {
    refused ??= firstLine(error.message);
  });
  return {
    tf,
    provenance: `tensorflow.js ${version}, webgpu, ${chosen.name}`,
    mostBytes: Number(device.limits.maxStorageBufferBindingSize),
    upload: (tensor: TfTensor) => backend.uploadToGPU(tensor.dataId),
    finish: async () => {
      // Up to fifteen dispatches wait in its encoder for more to come.
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      backend.submitQueue();
      await restfully(device.queue.onSubmittedWorkDone(), spinMs);
      if (refused === null) return;
      const detail = refused;
      refused = null;
      throw new SubmissionError(`TensorFlow.js: ${detail}`);
    },
    close: () => tf.removeBackend('webgpu'),
  };
}

export const tensorflowWebgpu: Baseline = new TensorFlow('tfjs/webgpu', startWebgpu);
