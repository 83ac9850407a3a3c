import type { Measurement } from './schema.js';

/**
 * Readable names for what ids say. Reports know no kernels, so this reads the id's own words, and an id
 * that it does not know keeps them.
 */

/** `matmul/f32/m512-n512-k512` in its parts; `type` is null for kernels without a choice of it. */
export interface WorkloadId {
  readonly kernel: string;
  readonly type: string | null;
  readonly shape: string;
}

export function parseWorkloadId(id: string): WorkloadId {
  const parts = id.split('/');
  return {
    kernel: parts[0] ?? id,
    type: parts.length > 2 ? (parts[1] ?? null) : null,
    shape: parts.length > 1 ? (parts.at(-1) ?? '') : '',
  };
}

const kernelNames: Readonly<Record<string, string>> = {
  sha256: 'SHA-256 hashing',
  'sha256d-scan': 'SHA-256d nonce scan',
  ethash: 'Ethash',
  'ethash-reduced': 'Ethash with a reduced DAG',
  'ethash-search': 'Ethash nonce search',
  'ethash-search-reduced': 'Ethash nonce search with a reduced DAG',
  'ethash-dag': 'Ethash DAG generation',
  'ethash-cache': 'Ethash light cache',
  matmul: 'matrix multiplication',
  attention: 'attention',
  rmsnorm: 'RMS normalisation',
  rope: 'rotary embedding',
  softmax: 'softmax',
  swiglu: 'SwiGLU',
  residual: 'residual addition',
  embedding: 'embedding lookup',
  argmax: 'sampling by argmax',
  'decoder-block': 'decoder block',
  llm: 'language model',
  copy: 'memory copy',
  read: 'memory read',
  'page-read': 'random page read',
  upload: 'upload over the bus',
  readback: 'readback over the bus',
  duplex: 'both ways over the bus',
  'fma-f32': 'f32 multiply-add rate',
  'fma-f16': 'f16 multiply-add rate',
  'mul-add-f32': 'f32 rate, multiplications and additions apart',
  'int-add': 'integer addition rate',
  'int-add3': 'integer addition rate, three operands',
  'int-rotate': 'integer rotation rate',
  'int-logic': 'bitwise logic rate, three operands',
  'int-mul': 'integer multiplication rate',
  'int-sha256': 'rate of SHA-256’s mix of operations',
  'dot4-i8': 'int8 dot product rate',
  'matrix-f16': 'f16 matrix unit rate',
  'matrix-i8': 'int8 matrix unit rate',
};

/** An id may be any text, `constructor` too. */
const kernelName = (kernel: string): string =>
  Object.hasOwn(kernelNames, kernel) ? (kernelNames[kernel] as string) : kernel;

/** `f32 matrix multiplication` for `matmul/f32/m512-n512-k512`. */
export function workloadName(id: string): string {
  const { kernel, type } = parseWorkloadId(id);
  return [type, kernelName(kernel)].filter(Boolean).join(' ');
}

/** `Matrix multiplication, f32`: the name as a heading. */
export function workloadHeading(id: string): string {
  const { kernel, type } = parseWorkloadId(id);
  const name = kernelName(kernel);
  const capital = /^[a-z]+\d/.test(name) ? name : name.charAt(0).toUpperCase() + name.slice(1);
  return type ? `${capital}, ${type}` : capital;
}

/** In the order in which a report shows them. */
export const familyNames: Readonly<Record<Measurement['family'], string>> = {
  mining: 'Mining',
  ai: 'AI',
  memory: 'Memory',
  arithmetic: 'Arithmetic',
};

/** Ours is what this project wrote; everything else is a baseline. */
export function isOurs(implementation: string): boolean {
  return implementation.startsWith('assay/');
}

/** Computes on the host's processor, with all of its threads or with so many: `onnxruntime/cpu`, `node-crypto/cpu-1`. */
export function computesOnCpu(implementation: string): boolean {
  return /\/cpu(-\d+)?$/.test(implementation);
}
