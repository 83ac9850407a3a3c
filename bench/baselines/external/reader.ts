import type { Family } from '../../../kernels/declaration.js';
import type { Measurement } from '../../../reports/schema.js';
import type { Workload } from '../../suites/index.js';

/** What another program says of one workload. Assay has not seen what it computed. */
export interface Reading {
  readonly workload: string;
  readonly family: Family;
  readonly work: Measurement['work'];
  readonly implementation: string;
  /** Program, version and device, as far as the output tells. */
  readonly provenance: string | null;
  readonly tuning: Readonly<Record<string, number>>;
  /** Nanoseconds of one execution, by round in order. */
  readonly roundsNs: readonly (readonly number[])[];
}

export interface ReadContext {
  /** As the user named the source; implementation ids begin with it or end with it. */
  readonly name: string;
  /** Workloads that the run has measured, or means to. */
  readonly asked: readonly Workload[];
}

/** One format of another program's output. */
export interface Reader {
  readonly format: string;
  readonly about: string;
  /**
   * @throws {InputError} naming the line, the field and what was expected; also when there is no reading at all
   */
  read(
    text: string,
    context: ReadContext,
  ): { readonly readings: readonly Reading[]; readonly leftOut: readonly string[] };
  /** Where it stands in the result that the program gave nothing: what it was asked for. */
  failedAs(context: ReadContext): readonly Pick<Reading, 'workload' | 'family' | 'work' | 'implementation'>[];
}

/** What a result says of one of our workloads, whoever computes it. */
export function knownWorkload({ id, kernel, shape }: Workload): Pick<Reading, 'workload' | 'family' | 'work'> {
  return { workload: id, family: kernel.family, work: kernel.work(shape) };
}
