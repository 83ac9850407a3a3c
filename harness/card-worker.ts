import { chosenVariant } from '../kernels/choose.js';
import type { BufferContents, Kernel, Shape, Tuning, Variant } from '../kernels/declaration.js';
import { InputError } from '../kernels/errors.js';
import { kernelName } from '../kernels/shape.js';
import type { Calibration } from '../reports/schema.js';
import { Clock, calibrate } from './clock.js';
import { ComputeSession } from './compute-test/session.js';
import { Measuring } from './contestant.js';
import { type OpenDevice, openDevice } from './device.js';
import { Execution } from './execution.js';
import { checkedPlan, effectiveTuning } from './limits.js';
import { MemorySession } from './memory-test/session.js';
import { compileMsOf, PipelineCache } from './pipelines.js';
import { type Answer, type Contestant, DEVICE_LOST_EXIT, type Params } from './protocol.js';
import { Refusal } from './refusal.js';
import { ResidentCache } from './residents.js';
import { BEFORE, loadRevisionKernels } from './revision-kernels.js';
import { Sentinel } from './sentinel.js';
import type { FindKernel, Inputs, Subject, SubjectLoader } from './subject.js';

/** A software adapter computes on the core that would spin; a card does not, and its samples are short. */
const SPIN_MS = { software: 0.2, hardware: 10 };

/** For what a measurement keeps on the device. A run gives up on a worker that prepares for four minutes. */
const MOST_SETUP_MS = 150_000;

/** Errors of the memory test that one answer carries. */
const MOST_ERRORS = 4096;

interface Card extends OpenDevice {
  readonly clock: Clock;
  readonly pipelines: PipelineCache;
  readonly residents: ResidentCache;
  readonly calibration: Calibration;
}

/** The process that owns one card: measures our kernels on it and computes for callers. */
export class CardWorker implements Contestant {
  readonly #kernel: FindKernel;
  #card: Card | null = null;
  /** Another revision's kernels, whose variants are measured as `before/…`. */
  #before: readonly Kernel[] = [];
  readonly #measuring: Measuring;
  #sentinel: Sentinel | null = null;
  /** The last caller's execution, kept so that a kernel that splits its input allocates once. */
  #kept: { key: string; execution: Execution } | null = null;

  #memory: MemorySession | null = null;
  #compute: ComputeSession | null = null;

