/// <reference types="@webgpu/types" preserve="true" />
/**
 * What a kernel declares. One declaration gives its correctness test, its measurement, its tuning
 * space, its line in `assay list` and its documentation. Nothing in this folder knows how a GPU is
 * driven: a plan is plain data, and the harness executes it.
 */

export type Family = 'mining' | 'ai' | 'memory' | 'arithmetic';

/** The sizes of one workload, by axis name; a flag axis holds 0 or 1. */
export type Shape = Readonly<Record<string, number>>;

/** One dimension of a workload's shape and how it is written in the workload's id. */
export interface Axis {
  /** Name in the API and in messages, e.g. `keyLength`. */
  readonly name: string;
  /** Prefix in the workload id, e.g. `k` in `k512`; a flag is written as this word alone. */
  readonly token: string;
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
  /** A flag is present (1) or absent (0) in the id and takes no number. */
  readonly flag?: boolean;
}

/** The device limits that a plan may depend on; every value is a plain number. */
export interface Limits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxUniformBufferBindingSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupSizeX: number;
  readonly maxComputeWorkgroupSizeY: number;
  readonly maxComputeWorkgroupSizeZ: number;
  readonly maxComputeWorkgroupsPerDimension: number;
}

/** Values of a variant's tuning parameters, e.g. `{ tileM: 64, tileN: 64 }`. */
export type Tuning = Readonly<Record<string, number>>;
/** For each tuning parameter the values worth trying; the first is the default. */
export type TuningSpace = Readonly<Record<string, readonly number[]>>;

/**
 * `input`: storage, read by the kernel. `uniform`: a uniform block. `output`: storage that the
 * kernel writes whole. `counter`: an output that the harness zeroes before every execution.
 * `scratch`: storage that lives between the dispatches of one execution.
 */
export type BufferRole = 'input' | 'uniform' | 'output' | 'counter' | 'scratch';

export interface BufferPlan {
  readonly name: string;
  readonly role: BufferRole;
  /** Bytes of data, a positive multiple of 4. The harness adds guard words after it and binds both. */
  readonly byteLength: number;
}

/** A value for a generated `const` line. A bare number is a `u32`. */
export type Constant = number | { readonly type: 'u32' | 'i32' | 'f32' | 'bool'; readonly value: number | boolean };

export interface Dispatch {
  /** WGSL file, as a path inside `kernels/`. */
  readonly wgsl: string;
  /** Shared WGSL modules that are placed before the file, as paths inside `kernels/`. */
  readonly modules?: readonly string[];
  readonly enables?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
  readonly constants?: Readonly<Record<string, Constant>>;
  /** Default `main`. */
  readonly entryPoint?: string;
  /** Buffer names for `@group(0) @binding(0..)`, in order. */
  readonly bindings: readonly string[];
  readonly workgroups: readonly [number, number, number];
}

/** Everything needed to execute a variant on a shape once: buffers and dispatches in order. */
export interface Plan {
  readonly buffers: readonly BufferPlan[];
  readonly dispatches: readonly Dispatch[];
}

/** Contents of the `input` and `uniform` buffers of a plan, by buffer name. */
export type BufferContents = Readonly<Record<string, ArrayBufferView>>;
/** What was read back from the `output` and `counter` buffers of a plan, without guard words. */
export type BufferReadback = Readonly<Record<string, Uint8Array>>;

export interface Variant<Input, Output> {
  readonly id: string;
  /** What this version adds to the one before it, and why that should help. */
  readonly story: string;
  readonly requires?: readonly GPUFeatureName[];
  readonly tuning?: TuningSpace;
  /**
   * @throws {ShapeError} when the adapter cannot hold the shape; the harness checks every buffer and
   *   dispatch against the limits itself, so a plan only refuses what it alone knows.
   */
  plan(shape: Shape, tuning: Tuning, limits: Limits): Plan;
  /** Lays the input out as this variant wants it (padding, byte order, element type). */
  encode(shape: Shape, tuning: Tuning, input: Input): BufferContents;
  decode(shape: Shape, tuning: Tuning, readback: BufferReadback): Output;
}

/** The work that a shape mandates, whatever the implementation does. */
export interface Work {
  /** Mandatory operations in `unit` for one execution. */
  readonly operations: number;
  /** What is counted, e.g. `hash`, `flop`, `byte`; rates are per second of it. */
  readonly unit: 'hash' | 'flop' | 'byte';
  /** Least bytes that one execution must move between memory and the processor. */
  readonly bytes: number;
}

export type Tolerance =
  | { readonly kind: 'exact' }
  /** `bound` is compared with the oracle's error measure; `reason` says where it comes from. */
  | { readonly kind: 'bound'; readonly bound: number; readonly reason: string };

export interface OracleVerdict {
  readonly correct: boolean;
  /** Largest error seen in the oracle's measure (0 when exact and correct); null when not a number. */
  readonly maxError: number | null;
  /** First disagreement in words: where, expected, got. Absent when correct. */
  readonly detail?: string;
}

/** Judges outputs for one input. Built once per input; the expensive part is done at construction. */
export interface Oracle<Output> {
  /** How the output is judged, e.g. `every element against f64`, in words for the result file. */
  readonly method: string;
  readonly tolerance: Tolerance;
  check(output: Output): OracleVerdict;
}

/** A published input with its published answer, verified like a probe before anything is timed. */
export interface KnownAnswer<Input, Output> {
  readonly name: string;
  /** Where it is published. */
  readonly source: string;
  readonly input: Input;
  readonly oracle: Oracle<Output>;
}

export interface Kernel<Input = unknown, Output = unknown> {
  readonly id: string;
  readonly family: Family;
  /** Element type as written in the workload id (`matmul/f32/…`); absent where it has no choice. */
  readonly type?: string;
  readonly title: string;
  /** Specification section or paper that defines the computation. */
  readonly source: string;
  readonly axes: readonly Axis[];
  /** Rules that join several axes, e.g. heads a multiple of kvHeads. @throws {ShapeError} */
  checkShape?(shape: Shape): void;
  /** Small and odd shapes that every variant must get right before it is timed. */
  readonly probes: readonly Shape[];
  readonly knownAnswers?: readonly KnownAnswer<Input, Output>[];
  /** A shape big enough to predict from, small enough for any adapter: time scales with operations. */
  readonly pilot: Shape;
  /** Shapes that suites and `assay list` name. */
  readonly workloads: readonly Shape[];
  /** Input made from a seed, the same on every machine. */
  input(shape: Shape, seed: number): Input;
  /** Validates a caller's input and derives its shape. @throws {InputError} naming the argument. */
  shapeOf(input: unknown): { shape: Shape; input: Input };
  /** The computation itself on the CPU, in the plainest way. */
  reference(shape: Shape, input: Input): Output;
  oracle(shape: Shape, input: Input, seed: number): Oracle<Output>;
  work(shape: Shape): Work;
  /** Naive first; every later one says what it adds. */
  readonly variants: readonly Variant<Input, Output>[];
  /** The variant that `card.run` takes when none is named. */
  readonly defaultVariant: string;
  /**
   * A caller's input of any size as several executions that each fit; absent where one execution does it.
   * `execute` runs one input on the device.
   */
  run?(input: Input, execute: (input: Input) => Promise<Output>): Promise<Output>;
  /** Id of the ceiling workload's kernel that this kernel's rate is a fraction of, where one is measured. */
  readonly ceiling?: string;
}
