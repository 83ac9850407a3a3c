import type { z } from 'zod';
import type { ArgmaxInput, ArgmaxOutput } from '../kernels/argmax/kernel.js';
import { describe, record } from '../kernels/arguments.js';
import type { AttentionInput, AttentionOutput, QuantisedAttentionInput } from '../kernels/attention/kernel.js';
import { chosenVariant } from '../kernels/choose.js';
import type { Kernel, Limits, Variant } from '../kernels/declaration.js';
import type { BlockInput, BlockOutput } from '../kernels/decoder-block/kernel.js';
import type { EmbeddingInput, EmbeddingOutput } from '../kernels/embedding/kernel.js';
import { InputError, ShapeError } from '../kernels/errors.js';
import type { EthashInput, EthashOutput } from '../kernels/ethash/kernel.js';
import type { EthashSearchInput, SearchOutput } from '../kernels/ethash-search/kernel.js';
import { findKernel, kernelNames } from '../kernels/index.js';
import type { LlmInput, LlmOutput } from '../kernels/llm/kernel.js';
import type { MatmulInput, MatmulOutput } from '../kernels/matmul/kernel.js';
import type { MatmulI8Input, MatmulI8Output } from '../kernels/matmul-i8/kernel.js';
import type { MatmulQ4Input, MatmulQ4Output } from '../kernels/matmul-q4/kernel.js';
import type { ResidualInput, ResidualOutput } from '../kernels/residual/kernel.js';
import type { RmsnormInput, RmsnormOutput } from '../kernels/rmsnorm/kernel.js';
import type { RopeInput, RopeOutput } from '../kernels/rope/kernel.js';
import type { Sha256Input, Sha256Output } from '../kernels/sha256/kernel.js';
import type { ScanInput, ScanOutput } from '../kernels/sha256d-scan/kernel.js';
import { checkShape, kernelName } from '../kernels/shape.js';
import type { SwigluInput, SwigluOutput } from '../kernels/swiglu/kernel.js';
import type { Calibration, Device } from '../reports/schema.js';
import { type ComputeState, type ComputeTestOptions, computeBeginParams } from './compute-test/report.js';
import { ContestantProcess, ProcessGone, RemoteError } from './contestant-process.js';
import { candidates } from './environment/candidates.js';
import { listAdapters } from './environment/probe.js';
import { checkedPlan, effectiveTuning, limitsOf } from './limits.js';
import type { MemoryTestOptions } from './memory-test/session.js';
import { type MemoryState, memoryBeginParams, type OpenParams } from './protocol.js';
import { builtFile } from './root.js';
import { unknownName } from './suggest.js';

/** No adapter can be used here; the message says what would help. Exit code 3. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
  /** Set when a worker died or hung over every adapter that was tried. */
  how: ProcessGone['how'] | null = null;
}

export interface OpenCardOptions {
  /** Part of the adapter's name as `assay devices` shows it, in any case. */
  device?: string;
  /** True takes only a software adapter, false only hardware; without it hardware is preferred. */
  software?: boolean;
  /** `safe` (default) keeps WebGPU's bounds checks; `peer-equal` drops them as ONNX Runtime's provider does. */
  mode?: OpenParams['mode'];
}

/** What `card.run` takes and answers, by kernel. */
export interface Runs {
  sha256: { input: Sha256Input; output: Sha256Output };
  'sha256d-scan': { input: ScanInput; output: ScanOutput };
  ethash: { input: EthashInput; output: EthashOutput };
  'ethash-search': { input: EthashSearchInput; output: SearchOutput };
  matmul: { input: MatmulInput; output: MatmulOutput };
  'matmul/f32': { input: MatmulInput; output: MatmulOutput };
  'matmul/f16': { input: MatmulInput; output: MatmulOutput };
  'matmul/i8': { input: MatmulI8Input; output: MatmulI8Output };
  'matmul/q4': { input: MatmulQ4Input; output: MatmulQ4Output };
  attention: { input: AttentionInput; output: AttentionOutput };
  'attention/f16': { input: AttentionInput; output: AttentionOutput };
  'attention/i8': { input: QuantisedAttentionInput; output: AttentionOutput };
  embedding: { input: EmbeddingInput; output: EmbeddingOutput };
  rmsnorm: { input: RmsnormInput; output: RmsnormOutput };
  rope: { input: Omit<RopeInput, 'position'> & { position?: number }; output: RopeOutput };
  swiglu: { input: SwigluInput; output: SwigluOutput };
  residual: { input: ResidualInput; output: ResidualOutput };
  argmax: { input: ArgmaxInput; output: ArgmaxOutput };
  /** By model and weights, e.g. `decoder-block/llama-8b-q4`. */
  [block: `decoder-block/${string}`]: {
    input: Pick<BlockInput, 'hidden'> & Partial<BlockInput>;
    output: BlockOutput;
  };
  /** By model and weights, e.g. `llm/llama-8b-q4`; `assay list llm` names them. */
  [llm: `llm/${string}`]: { input: Pick<LlmInput, 'tokens'> & Partial<LlmInput>; output: LlmOutput };
  'embedding/f16': Runs['embedding'];
  'rmsnorm/f16': Runs['rmsnorm'];
  'rope/f16': Runs['rope'];
  'swiglu/f16': Runs['swiglu'];
  'residual/f16': Runs['residual'];
  'argmax/f16': Runs['argmax'];
}