  constructor(kernel: FindKernel) {
    this.#kernel = kernel;
    this.#measuring = new Measuring(
      this.#loader(),
      kernel,
      () => this.#open().calibration,
      () => this.#timeSentinel(),
    );
  }

  async open(params: Params<'open'>): Promise<Answer<'open'>> {
    const opened = await openDevice(params);
    // The driver took the device away: nothing that follows could be trusted, and nothing can be mended here.
    void opened.gpu.lost.then(({ reason, message }) => {
      if (reason !== 'destroyed') {
        process.stderr.write(`device lost: ${message}\n`);
        process.exit(DEVICE_LOST_EXIT);
      }
    });
    const clock = new Clock(
      opened.gpu,
      opened.timestamps,
      opened.device.software ? SPIN_MS.software : SPIN_MS.hardware,
    );
    const calibration = await calibrate(clock);
    this.#card = { ...opened, clock, calibration, ...cachesOf(opened.gpu) };
    return { device: opened.device, calibration, provenance: opened.device.driver };
  }

  prepare = (params: Params<'prepare'>) => this.#measuring.prepare(params);
  round = (params: Params<'round'>) => this.#measuring.round(params);
  recheck = (params: Params<'recheck'>) => this.#measuring.recheck(params);
  release = (params: Params<'release'>) => this.#measuring.release(params);
  loadBegin = (params: Params<'loadBegin'>) => this.#measuring.loadBegin(params);
  loadStep = (params: Params<'loadStep'>) => this.#measuring.loadStep(params);
  loadEnd = () => this.#measuring.loadEnd();

  async beside({ root }: Params<'beside'>): Promise<void> {
    this.#before = await loadRevisionKernels(root);
  }

  /** Runs a caller's input, in as many executions as the kernel needs. */
  async compute(params: Params<'compute'>): Promise<Answer<'compute'>> {
    const kernel = this.#kernel(params.kernel);
    const { shape, input } = kernel.shapeOf(params.input);
    const { features, limits } = this.#open();
    const chosen = params.variant ?? chosenVariant(kernel, shape, (feature) => features.has(feature), limits);
    const variant = findVariant(kernel, chosen);
    const execute = (part: unknown) => this.#execute(kernel, variant, params.tuning, part);
    return { output: kernel.run ? await kernel.run(input, execute, variant.id) : await execute(input) };
  }

  /** Takes all of the card's memory that it can get, a caller's last execution's included. */
  async memoryBegin(params: Params<'memoryBegin'>): Promise<Answer<'memoryBegin'>> {
    const card = this.#open();
    this.#kept?.execution.release();
    this.#kept = null;
    await this.memoryEnd();
    this.#memory = await MemorySession.open(card, params);
    return this.#memoryState();
  }

  async memoryStep({ ms }: Params<'memoryStep'>): Promise<Answer<'memoryStep'>> {
    if (!this.#memory) throw new Error('no memory test has begun');
    await this.#memory.test.step(ms);
    return this.#memoryState();
  }

  async memoryEnd(): Promise<void> {
    this.#memory?.close();
    this.#memory = null;
  }

  async suffer({ how }: Params<'suffer'>): Promise<void> {
    // Not for ever: whoever should end it may itself be gone, which a process that hangs does not notice.
    if (how === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600_000);
    process.stderr.write('device lost: a rehearsal\n');
    process.exit(DEVICE_LOST_EXIT);
  }

  /** Puts known computations and their answers on the device. */
  async computeBegin(params: Params<'computeBegin'>): Promise<Answer<'computeBegin'>> {
    await this.computeEnd();
    this.#compute = await ComputeSession.open(this.#open(), params, this.#kernel);
    return this.#compute.take();
  }

  async computeStep({ ms }: Params<'computeStep'>): Promise<Answer<'computeStep'>> {
    if (!this.#compute) throw new Error('no compute test has begun');
    await this.#compute.step(ms);
    return this.#compute.take();
  }

  async computeEnd(): Promise<void> {
    this.#compute?.close();
    this.#compute = null;
  }

  #memoryState(): Answer<'memoryStep'> {
    const session = this.#memory as MemorySession;
    return { report: session.report(), progress: session.test.progress, errors: session.newErrors(MOST_ERRORS) };
  }

  async close(): Promise<void> {
    await this.memoryEnd();
    await this.computeEnd();
    this.#kept?.execution.release();
    this.#sentinel?.release();
    this.#card?.gpu.destroy();
  }

  async #execute(kernel: Kernel, variant: Variant<unknown, unknown>, wanted: Tuning, input: unknown): Promise<unknown> {
    const { gpu, limits, pipelines, residents } = this.#open();
    const { shape } = kernel.shapeOf(input);
    const tuning = effectiveTuning(variant, wanted);
    const plan = checkedPlan(kernel, variant, shape, tuning, limits);
    const key = JSON.stringify([kernelName(kernel), variant.id, tuning, plan]);
    if (this.#kept?.key !== key) {
      this.#kept?.execution.release();
      this.#kept = null;
      const execution = await Execution.create(gpu, plan, await pipelines.compile(plan), residents);
      this.#kept = { key, execution };
    }
    const { execution } = this.#kept;
    await execution.fill(variant.encode(shape, tuning, input));
    await execution.once();
    return variant.decode(shape, tuning, await execution.outputs());
  }

  async #timeSentinel(): Promise<number | null> {
    this.#sentinel ??= await Sentinel.create(this.#open());
    return this.#sentinel.time();
  }

  #open(): Card {
    if (!this.#card) throw new Error('the card is not open yet');
    return this.#card;
  }

  /** The workload, its inputs and its oracle are ours whoever computes: only the variant is another revision's. */
  #variant(kernel: Kernel, implementation: string): Variant<unknown, unknown> {
    if (!implementation.startsWith(BEFORE)) return findVariant(kernel, implementation.replace(/^assay\//, ''));
    const name = kernelName(kernel);
    const before = this.#before.find((one) => kernelName(one) === name);
    if (!before) throw new InputError(`the other revision has no kernel ${name}`);
    return findVariant(before, implementation.slice(BEFORE.length));
  }

  #loader(): SubjectLoader {
    return {
      check: (kernel, shape, implementation, tuning) => {
        const { limits, device, features } = this.#open();
        const variant = this.#variant(kernel, implementation);
        const missing = (variant.requires ?? []).filter((feature) => !features.has(feature));
        if (missing.length > 0)
          throw new Refusal('skipped', 'missing-feature', `${device.name} lacks ${missing.join(', ')}`);
        checkedPlan(kernel, variant, shape, effectiveTuning(variant, tuning), limits);
      },
      load: (kernel, shape, implementation, tuning, inputs) =>
        loadSubject(this.#open(), kernel, shape, this.#variant(kernel, implementation), tuning, inputs),
    };
  }
}

const cachesOf = (gpu: GPUDevice) => ({ pipelines: new PipelineCache(gpu), residents: new ResidentCache(gpu) });

function findVariant(kernel: Kernel, id: string): Variant<unknown, unknown> {
  const variant = kernel.variants.find((v) => v.id === id);
  if (!variant) throw new InputError(`kernel ${kernelName(kernel)} has no variant "${id}"`);
  return variant;
}

async function loadSubject(
  card: Card,
  kernel: Kernel,
  shape: Shape,
  variant: Variant<unknown, unknown>,
  wanted: Tuning,
  { pair, sets }: Inputs,
): Promise<Subject> {
  const tuning = effectiveTuning(variant, wanted);
  const plan = checkedPlan(kernel, variant, shape, tuning, card.limits);
  const pipelines = await card.pipelines.compile(plan);
  const execution = await Execution.create(card.gpu, plan, pipelines, card.residents);
  try {
    const contents = pair.map((input) => variant.encode(shape, tuning, input));
    for (let i = 0; i < sets; i++) await execution.addSet(contents[i % 2] as BufferContents, MOST_SETUP_MS);
  } catch (error) {
    execution.release();
    throw error;
  }
  return {
    clock: card.clock.kind,
    compileMs: compileMsOf(pipelines),
    deviceBytes: execution.deviceBytes,
    provenance: null,
    tuning,
    reasons: [],
    get lastSet() {
      return execution.lastSet;
    },
    hostOverheadNs: null,
    poison: (what) => execution.poison(what),
    once: (set) => execution.once(set),
    output: async () => variant.decode(shape, tuning, await execution.outputs()),
    checkInputs: () => execution.checkInputs(),
    sample: (count) => card.clock.sample(execution, count),
    release: async () => execution.release(),
  };
}
