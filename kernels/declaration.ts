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
  /** The size that an id without this axis means, and that is not written, e.g. a batch of 1. */
  readonly default?: number;
}

/** One form of matrix product that the adapter's matrix units compute: result (M×N) += left (M×K) · right (K×N). */
export interface SubgroupMatrixConfig {
  /** Of left and right, as Dawn names it: `f16`, `f32`, `u8`, `i8`. */
  readonly componentType: string;
  /** Of the result: `f16`, `f32`, `u32`, `i32`. */
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

/** The device limits that a plan may depend on. */
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
  /**
   * A subgroup has from so many invocations to so many, a power of two: the adapter's promise, which WebGPU takes as
   * information about the adapter, not as a limit to be asked for. Means nothing without the feature `subgroups`.
   */
  readonly subgroupMinSize: number;
  readonly subgroupMaxSize: number;
  /** Empty without the feature `chromium-experimental-subgroup-matrix`; see `subgroup-matrix.ts`. */
  readonly subgroupMatrixConfigs: readonly SubgroupMatrixConfig[];
}

/** Values of a variant's tuning parameters, e.g. `{ tileM: 64, tileN: 64 }`. */
export type Tuning = Readonly<Record<string, number>>;
/** For each tuning parameter the values worth trying; the first is the default. */
export type TuningSpace = Readonly<Record<string, readonly number[]>>;

/**
 * `input`: storage, read by the kernel. `uniform`: a uniform block. `output`: storage that the
 * kernel writes whole. `counter`: an output that the harness zeroes before every execution.
 * `scratch`: storage that lives between the dispatches of one execution.
 * `resident`: storage that is filled once, before anything is timed, and then only read: with contents when
 * `encode` gives them, else by the plan's `setup`. All input sets share it, so it may depend on the shape alone, and
 * so do variants whose plans declare the same resident buffers and setup and encode the very same objects.
 * `immediate`: at most 64 bytes of immediate data, set with each dispatch that names it.
 * `upload`: an input that stays in host memory which the device can copy from. `readback`: an output in host
 * memory which the device can copy to. Both take part in copies only.
 */
export type BufferRole =
  | 'input'
  | 'uniform'
  | 'output'
  | 'counter'
  | 'scratch'
  | 'resident'
  | 'immediate'
  | 'upload'
  | 'readback';

export interface BufferPlan {
  readonly name: string;
  readonly role: BufferRole;
  /** Bytes of data, a positive multiple of 4. The harness adds guard words after it and binds both. */
  readonly byteLength: number;
  /** What the plan itself puts in, for a buffer that `encode` gives nothing for: how it cut the work, say. */
  readonly contents?: ArrayBufferView;
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
  /** WGSL language extensions, for `requires` lines. */
  readonly languageFeatures?: readonly string[];
  /** Buffer names for `@group(0) @binding(0..)`, in order. */
  readonly bindings: readonly string[];
  /** Name of the `immediate` buffer whose contents `var<immediate>` holds. */
  readonly immediate?: string;
  readonly workgroups: readonly [number, number, number];
}

/** The whole of one buffer into another of the same length, by the device's copy engine. */
export interface Copy {
  readonly from: string;
  readonly to: string;
}

/** Everything needed to execute a variant on a shape once: buffers and dispatches in order. */
export interface Plan {
  readonly buffers: readonly BufferPlan[];
  /**
   * Fill the `resident` buffers, and bind nothing else; run once, before anything is verified or timed, each as a
   * submission of its own, so that none needs to outlast a driver's watchdog.
   */
  readonly setup?: readonly Dispatch[];
  readonly dispatches: readonly Dispatch[];
  /**
   * Each dispatch is a submission of its own, for an execution that as a whole outlasts a driver's watchdog. It is
   * timed from the first to the last.
   */
  readonly apart?: boolean;
  /** The dispatches so many times over, in order, as one execution: once where this is absent. */
  readonly repeat?: number;
  /** Instead of dispatches: what goes over the bus. */
  readonly copies?: readonly Copy[];
}

/** Contents of the `input`, `uniform`, `immediate` and `upload` buffers of a plan, and of `resident` ones that no setup fills. */
export type BufferContents = Readonly<Record<string, ArrayBufferView>>;
/** What was read back from the `output`, `counter` and `readback` buffers of a plan, without guard words. */
export type BufferReadback = Readonly<Record<string, Uint8Array>>;