/** Opening a driver and an adapter takes seconds at worst; a driver that hangs must not hang us. */
const OPEN_TIMEOUT_MS = 60_000;
/** A caller's computation may be large: only a hang is cut off. */
const RUN_TIMEOUT_MS = 30 * 60_000;

/** How long the memory test works between two answers, and how long an answer may take where everything is wrong. */
const MEMORY_STEP_MS = 1000;
const MEMORY_TIMEOUT_MS = 120_000;
const COMPUTE_STEP_MS = 1000;
/** A driver compiles some ten kernels first: on SwiftShader that takes a minute. */
const COMPUTE_BEGIN_TIMEOUT_MS = 240_000;
const COMPUTE_TIMEOUT_MS = 120_000;

/** A card, opened in a worker process of its own that owns the GPU. */
export class Card {
  readonly device: Device;
  readonly calibration: Calibration;
  /** The worker itself, for measuring. */
  readonly worker: ContestantProcess;
  /** What the worker's environment adds to ours; a baseline given the same reaches the same adapter. */
  readonly env: Readonly<Record<string, string>>;

  constructor(
    worker: ContestantProcess,
    device: Device,
    calibration: Calibration,
    env: Readonly<Record<string, string>>,
  ) {
    this.worker = worker;
    this.env = env;
    this.device = device;
    this.calibration = calibration;
  }

  get limits(): Limits {
    return limitsOf(this.device);
  }

  /**
   * Computes on the card.
   * @param kernel e.g. `matmul`, or with its type `matmul/f16`
   * @param request the kernel's input, and optionally the `variant` to run
   * @throws {InputError} naming the argument that is wrong, before anything is allocated
   * @throws {ShapeError} naming the limit of the adapter that the shape exceeds
   * @throws {ProcessGone} when the worker died
   */
  async run<K extends keyof Runs>(
    kernel: K,
    request: Runs[K]['input'] & { variant?: string },
  ): Promise<Runs[K]['output']> {
    const declared = named(kernel);
    const { variant, ...input } = (request ?? {}) as { variant?: unknown };
    const params = { kernel, variant: this.#refuseUnfit(declared, variant, input), tuning: {}, input };
    try {
      const { output } = await this.worker.call('compute', params, RUN_TIMEOUT_MS);
      return output as Runs[K]['output'];
    } catch (error) {
      throw asThrown(error);
    }
  }

  /**
   * Tests the card's memory, all that it lets allocate. Says about once a second what is known so far; whoever stops
   * asking has what was said last, and the memory is given back.
   * @param stepMs how long it works between two answers
   * @throws {InputError} naming the option that is wrong
   * @throws {RemoteError} `OutOfMemoryError` when the device gives no memory at all
   * @throws {ProcessGone} when the worker died or lost its device
   */
  async *memoryTest(options: MemoryTestOptions, stepMs = MEMORY_STEP_MS): AsyncGenerator<MemoryState, void> {
    const params = checkedParams('memoryTest', memoryBeginParams, options);
    try {
      let state = await this.worker.call('memoryBegin', params, MEMORY_TIMEOUT_MS);
      yield state;
      while (!state.report.done || state.errors.length > 0) {
        state = await this.worker.call('memoryStep', { ms: stepMs }, MEMORY_TIMEOUT_MS + stepMs);
        yield state;
      }
    } catch (error) {
      throw asThrown(error);
    } finally {
      if (!this.worker.gone) await this.worker.call('memoryEnd', {}, MEMORY_TIMEOUT_MS);
    }
  }

  /**
   * Computes what is known, over and over, and compares every word. Says about once a second what is new; it goes on
   * until nobody asks any more.
   * @param stepMs how long it works between two answers, up to a second
   * @throws {InputError} naming the option that is wrong
   * @throws {RemoteError} `BlindComparisonError` when the card's own comparison cannot be trusted
   * @throws {ProcessGone} when the worker died or lost its device
   */
  async *computeTest(options: ComputeTestOptions, stepMs = COMPUTE_STEP_MS): AsyncGenerator<ComputeState, never> {
    const params = checkedParams('computeTest', computeBeginParams, options);
    try {
      yield await this.worker.call('computeBegin', params, COMPUTE_BEGIN_TIMEOUT_MS);
      while (true) yield await this.worker.call('computeStep', { ms: stepMs }, COMPUTE_TIMEOUT_MS);
    } catch (error) {
      throw asThrown(error);
    } finally {
      if (!this.worker.gone) await this.worker.call('computeEnd', {}, COMPUTE_TIMEOUT_MS);
    }
  }

  /** Gives the card back and ends its worker. */
  async close(): Promise<void> {
    await this.worker.close();
  }

  /** Everything that can be known to be wrong is said here, before the worker allocates anything. @returns the variant */
  #refuseUnfit(kernel: Kernel, variantId: unknown, request: unknown): string {
    const has = (feature: string) => this.device.features.includes(feature);
    const named = variantId === undefined ? null : findVariant(kernel, String(variantId));
    const missing = (named?.requires ?? []).filter((feature) => !has(feature));
    if (named && missing.length > 0)
      throw new InputError(
        `variant ${named.id} of ${kernelName(kernel)} needs ${missing.join(', ')}, which ${this.device.name} lacks`,
      );
    const { shape } = kernel.shapeOf(request);
    const variant = named ?? findVariant(kernel, chosenVariant(kernel, shape, has, this.limits));
    // A kernel that splits its input makes shapes of its own; they are checked one by one in the worker.
    if (!kernel.run) {
      checkShape(kernel, shape);
      checkedPlan(kernel, variant, shape, effectiveTuning(variant, {}), this.limits);
    }
    return variant.id;
  }
}

