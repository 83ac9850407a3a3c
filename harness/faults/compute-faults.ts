import type { Comparison } from '../../kernels/compute-test/programs.js';
import { randomWords } from '../../kernels/random.js';
import type { FaultName } from './names.js';

/** Those that the compute test must find. */
export const COMPUTE_FAULTS = ['wrong-lane', 'nan-lane', 'hot-compute-error'] as const satisfies readonly FaultName[];
export type ComputeFaultName = (typeof COMPUTE_FAULTS)[number];

export const isComputeFault = (name: FaultName): name is ComputeFaultName =>
  (COMPUTE_FAULTS as readonly FaultName[]).includes(name);

/** What is changed in an output: `Place` of disturb.wgsl. */
export interface Disturbance {
  readonly period: number;
  readonly index: number;
  readonly keep: number;
  readonly flip: number;
  /** The execution of the burst that it befalls; null: all. */
  readonly execution: number | null;
}

export interface Burst {
  readonly comparison: Comparison;
  readonly words: number;
  readonly executions: number;
  readonly elapsedMs: number;
}

export interface ComputeFault {
  readonly detail: string;
  /** Null: this burst stays as it is. */
  strike(burst: Burst): Disturbance | null;
}

/** Lanes of a workgroup, as most of the test's kernels have them. */
const GROUPS = [64, 128, 256];
/** Of the budget: when a card is warm, at the earliest and by so much more. */
const WARM = { from: 0.4, by: 0.25 };
/** Of bursts on a warm card, how many have an error. */
const STRIKES = 0.5;
/** A bit of the exponent: what changes is no rounding. */
const LARGE = { floats: 0x20000000, halves: 0x20002000 };
const NAN = { floats: 0x7fc00000, halves: 0x7e007e00 };

/** @param budgetMs of the whole test */
export function computeFault(name: ComputeFaultName, seed: number, budgetMs: number): ComputeFault {
  const next = randomWords(seed);
  const random = (below: number) => Math.floor((next() / 2 ** 32) * below);
  const flipOf = (comparison: Comparison) => (comparison === 'exact' ? (1 << random(32)) >>> 0 : LARGE[comparison]);
  if (name === 'hot-compute-error') {
    const warmMs = budgetMs * (WARM.from + (WARM.by * random(1000)) / 1000);
    return {
      detail: `after ${Math.round(warmMs)} ms, one word in one of two submissions is wrong`,
      strike({ comparison, words, executions, elapsedMs }) {
        if (elapsedMs < warmMs || random(1000) >= STRIKES * 1000) return null;
        return {
          period: 0,
          index: random(words),
          keep: ~0 >>> 0,
          flip: flipOf(comparison),
          execution: random(executions),
        };
      },
    };
  }
  const period = GROUPS[random(GROUPS.length)] as number;
  const index = random(period);
  const lane = { period, index, execution: null };
  if (name === 'nan-lane')
    return {
      detail: `lane ${index} of every ${period} gives NaN where there is one`,
      strike: ({ comparison }) => (comparison === 'exact' ? null : { ...lane, keep: 0, flip: NAN[comparison] }),
    };
  return {
    detail: `lane ${index} of every ${period} is wrong`,
    strike: ({ comparison }) => ({ ...lane, keep: ~0 >>> 0, flip: flipOf(comparison) }),
  };
}