export interface Variant<Input, Output> {
  readonly id: string;
  /** What this version adds to the one before it, and why that should help. */
  readonly story: string;
  /** Adapter features, and WGSL language features such as `immediate_address_space`. */
  readonly requires?: readonly string[];
  readonly tuning?: TuningSpace;
  /**
   * False where nobody would choose this variant, a matrix–vector kernel for 4096 rows say: it must compute the shape
   * all the same, but takes part only when it is named.
   */
  suits?(shape: Shape): boolean;
  /**
   * @throws {ShapeError} when the adapter cannot hold the shape; the harness checks every buffer and
   *   dispatch against the limits itself, so a plan only refuses what it alone knows.
   */
  plan(shape: Shape, tuning: Tuning, limits: Limits): Plan;
  /** Lays the input out as this variant wants it (padding, byte order, element type). */
  encode(shape: Shape, tuning: Tuning, input: Input): BufferContents;
  decode(shape: Shape, tuning: Tuning, readback: BufferReadback): Output;
}

/** What is said of a whole model beside its speed. */
export interface ModelFacts {
  /** With the type of its weights: `Llama 3.2 1B q4`. */
  readonly name: string;
  readonly parameters: number;
  /** Bytes of all weights, as they are stored. */
  readonly weightBytes: number;
}

/** The work that a shape mandates, whatever the implementation does. */
export interface Work {
  /** Mandatory operations in `unit` for one execution. */
  readonly operations: number;
  /** What is counted: rates are per second of it. `iop` is one integer operation of 32 bits, or of the type named. */
  readonly unit: 'hash' | 'flop' | 'iop' | 'byte' | 'token';
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
  /**
   * Element type, or what else tells apart kernels that share an id, as written in the workload id (`matmul/f32/…`);
   * absent where there is no choice.
   */
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
  /** Where the kernel is a whole model. */
  readonly model?: ModelFacts;
  /** Naive first; every later one says what it adds. */
  readonly variants: readonly Variant<Input, Output>[];
  /** The variant that `card.run` takes when none is named: one that every adapter has. */
  readonly defaultVariant: string;
  /** Variants that are better than the default for this shape where the adapter has what they require, best first. */
  preferred?(shape: Shape, limits?: Pick<Limits, 'subgroupMaxSize'>): readonly string[];
  /**
   * A caller's input of any size as several executions that each fit; absent where one execution does it.
   * `execute` runs one input on the device, with the variant that is named.
   */
  run?(input: Input, execute: (input: Input) => Promise<Output>, variant: string): Promise<Output>;
  /**
   * What the device cannot do faster than its ceilings allow: the rate's fraction is told of the tightest of these
   * that this run has measured, and all of them are the workload's place in the roofline.
   */
  bounds?(shape: Shape): readonly Bound[];
  /** Variants that a first look measures, of those that suit the shape; all of them where this is absent. */
  readonly shortlist?: readonly string[];
  /** Of those, what is not worth a first look on an adapter with these limits: say because it compiles for long there. */
  passedOver?(limits: Pick<Limits, 'subgroupMaxSize'>): readonly string[];
  /** What the memory is for, in words for the owner of a card that cannot hold the shape. */
  memoryNote?(shape: Shape): string;
}

/** By id of the kernel that measures a ceiling: how much of that kernel's work unit. */
export type Amounts = Readonly<Record<string, number>>;

/**
 * A limit that follows from ceilings measured on the same device: one execution takes at least
 * Σ amount ÷ rate seconds, over the kernels named (they share one unit of the processor, so that times add up).
 */
export interface Bound {
  /** E.g. `integer`, `pages`. */
  readonly id: string;
  /** `float` and `integer` are operations and have a roofline each; `memory` are bytes. */
  readonly kind: 'float' | 'integer' | 'memory';
  /**
   * What one execution needs. Several ways of doing the same work (two additions, or one of three operands) are
   * several entries; the device may choose, so the fastest of those measured is the bound. The first is what
   * operations are counted by.
   */
  readonly ways: readonly [Amounts, ...Amounts[]];
  /**
   * The same work at the rate of its mixture. Units that work side by side may do more than the ways allow, whose
   * times add up; where a kernel did, this is what bounds it.
   */
  readonly mixture?: Amounts;
}
