import type { BufferContents, BufferReadback, BufferRole, Dispatch, Plan } from '../kernels/declaration.js';
import { allocate, type DeviceBuffer, poison, readback, upload } from './buffers.js';
import { bindGroup, contentsOf, encodeDispatch } from './dispatch.js';
import type { Compiled, CompiledPlan } from './pipelines.js';
import type { ResidentCache, Residents } from './residents.js';
import { guarded, Recording } from './submit.js';
import { restfully } from './wait.js';

/** A kernel changed what it may only read. */
export class InputChangedError extends Error {
  override name = 'InputChangedError';
}

interface InputSet {
  buffers: DeviceBuffer[];
  groups: GPUBindGroup[];
  contents: BufferContents;
}

export interface Stamps {
  readonly querySet: GPUQuerySet;
  readonly begin: number;
  readonly end: number;
}

const PER_SET: readonly BufferRole[] = ['input', 'uniform', 'upload'];
const OWN: readonly BufferRole[] = ['output', 'counter', 'scratch', 'readback'];

/**
 * A plan on a device: pipelines, one set of outputs, scratch and resident buffers, and any number of input sets
 * that executions rotate through, so that a repeat does not find its input in the cache.
 */
export class Execution {
  readonly plan: Plan;
  readonly #device: GPUDevice;
  readonly #pipelines: CompiledPlan;
  readonly #cache: ResidentCache;
  /** Outputs, counters and scratch. */
  readonly #own: DeviceBuffer[] = [];
  readonly #sets: InputSet[] = [];
  /** Filled with the first input set. */
  #residents: Residents | null = null;
  #next = 0;
  #last = 0;

  private constructor(device: GPUDevice, plan: Plan, pipelines: CompiledPlan, cache: ResidentCache) {
    this.#device = device;
    this.#cache = cache;
    this.plan = plan;
    this.#pipelines = pipelines;
  }

  /** @throws {OutOfMemoryError} with nothing left allocated */
  static async create(
    device: GPUDevice,
    plan: Plan,
    pipelines: CompiledPlan,
    cache: ResidentCache,
  ): Promise<Execution> {
    const execution = new Execution(device, plan, pipelines, cache);
    try {
      for (const buffer of plan.buffers)
        if (OWN.includes(buffer.role)) execution.#own.push(await allocate(device, buffer));
    } catch (error) {
      execution.release();
      throw error;
    }
    return execution;
  }

  /** The input set that the most recent execution used. */
  get lastSet(): number {
    return this.#last;
  }

