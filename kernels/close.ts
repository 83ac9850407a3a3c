import type { Oracle, OracleVerdict } from './declaration.js';

/** What every element of an output should be, and how far from it one may be. */
export interface Expected {
  /** The output's name in messages. */
  readonly name: string;
  readonly want: Float64Array;
  /** |got − want| is divided by this before it is compared with the bound; |want| where it is absent. */
  readonly scale?: Float64Array;
  /** Subtracted from |got − want| first: what flushing of denormals may cost. */
  readonly floor: number;
  readonly bound: number;
  readonly reason: string;
  /** Beyond this a result may overflow. */
  readonly max: number;
}

/** Every element against f64, NaN for NaN and infinity for infinity. */
export function closeOracle<K extends string>(key: K, expected: Expected): Oracle<Readonly<Record<K, Float32Array>>> {
  const { name, want, scale, floor, bound, reason, max } = expected;
  const errorAt = (got: number, i: number): number => {
    const exact = want[i] as number;
    if (!Number.isFinite(exact)) return Object.is(got, exact) ? 0 : Number.POSITIVE_INFINITY;
    if (!Number.isFinite(got)) return Math.abs(exact) * (1 + bound) > max ? 0 : Number.POSITIVE_INFINITY;
    const error = Math.max(0, Math.abs(got - exact) - floor);
    return error === 0 ? 0 : error / (scale ? (scale[i] as number) : Math.abs(exact));
  };
  return {
    method: 'every element against f64',
    tolerance: { kind: 'bound', bound, reason },
    check(output): OracleVerdict {
      const got = output[key];
      if (!(got instanceof Float32Array) || got.length !== want.length)
        return {
          correct: false,
          maxError: null,
          detail: `${name} must hold ${want.length} floats, got ${(got as Float32Array | undefined)?.length ?? 'none'}`,
        };
      let maxError = 0;
      let detail: string | undefined;
      let finite = true;
      for (let i = 0; i < want.length; i++) {
        const error = errorAt(got[i] as number, i);
        if (!(error <= bound)) detail ??= `${name}[${i}]: expected ${want[i]}, got ${got[i]}`;
        if (Number.isFinite(error)) maxError = Math.max(maxError, error);
        else finite = false;
      }
      if (detail === undefined) return { correct: true, maxError };
      return { correct: false, maxError: finite ? maxError : null, detail };
    },
  };
}
