import { ShapeError } from '../errors.js';
import type { AttentionSizes } from './sizes.js';

/** Heads of today's models are 64 to 128, some 256; more would not fit the registers that hold a query. */
export const SIZE_MAX = 256;

/** Above so many queries a head the keys are read often enough for the prefill variants. */
export const FEW_QUERIES = 8;

/** @throws {ShapeError} for what a variant that keeps queries and outputs on the chip cannot hold. */
export function checkHeadSize(variant: string, { headSize }: AttentionSizes): void {
  if (headSize > SIZE_MAX)
    throw new ShapeError(
      `attention/${variant} keeps whole rows on the chip, so headSize may be at most ${SIZE_MAX}, got ${headSize}; ` +
        'variant naive takes any',
    );
}
