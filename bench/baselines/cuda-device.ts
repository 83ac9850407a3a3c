import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaselineUnavailable } from '../../harness/baseline.js';

const FOLDER = '/proc/driver/nvidia/gpus';

/** Models of the NVIDIA cards here, by their driver; null where it does not tell (not Linux, no driver). */
export function nvidiaModels(folder = FOLDER): readonly string[] | null {
  try {
    return readdirSync(folder).map((card) => {
      const [, model = ''] = /^Model:\s*(.*?)\s*$/m.exec(readFileSync(join(folder, card, 'information'), 'utf8')) ?? [];
      return model;
    });
  } catch {
    // No such folder: the callers say what that means.
    return null;
  }
}

/**
 * CUDA counts cards in an order of its own, and a library on top of it takes its first. So it is asked to compute only
 * where that can be no other card than the one that our kernels run on.
 * @param card its name; null when any will do
 * @param visible value of CUDA_VISIBLE_DEVICES, the user's word for which one it is
 * @throws {BaselineUnavailable}
 */
export function checkCudaDevice(
  card: string | null,
  models: readonly string[] | null,
  visible: string | undefined,
): void {
  if (card !== null && !/nvidia/i.test(card))
    throw new BaselineUnavailable(`CUDA does not compute on ${card}`, 'choose an NVIDIA card');
  if (visible !== undefined && /^[^,]+$/.test(visible)) return;
  const doubt = doubtOf(card, models);
  if (doubt !== null)
    throw new BaselineUnavailable(doubt, 'let CUDA_VISIBLE_DEVICES name the one that is measured, and run again');
}

function doubtOf(card: string | null, models: readonly string[] | null): string | null {
  if (models === null) return 'the NVIDIA driver does not say which cards there are';
  if (models.length !== 1) return `CUDA sees ${models.length} cards, and might take another than ours`;
  return card === null || models[0] === card ? null : `CUDA's card is ${models[0]}, ours is ${card}`;
}

/**
 * Products of f32 in full: by default CUDA's libraries round factors to TF32, with 10 bits of fraction, which is
 * another computation. Read by cuBLAS and cuDNN when they start, so this comes before any of them.
 */
export function withoutTf32(): void {
  process.env.NVIDIA_TF32_OVERRIDE = '0';
}
