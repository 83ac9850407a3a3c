import type { Kernel, Shape, Tuning } from '../kernels/declaration.js';
import type { Reason } from '../reports/schema.js';
import type { Sample } from './clock.js';

/** By id, or by id and type. */
export type FindKernel = (id: string) => Kernel;

/** One implementation loaded with one workload: what the measuring loop drives, whoever computes. */
export interface Subject {
  readonly clock: 'gpu' | 'host';
  readonly compileMs: number | null;
  /** Bytes that it holds on the device; null where that cannot be known. */
  readonly deviceBytes: number | null;
  readonly provenance: string | null;
  readonly tuning: Tuning;
  /** Findings that travel with the measurement without failing it. */
  readonly reasons: readonly Reason[];
  /** The input set that the most recent execution used. */
  readonly lastSet: number;
  /** Host nanoseconds that one sample costs beyond its executions; null: as the device's calibration has it. */
  readonly hostOverheadNs: number | null;
  /** Makes outputs (or scratch too) unmistakably wrong where the implementation lets us reach them. */
  poison(what: 'outputs' | 'everything'): Promise<void>;
  /** One execution on an input set. */
  once(set: number): Promise<void>;
  /** The last execution's output. @throws {GuardError} */
  output(): Promise<unknown>;
  /** @throws {InputChangedError | GuardError} */
  checkInputs(): Promise<void>;
  /** Times `count` executions over rotating input sets. */
  sample(count: number): Promise<Sample>;
  release(): Promise<void>;
}

/** Inputs made from two seeds; input set i holds the first or second of them as i is even or odd, in memory of its own. */
export interface Inputs {
  readonly pair: readonly [unknown, unknown];
  readonly sets: number;
}

/** Loads workloads into an implementation's home: the card's device, or a baseline's library. */
export interface SubjectLoader {
  /** @throws what `refusalOf` understands, before anything is allocated */
  check(kernel: Kernel, shape: Shape, implementation: string, tuning: Tuning): void;
  load(kernel: Kernel, shape: Shape, implementation: string, tuning: Tuning, inputs: Inputs): Promise<Subject>;
}