/** @throws {InputError} that suggests the near one */
function findVariant(kernel: Kernel, id: string): Variant<unknown, unknown> {
  const variant = kernel.variants.find((v) => v.id === id);
  if (variant) return variant;
  throw unknownName(
    `variant of ${kernelName(kernel)}`,
    id,
    kernel.variants.map((v) => v.id),
  );
}

/** @throws {InputError} naming the option that is wrong */
function checkedParams<T extends z.ZodType>(method: string, schema: T, options: unknown): z.output<T> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${method}: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** The worker's refusals as the classes that callers can test for. */
function asThrown(error: unknown): unknown {
  if (!(error instanceof RemoteError)) return error;
  if (error.name === 'ShapeError') return new ShapeError(error.message, { cause: error });
  if (error.name === 'InputError') return new InputError(error.message, { cause: error });
  return error;
}

function named(name: unknown): Kernel {
  if (typeof name !== 'string') throw new InputError(`the kernel must be a name, got ${describe(name)}`);
  if (!kernelNames.includes(name)) throw unknownName('kernel', name, kernelNames);
  return findKernel(name);
}

/** @throws {InputError} naming the option */
function checkOptions(options: unknown): void {
  const { device, software, mode } = record(options, 'openCard', ['device', 'software', 'mode']);
  const expect = (name: string, right: boolean, what: string, got: unknown) => {
    if (!right) throw new InputError(`openCard: ${name} must be ${what}, got ${describe(got)}`);
  };
  expect('device', device === undefined || (typeof device === 'string' && device !== ''), 'a part of a name', device);
  expect('software', software === undefined || typeof software === 'boolean', 'true or false', software);
  expect('mode', mode === undefined || mode === 'safe' || mode === 'peer-equal', '"safe" or "peer-equal"', mode);
}

/**
 * Opens a card: hardware first, then the system's software Vulkan, then SwiftShader from npm.
 * @throws {EnvironmentError} when no adapter fits, with the command that helps
 */
export async function openCard(options: OpenCardOptions = {}): Promise<Card> {
  checkOptions(options);
  const wanted: OpenParams = {
    deviceName: options.device ?? null,
    software: options.software ?? null,
    mode: options.mode ?? 'safe',
  };
  const failures: string[] = [];
  const deaths: ProcessGone['how'][] = [];
  for (const candidate of candidates(wanted)) {
    const worker = new ContestantProcess(
      'the card’s worker',
      builtFile('harness/worker-process.js'),
      [],
      candidate.env,
    );
    try {
      const { device, calibration } = await worker.call('open', wanted, OPEN_TIMEOUT_MS);
      if (!device || !calibration) throw new Error('the worker opened no device');
      return new Card(worker, device, calibration, candidate.env);
    } catch (error) {
      await worker.kill();
      if (error instanceof ProcessGone) deaths.push(error.how);
      const none = error instanceof RemoteError && error.name === 'NoAdapterError';
      failures.push(`${candidate.description}: ${none ? nothingFits(wanted) : (error as Error).message}`);
    }
  }
  if (wanted.deviceName !== null) {
    const { adapters } = await listAdapters();
    if (adapters.length > 0) throw unknownName('device', wanted.deviceName, [...new Set(adapters.map((a) => a.name))]);
  }
  const failed = new EnvironmentError(
    `no GPU adapter can be used${wanted.deviceName ? ` for --device ${wanted.deviceName}` : ''}:\n` +
      `${failures.map((f) => `  ${f}`).join('\n')}\nRun "assay doctor" for what is missing and the command that mends it.`,
  );
  failed.how = (deaths.length > 0 && deaths.length === failures.length ? deaths[0] : null) ?? null;
  throw failed;
}

function nothingFits({ software, deviceName }: OpenParams): string {
  const what = software === false ? 'hardware adapter' : software === true ? 'software adapter' : 'adapter';
  return `no ${what}${deviceName === null ? '' : ' of that name'}${software === false ? '; software adapters were refused' : ''}`;
}
