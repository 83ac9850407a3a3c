import { argmax, argmaxF16 } from './argmax/kernel.js';
import { attention, attentionF16, attentionI8 } from './attention/kernel.js';
import { duplex } from './bus/duplex.js';
import { readback, upload } from './bus/kernel.js';
import { copy } from './copy/kernel.js';
import type { Kernel } from './declaration.js';
import { decoderBlocks } from './decoder-block/kernel.js';
import { dot4I8 } from './dot4-i8/kernel.js';
import { embedding, embeddingF16 } from './embedding/kernel.js';
import { InputError } from './errors.js';
import { ethash, ethashReduced } from './ethash/kernel.js';
import { ethashCache } from './ethash-cache/kernel.js';
import { ethashDag } from './ethash-dag/kernel.js';
import { ethashSearch, ethashSearchReduced } from './ethash-search/kernel.js';
import { fmaF16 } from './fma-f16/kernel.js';
import { fmaF32 } from './fma-f32/kernel.js';
import { intAdd } from './int-add/kernel.js';
import { intAdd3 } from './int-add3/kernel.js';
import { intLogic } from './int-logic/kernel.js';
import { intMul } from './int-mul/kernel.js';
import { intRotate } from './int-rotate/kernel.js';
import { intSha256 } from './int-sha256/kernel.js';
import { llms } from './llm/kernel.js';
import { matmul, matmulF16 } from './matmul/kernel.js';
import { matmulI8 } from './matmul-i8/kernel.js';
import { matmulQ4 } from './matmul-q4/kernel.js';
import { matrixF16 } from './matrix-f16/kernel.js';
import { matrixI8 } from './matrix-i8/kernel.js';
import { mulAddF32 } from './mul-add-f32/kernel.js';
import { pageRead } from './page-read/kernel.js';
import { read } from './read/kernel.js';
import { residual, residualF16 } from './residual/kernel.js';
import { rmsnorm, rmsnormF16 } from './rmsnorm/kernel.js';
import { rope, ropeF16 } from './rope/kernel.js';
import { sha256 } from './sha256/kernel.js';
import { sha256dScan } from './sha256d-scan/kernel.js';
import { kernelName } from './shape.js';
import { swiglu, swigluF16 } from './swiglu/kernel.js';

/**
 * What is computed. One folder per kernel: its WGSL, its CPU reference, and its declaration, which gives
 * the correctness test, the measurement, the tuning space, the listing and the documentation.
 */
export const kernels: readonly Kernel[] = [
  ...[copy, read, pageRead, upload, readback, duplex],
  ...[fmaF32, mulAddF32, fmaF16],
  ...[intAdd, intAdd3, intRotate, intLogic, intMul, intSha256, dot4I8],
  ...[matrixF16, matrixI8],
  ...[sha256, sha256dScan, ethashSearch, ethashSearchReduced, ethash, ethashReduced, ethashDag, ethashCache],
  ...[matmul, matmulF16, matmulI8, matmulQ4],
  ...[attention, attentionF16, attentionI8],
  ...[embedding, rmsnorm, rope, swiglu, residual, argmax],
  ...[embeddingF16, rmsnormF16, ropeF16, swigluF16, residualF16, argmaxF16],
  ...decoderBlocks,
  ...llms,
] as readonly Kernel[];

/** What `findKernel` takes: every id, and every id with its type. */
export const kernelNames: readonly string[] = [...new Set(kernels.flatMap((k) => [k.id, kernelName(k)]))];

/**
 * @param name `matmul/f16`; an id alone means the first type of it that is declared, so `matmul` is `matmul/f32`
 * @throws {InputError} naming the kernels there are
 */
export function findKernel(name: string): Kernel {
  const kernel = kernels.find((k) => kernelName(k) === name) ?? kernels.find((k) => k.id === name);
  if (!kernel) throw new InputError(`unknown kernel "${name}"; there are ${kernels.map(kernelName).join(', ')}`);
  return kernel;
}

export { InputError, ShapeError } from './errors.js';
