import type { Oracle, Shape } from '../declaration.js';

/** Independent chains per invocation, and steps (one fma on every chain) per iteration. */
export const CHAINS = 4;
export const STEPS = 16;

/**
 * Each step is x ← fma(x, −1, t), where t is `even` in even steps and `odd` in odd ones, so that two steps
 * add `odd − even`. With whole numbers of these sizes no intermediate passes 2²⁴, every step is exact in
 * f32, fused or not, and the end proves that every step was taken: 2²⁰ (start) + 2²⁰ (even) + 2¹⁶ · 8 · 16
 * (drift over all iterations) < 2²⁴.
 */
export const MAX_START = 2 ** 20;
export const MAX_DRIFT = 16;
export const MAX_ITERATIONS = 2 ** 16;

export interface FmaInput {
  readonly iterations: number;
  /** 4 chains per invocation: whole numbers of at most 2²⁰ in magnitude. */
  readonly start: Float32Array;
  /** Added in even steps: a whole number of at most 2²⁰ in magnitude. */
  readonly even: number;
  /** Added in odd steps: a whole number from 1 to 16 away from `even`. */
  readonly odd: number;
}

export interface FmaOutput {
  /** 4 chains per invocation. */
  readonly end: Float32Array;
}

/** Step by step, as the kernel does it. */
export function fmaReference(_shape: Shape, { iterations, start, even, odd }: FmaInput): FmaOutput {
  const end = start.map((first) => {
    let x = first;
    for (let step = 0; step < iterations * STEPS; step++) x = Math.fround(-x + (step % 2 === 0 ? even : odd));
    return x;
  });
  return { end };
}

/** Every chain against its closed form, start + steps/2 · (odd − even), which is exact. */
export function fmaOracle(_shape: Shape, { iterations, start, even, odd }: FmaInput): Oracle<FmaOutput> {
  const drift = ((iterations * STEPS) / 2) * (odd - even);
  return {
    method: 'every chain against start + steps/2 · (odd − even); all steps are whole numbers below 2²⁴, exact in f32',
    tolerance: { kind: 'exact' },
    check({ end }) {
      if (!(end instanceof Float32Array) || end.length !== start.length)
        return {
          correct: false,
          maxError: null,
          detail: `end must hold ${start.length} floats, got ${end?.length ?? 'none'}`,
        };
      let maxError: number | null = 0;
      let detail: string | undefined;
      for (let i = 0; i < end.length; i++) {
        const want = (start[i] as number) + drift;
        const got = end[i] as number;
        if (got === want) continue;
        detail ??= `invocation ${Math.floor(i / CHAINS)}, chain ${i % CHAINS}: expected ${want}, got ${got}`;
        if (maxError !== null) maxError = Number.isFinite(got) ? Math.max(maxError, Math.abs(got - want)) : null;
      }
      return detail === undefined ? { correct: true, maxError: 0 } : { correct: false, maxError, detail };
    },
  };
}
