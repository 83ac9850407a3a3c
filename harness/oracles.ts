import type { Kernel, Oracle, Shape } from '../kernels/declaration.js';
import { workloadId } from '../kernels/shape.js';
import type { Correctness } from '../reports/schema.js';
import { Refusal } from './refusal.js';
import type { Subject } from './subject.js';

/** Oracles already built in this process: all variants of a workload are judged by the same one. */
export class OracleCache {
  static readonly #capacity = 8;
  readonly #oracles = new Map<string, Oracle<unknown>>();

  get(kernel: Kernel, shape: Shape, seed: number): Oracle<unknown> {
    const key = `${workloadId(kernel, shape)}#${seed}`;
    let oracle = this.#oracles.get(key);
    if (!oracle) {
      oracle = kernel.oracle(shape, kernel.input(shape, seed), seed);
      if (this.#oracles.size >= OracleCache.#capacity)
        this.#oracles.delete(this.#oracles.keys().next().value as string);
      this.#oracles.set(key, oracle);
    }
    return oracle;
  }
}

export const NOT_CHECKED: Correctness = {
  status: 'not-checked',
  method: 'none: nothing was computed',
  maxError: null,
  tolerance: { kind: 'exact' },
  seeds: [],
};

/** Correctness as a result records it, with the worse of two errors. */
export function correctnessOf(oracle: Oracle<unknown>, seeds: number[], maxError: number | null): Correctness {
  return { status: 'correct', method: oracle.method, tolerance: oracle.tolerance, maxError, seeds };
}

/**
 * Judges what the subject's last execution left, guard words included.
 * @returns the largest error in the oracle's measure
 * @throws {Refusal | GuardError} when it is wrong
 */
export async function judge(subject: Subject, oracle: Oracle<unknown>, what: string): Promise<number> {
  const verdict = oracle.check(await subject.output());
  if (!verdict.correct) throw new Refusal('failed', 'wrong-result', `${what}: ${verdict.detail ?? 'wrong output'}`);
  return verdict.maxError ?? 0;
}
