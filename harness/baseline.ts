import type { Kernel, Shape } from '../kernels/declaration.js';
import type { Mode, Reason } from '../reports/schema.js';

/**
 * Somebody else's implementation of our workloads. A baseline only says how to load, run and read
 * back; correctness, warm-up, batching and the host clock are the harness's (host-timed.ts), the same
 * for every baseline. It runs in a process of its own, so it may crash.
 */
export interface Baseline {
  /** Implementation id, e.g. `onnxruntime/webgpu`. */
  readonly id: string;
  /**
   * Imports the library and picks the device. Called once, before anything else.
   * @param options `deviceName`: the card's whole name, for a library that can choose its adapter; null where it cannot
   * @returns version and placement in words, e.g. `onnxruntime 1.30.0, cpu, 2 threads`
   * @throws {BaselineUnavailable} with the reason and the command that mends it
   */
  open(options: {
    readonly deviceName: string | null;
    readonly software: boolean | null;
    readonly mode: Mode;
  }): Promise<string>;
  /** Null when it can run this workload, else why not, in words. */
  unsupported(kernel: Kernel, shape: Shape): string | null;
  /** Prepares one workload with its inputs resident where the baseline computes. */
  load(kernel: Kernel, shape: Shape, inputs: readonly unknown[]): Promise<LoadedBaseline>;
  close(): Promise<void>;
}

export interface LoadedBaseline {
  /** Where it really ran, when `load` learned more than `open` knew; else null. */
  readonly provenance: string | null;
  /** Findings that belong to the measurement, e.g. a silent CPU fallback. */
  readonly reasons: readonly Reason[];
  /** Starts one execution on input set `set`; may return before the device has finished. */
  run(set: number): Promise<void>;
  /** Returns when everything started has finished. Part of every timed sample, so keep it cheap. */
  finish(): Promise<void>;
  /** The output of the last execution, in the kernel's own output type. */
  output(): Promise<unknown>;

  release(): Promise<void>;
}

/** The baseline cannot be used here. `remedy` is the exact command or step that would change it. */
export class BaselineUnavailable extends Error {
  override name = 'BaselineUnavailable';
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
