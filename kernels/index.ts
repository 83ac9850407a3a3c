import { attention } from './attention/kernel.js';
import { readback, upload } from './bus/kernel.js';
import { copy } from './copy/kernel.js';
import type { Kernel } from './declaration.js';
import { dot4I8 } from './dot4-i8/kernel.js';
import { InputError } from './errors.js';
import { ethash, ethashReduced } from './ethash/kernel.js';
import { ethashCache } from './ethash-cache/kernel.js';
import { ethashDag } from './ethash-dag/kernel.js';
import { fmaF16 } from './fma-f16/kernel.js';
import { fmaF32 } from './fma-f32/kernel.js';
import { intAdd } from './int-add/kernel.js';
import { intAdd3 } from './int-add3/kernel.js';
import { intLogic } from './int-logic/kernel.js';
import { intMul } from './int-mul/kernel.js';
import { intRotate } from './int-rotate/kernel.js';
import { intSha256 } from './int-sha256/kernel.js';
import { matmul } from './matmul/kernel.js';
import { matrixF16 } from './matrix-f16/kernel.js';
import { matrixI8 } from './matrix-i8/kernel.js';
import { mulAddF32 } from './mul-add-f32/kernel.js';
import { pageRead } from './page-read/kernel.js';
import { read } from './read/kernel.js';
import { sha256 } from './sha256/kernel.js';
import { sha256dScan } from './sha256d-scan/kernel.js';

/**
 * What is computed. One folder per kernel: its WGSL, its CPU reference, and its declaration, which gives
 * the correctness test, the measurement, the tuning space, the listing and the documentation.
 */
export const kernels: readonly Kernel[] = [
  ...[copy, read, pageRead, upload, readback],
  ...[fmaF32, mulAddF32, fmaF16],
  ...[intAdd, intAdd3, intRotate, intLogic, intMul, intSha256, dot4I8],
  ...[matrixF16, matrixI8],
  ...[sha256, sha256dScan, ethash, ethashReduced, ethashDag, ethashCache],
  ...[matmul, attention],
] as readonly Kernel[];

/** @throws {InputError} naming the kernels there are */
export function findKernel(id: string): Kernel {
  const kernel = kernels.find((k) => k.id === id);
  if (!kernel) throw new InputError(`unknown kernel "${id}"; there are ${kernels.map((k) => k.id).join(', ')}`);
  return kernel;
}

export { InputError, ShapeError } from './errors.js';
