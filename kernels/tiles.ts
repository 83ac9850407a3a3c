import type { Tuning } from './declaration.js';

/** The least multiple that holds `size`. */
export const up = (size: number, multiple: number): number => Math.ceil(size / multiple) * multiple;

/** The value of a tuning parameter that the variant declares. */
export const pick = (tuning: Tuning, name: string): number => tuning[name] as number;
