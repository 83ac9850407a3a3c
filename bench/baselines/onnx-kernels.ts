/** Names of the kernels that ONNX Runtime has a model for here. */
export const onnxKernels = [
  'matmul/f32',
  'matmul/f16',
  'matmul/i8',
  'matmul/q4',
  'attention/f32',
  'attention/f16',
] as const;
