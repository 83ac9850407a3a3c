import type { Baseline } from '../../harness/baseline.js';
import { onnxKernels } from './onnx-kernels.js';

/** Somebody else's implementations that our kernels are compared with. Each runs in a process of its own. */
export interface BaselineEntry {
  /** Implementation id as results write it. */
  readonly id: string;
  /** Names of the kernels that it can compute, with their type: `matmul/f16`. */
  readonly kernels: readonly string[];
  readonly about: string;
  /** True when it computes on a GPU, which must then be the card's own. */
  readonly gpu?: boolean;
  /** True when it takes the adapter that it is told to; others are shown no adapter but the card's own. */
  readonly choosesAdapter?: boolean;
  /** True when it takes part only where it is named, since another tells enough. */
  readonly byName?: boolean;
  /** Imports the module only when the baseline takes part; the library itself is imported by its `open`. */
  readonly load: () => Promise<Baseline>;
}

export const baselines: readonly BaselineEntry[] = [
  {
    id: 'onnxruntime/webgpu',
    kernels: onnxKernels,
    about: 'ONNX Runtime 1.30 with its WebGPU provider, on the same adapter, data resident on the GPU',
    gpu: true,
    load: async () => (await import('./onnxruntime-webgpu.js')).onnxruntimeWebgpu,
  },
  {
    id: 'onnxruntime/cpu',
    kernels: onnxKernels,
    about: 'ONNX Runtime 1.30 with its CPU provider, all cores',
    load: async () => (await import('./onnxruntime.js')).onnxruntimeCpu,
  },
  {
    id: 'tfjs/webgpu',
    kernels: ['matmul/f32', 'attention/f32'],
    about: 'TensorFlow.js 4.22 with its WebGPU backend, on the same Dawn and adapter, data resident on the GPU',
    gpu: true,
    choosesAdapter: true,
    load: async () => (await import('./tensorflow-webgpu.js')).tensorflowWebgpu,
  },
  {
    id: 'node-crypto/cpu',
    kernels: ['sha256', 'sha256d-scan'],
    about: "Node's own hashing (OpenSSL), all cores",
    load: async () => (await import('./node-crypto.js')).nodeCrypto,
  },
  {
    id: 'node-crypto/cpu-1',
    kernels: ['sha256', 'sha256d-scan'],
    about: 'the same on one core; only where it is named with --baseline',
    byName: true,
    load: async () => (await import('./node-crypto.js')).nodeCryptoOneCore,
  },
];
