import { decoderBlocks } from '../../kernels/decoder-block/kernel.js';
import { kernelName } from '../../kernels/shape.js';

/** Names of the kernels that ONNX Runtime has a model for here. */
export const onnxKernels: readonly string[] = [
  'matmul/f32',
  'matmul/f16',
  'matmul/i8',
  'matmul/q4',
  'attention/f32',
  'attention/f16',
  ...decoderBlocks.map(kernelName),
];