  /** Bytes allocated on the device, guard words and residents (which other executions may share) included. */
  get deviceBytes(): number {
    const sets = this.#sets.flatMap(({ buffers }) => buffers);
    return [...this.#own, ...(this.#residents?.buffers ?? []), ...sets].reduce((sum, { gpu }) => sum + gpu.size, 0);
  }

  /** One of the buffers that all input sets share, by its name in the plan. */
  own(name: string): DeviceBuffer {
    const buffer = this.#own.find(({ plan }) => plan.name === name);
    if (!buffer) throw new RangeError(`the plan has no output, counter or scratch named ${name}`);
    return buffer;
  }

  /**
   * Adds an input set, resident on the device.
   * @param mostSetupMs for the plan's setup
   * @throws {OutOfMemoryError | SetupTooSlowError}
   */
  async addSet(contents: BufferContents, mostSetupMs?: number): Promise<void> {
    const buffers: DeviceBuffer[] = [];
    try {
      for (const plan of this.plan.buffers)
        if (PER_SET.includes(plan.role)) {
          const buffer = await allocate(this.#device, plan);
          buffers.push(buffer);
          await upload(this.#device, buffer, contentsOf(contents, plan));
        }
      const groups = await this.#bindSet(contents, buffers, mostSetupMs);
      this.#sets.push({ buffers, groups, contents });
    } catch (error) {
      for (const { gpu } of buffers) gpu.destroy();
      throw error;
    }
  }

  /** Replaces the contents of the first set. */
  async fill(contents: BufferContents): Promise<void> {
    if (this.#sets.length === 0) return this.addSet(contents);
    const set = this.#sets[0] as InputSet;
    set.contents = contents;
    for (const buffer of set.buffers) await upload(this.#device, buffer, contentsOf(contents, buffer.plan));
    set.groups = await this.#bindSet(contents, set.buffers);
  }

  /** @param what `outputs` leaves scratch as it is, which a kernel may use to tell a first run from a later one */
  async poison(what: 'outputs' | 'everything'): Promise<void> {
    for (const buffer of this.#own)
      if (what === 'everything' || buffer.plan.role !== 'scratch') await poison(this.#device, buffer);
  }

  /**
   * Encodes `count` executions over rotating sets, counters zeroed before each.
   * @param stamps timestamps at the begin of the first pass and the end of the last
   */
  encode(recording: Recording, count: number, stamps?: Stamps): void {
    if (this.plan.copies) this.#encodeCopies(recording.encoder, count, stamps);
    else if (this.plan.apart) this.#encodeApart(recording, count, stamps);
    else this.#encodePasses(recording.encoder, count, stamps);
  }

  /** One execution on input set `set`, submitted and awaited inside error scopes. */
  async once(set = 0): Promise<void> {
    await guarded(this.#device, 'executing', async () => {
      this.#next = set;
      const recording = new Recording(this.#device);
      this.encode(recording, 1);
      recording.submit();
      await restfully(this.#device.queue.onSubmittedWorkDone());
    });
  }

  /** Outputs and counters of the last execution; scratch is read too, for its guards. @throws {GuardError} */
  async outputs(): Promise<BufferReadback> {
    return readback(this.#device, this.#own);
  }

  /** @throws {InputChangedError | GuardError} when the inputs of any set are no longer what was uploaded */
  async checkInputs(): Promise<void> {
    const { buffers: residents, contents: given } = this.#residents ?? { buffers: [], contents: {} };
    const unset = residents.filter(({ plan }) => given[plan.name]);
    if (unset.length > 0) await this.#checkUnchanged(unset, given);
    for (const { buffers, contents } of this.#sets) await this.#checkUnchanged(buffers, contents);
  }

  release(): void {
    for (const { gpu } of this.#own) gpu.destroy();
    for (const { buffers } of this.#sets) for (const { gpu } of buffers) gpu.destroy();
    if (this.#residents) this.#cache.release(this.#residents);
    this.#residents = null;
    this.#own.length = 0;
    this.#sets.length = 0;
  }

  /** The residents that these contents ask for, and bind groups that hold them. */
  async #bindSet(
    contents: BufferContents,
    buffers: readonly DeviceBuffer[],
    mostSetupMs?: number,
  ): Promise<GPUBindGroup[]> {
    const before = this.#residents;
    this.#residents = await this.#cache.acquire(this.plan, this.#pipelines.setup, contents, mostSetupMs);
    if (before) this.#cache.release(before);
    const all = [...this.#own, ...this.#residents.buffers, ...buffers];
    return guarded(this.#device, 'binding', () =>
      this.plan.dispatches.map((dispatch, i) =>
        bindGroup(this.#device, dispatch, this.#pipelines.dispatches[i] as Compiled, all),
      ),
    );
  }

  /** Dispatches of one execution, repeats included. */
  get #steps(): number {
    return this.plan.dispatches.length * (this.plan.repeat ?? 1);
  }

  #encodeStep(pass: GPUComputePassEncoder, step: number, groups: readonly GPUBindGroup[], contents: BufferContents) {
    const d = step % this.plan.dispatches.length;
    const [dispatch, compiled] = [this.plan.dispatches[d] as Dispatch, this.#pipelines.dispatches[d] as Compiled];
    encodeDispatch(pass, dispatch, compiled, groups[d] as GPUBindGroup, contents);
  }

  #encodePasses(encoder: GPUCommandEncoder, count: number, stamps?: Stamps): void {
    // A buffer cannot be cleared inside a pass: without counters one pass holds the whole batch.
    const passes = this.#counters.length > 0 ? count : 1;
    for (let p = 0; p < passes; p++) {
      this.#clearCounters(encoder);
      const pass = encoder.beginComputePass(stamped(stamps, p === 0, p === passes - 1));
      for (let i = 0; i < count / passes; i++) {
        const { groups, contents } = this.#rotate();
        for (let step = 0; step < this.#steps; step++) this.#encodeStep(pass, step, groups, contents);
      }
      pass.end();
    }
  }

  /** Every dispatch in a pass and a submission of its own. */
  #encodeApart(recording: Recording, count: number, stamps?: Stamps): void {
    const last = count * this.#steps - 1;
    for (let i = 0, number = 0; i < count; i++) {
      const { groups, contents } = this.#rotate();
      for (let step = 0; step < this.#steps; step++) {
        if (number > 0) recording.cut();
        const { encoder } = recording;
        if (step === 0) this.#clearCounters(encoder);
        const pass = encoder.beginComputePass(stamped(stamps, number === 0, number === last));
        this.#encodeStep(pass, step, groups, contents);
        pass.end();
        number++;
      }
    }
  }

  get #counters(): DeviceBuffer[] {
    return this.#own.filter(({ plan }) => plan.role === 'counter');
  }

  #clearCounters(encoder: GPUCommandEncoder): void {
    for (const { gpu, plan } of this.#counters) encoder.clearBuffer(gpu, 0, plan.byteLength);
  }

  /** Copies are stamped by the empty passes around them. */
  #encodeCopies(encoder: GPUCommandEncoder, count: number, stamps?: Stamps): void {
    if (stamps) encoder.beginComputePass(stamped(stamps, true, false)).end();
    for (let i = 0; i < count; i++) {
      const buffers = new Map([...this.#own, ...this.#rotate().buffers].map((b) => [b.plan.name, b]));
      for (const { from, to } of this.plan.copies ?? []) {
        const [source, destination] = [buffers.get(from), buffers.get(to)] as [DeviceBuffer, DeviceBuffer];
        encoder.copyBufferToBuffer(source.gpu, 0, destination.gpu, 0, source.plan.byteLength);
      }
    }
    if (stamps) encoder.beginComputePass(stamped(stamps, false, true)).end();
  }

  #rotate(): InputSet {
    this.#last = this.#next % this.#sets.length;
    this.#next = this.#last + 1;
    return this.#sets[this.#last] as InputSet;
  }

  async #checkUnchanged(buffers: readonly DeviceBuffer[], contents: BufferContents): Promise<void> {
    const now = await readback(this.#device, buffers);
    for (const { plan } of buffers) {
      const want = contentsOf(contents, plan);
      const bytes = Buffer.from(want.buffer, want.byteOffset, want.byteLength);
      if (!bytes.equals(now[plan.name] as Uint8Array))
        throw new InputChangedError(`input ${plan.name} was changed by the kernel`);
    }
  }
}

function stamped(stamps: Stamps | undefined, first: boolean, last: boolean): GPUComputePassDescriptor {
  if (!stamps || !(first || last)) return {};
  const { querySet, begin, end } = stamps;
  return {
    timestampWrites: {
      querySet,
      ...(first ? { beginningOfPassWriteIndex: begin } : {}),
      ...(last ? { endOfPassWriteIndex: end } : {}),
    },
  };
}
