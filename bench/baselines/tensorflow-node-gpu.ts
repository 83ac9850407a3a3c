import { createRequire } from 'node:module';
import { type Baseline, BaselineUnavailable } from '../../harness/baseline.js';
import { checkCudaDevice, nvidiaModels, withoutTf32 } from './cuda-device.js';
import { firstLine } from './first-line.js';
import { TensorFlow, type TfPlace } from './tensorflow.js';
import type { Tf, TfTensor } from './tensorflow-programs.js';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const INSTALL = `npm install --no-save --ignore-scripts=false ${PACKAGE}@4.22.0`;
const NEEDS = 'CUDA 11.2, cuDNN 8.1 and Node before 23';

/** The native backend, as far as it is asked. */
interface NodeBackend {
  readonly isUsingGpuDevice?: boolean;
}

/**
 * TensorFlow's own library (libtensorflow 2.9) under TensorFlow.js's operators: an optional peer, used where somebody
 * has installed it, since its installation downloads a library that no npm package holds.
 * @throws {BaselineUnavailable} when it is not there, does not load, or would compute on the CPU
 */
export async function startNodeGpu({ deviceName }: Parameters<Baseline['open']>[0]): Promise<TfPlace> {
  withoutTf32();
  const require = createRequire(import.meta.url);
  let tf: Tf;
  let version: string;
  try {
    version = (require(`${PACKAGE}/package.json`) as { version: string }).version;
    tf = require(PACKAGE) as Tf;
  } catch (error) {
    throw new BaselineUnavailable(`${PACKAGE} cannot be loaded: ${firstLine(error)}`, `${INSTALL}; it needs ${NEEDS}`);
  }
  await tf.ready();
  if (tf.getBackend() !== 'tensorflow')
    throw new BaselineUnavailable(`${PACKAGE} took its ${tf.getBackend()} backend, not tensorflow`, INSTALL);
  if ((tf.backend() as NodeBackend).isUsingGpuDevice !== true)
    throw new BaselineUnavailable(`${PACKAGE} found no GPU and would compute on the CPU`, `install ${NEEDS}`);
  checkCudaDevice(deviceName, nvidiaModels(), process.env.CUDA_VISIBLE_DEVICES);
  return {
    tf,
    provenance: `tfjs-node-gpu ${version}, cuda, TF32 off`,
    mostBytes: null,
    upload: (tensor: TfTensor) => {
      // What an operator has made lies on the GPU; what came from the host is copied when an operator needs it.
      const there = tf.add(tensor, tf.scalar(0));
      tensor.dispose();
      return there;
    },
    finish: async (last: TfTensor) => {
      // Operators are queued on one stream: an element of the last result is there when all are done.
      const first = tf.tidy(() => tf.slice(tf.reshape(last, [-1]), [0], [1]));
      await first.data();
      first.dispose();
    },
    close: () => tf.removeBackend('tensorflow'),
  };
}

export const tensorflowNodeGpu: Baseline = new TensorFlow('tfjs-node-gpu', startNodeGpu);
