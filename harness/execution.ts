import type { BufferContents, BufferPlan, BufferReadback, BufferRole, Dispatch, Plan } from '../kernels/declaration.js';
import { allocate, type DeviceBuffer, poison, readback, upload } from './buffers.js';
import type { Compiled, CompiledPlan } from './pipelines.js';
import { guarded } from './submit.js';
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

/**
 * A plan on a device: pipelines, one set of outputs, scratch and resident buffers, and any number of input sets
 * that executions rotate through, so that a repeat does not find its input in the cache.
 */
export class Execution {
  readonly plan: Plan;
  readonly #device: GPUDevice;
  readonly #pipelines: CompiledPlan;
  /** Everything but the input sets, resident buffers included. */
  readonly #own: DeviceBuffer[] = [];
  readonly #sets: InputSet[] = [];
  /** What the resident buffers were filled from; null before they are. */
  #residents: BufferContents | null = null;
  #next = 0;
  #last = 0;

  private constructor(device: GPUDevice, plan: Plan, pipelines: CompiledPlan) {
    this.#device = device;
    this.plan = plan;
    this.#pipelines = pipelines;
  }

  /** @throws {OutOfMemoryError} with nothing left allocated */
  static async create(device: GPUDevice, plan: Plan, pipelines: CompiledPlan): Promise<Execution> {
    const execution = new Execution(device, plan, pipelines);
    try {
      for (const buffer of plan.buffers)
        if (!PER_SET.includes(buffer.role) && buffer.role !== 'immediate')
          execution.#own.push(await allocate(device, buffer));
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

  /** Bytes allocated on the device, guard words included. */
  get deviceBytes(): number {
    return [...this.#own, ...this.#sets.flatMap(({ buffers }) => buffers)].reduce((sum, { gpu }) => sum + gpu.size, 0);
  }

  /** Adds an input set, resident on the device. @throws {OutOfMemoryError} */
  async addSet(contents: BufferContents): Promise<void> {
    const buffers: DeviceBuffer[] = [];
    try {
      for (const plan of this.plan.buffers)
        if (PER_SET.includes(plan.role)) {
          const buffer = await allocate(this.#device, plan);
          buffers.push(buffer);
          await upload(this.#device, buffer, contentsOf(contents, plan));
        }
      const { dispatches } = this.plan;
      const groups = await guarded(this.#device, 'binding', () =>
        dispatches.map((dispatch, i) => this.#bind(dispatch, this.#pipelines.dispatches[i] as Compiled, buffers)),
      );
      await this.#fillResidents(contents, buffers);
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
    await this.#fillResidents(contents, set.buffers);
  }

  /** @param what `outputs` leaves scratch as it is, which a kernel may use to tell a first run from a later one */
  async poison(what: 'outputs' | 'everything'): Promise<void> {
    for (const buffer of this.#own) {
      const { role } = buffer.plan;
      if (role !== 'resident' && (what === 'everything' || role !== 'scratch')) await poison(this.#device, buffer);
    }
  }

  /**
   * Encodes `count` executions over rotating sets, counters zeroed before each.
   * @param stamps timestamps at the begin of the first pass and the end of the last
   */
  encode(encoder: GPUCommandEncoder, count: number, stamps?: Stamps): void {
    if (this.plan.copies) this.#encodeCopies(encoder, count, stamps);
    else this.#encodePasses(encoder, count, stamps);
  }

  /** One execution on input set `set`, submitted and awaited inside error scopes. */
  async once(set = 0): Promise<void> {
    await guarded(this.#device, 'executing', async () => {
      this.#next = set;
      const encoder = this.#device.createCommandEncoder();
      this.encode(encoder, 1);
      this.#device.queue.submit([encoder.finish()]);
      await restfully(this.#device.queue.onSubmittedWorkDone());
    });
  }

  /** Outputs and counters of the last execution; scratch is read too, for its guards. @throws {GuardError} */
  async outputs(): Promise<BufferReadback> {
    return readback(
      this.#device,
      this.#own.filter(({ plan }) => plan.role !== 'resident'),
    );
  }

  /** @throws {InputChangedError | GuardError} when the inputs of any set are no longer what was uploaded */
  async checkInputs(): Promise<void> {
    const given = this.#own.filter(({ plan }) => plan.role === 'resident' && this.#residents?.[plan.name]);
    if (given.length > 0) await this.#checkUnchanged(given, this.#residents as BufferContents);
    for (const { buffers, contents } of this.#sets) await this.#checkUnchanged(buffers, contents);
  }

  release(): void {
    for (const { gpu } of this.#own) gpu.destroy();
    for (const { buffers } of this.#sets) for (const { gpu } of buffers) gpu.destroy();
    this.#own.length = 0;
    this.#sets.length = 0;
  }

  /** Once for contents that are the very same objects: an encode that keeps them spares the setup. */
  async #fillResidents(contents: BufferContents, inputs: readonly DeviceBuffer[]): Promise<void> {
    const residents = this.#own.filter(({ plan }) => plan.role === 'resident');
    if (residents.length === 0) return;
    const before = this.#residents;
    if (before && residents.every(({ plan: { name } }) => before[name] === contents[name])) return;
    for (const buffer of residents) {
      const given = contents[buffer.plan.name];
      if (given) await upload(this.#device, buffer, given);
    }
    for (const [i, dispatch] of (this.plan.setup ?? []).entries())
      await guarded(this.#device, 'setting up', async () => {
        const compiled = this.#pipelines.setup[i] as Compiled;
        const group = this.#bind(dispatch, compiled, inputs);
        const encoder = this.#device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        encodeDispatch(pass, dispatch, compiled, group, contents);
        pass.end();
        this.#device.queue.submit([encoder.finish()]);
        await restfully(this.#device.queue.onSubmittedWorkDone());
      });
    this.#residents = contents;
  }

  #encodePasses(encoder: GPUCommandEncoder, count: number, stamps?: Stamps): void {
    const counters = this.#own.filter(({ plan }) => plan.role === 'counter');
    // A buffer cannot be cleared inside a pass: without counters one pass holds the whole batch.
    const passes = counters.length > 0 ? count : 1;
    for (let p = 0; p < passes; p++) {
      for (const { gpu, plan } of counters) encoder.clearBuffer(gpu, 0, plan.byteLength);
      const pass = encoder.beginComputePass(stamped(stamps, p === 0, p === passes - 1));
      for (let i = 0; i < count / passes; i++) {
        const { groups, contents } = this.#rotate();
        this.plan.dispatches.forEach((dispatch, d) => {
          const compiled = this.#pipelines.dispatches[d] as Compiled;
          encodeDispatch(pass, dispatch, compiled, groups[d] as GPUBindGroup, contents);
        });
      }
      pass.end();
    }
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

  #bind(dispatch: Dispatch, { pipeline }: Compiled, inputs: readonly DeviceBuffer[]): GPUBindGroup {
    const buffers = new Map([...this.#own, ...inputs].map((b) => [b.plan.name, b.gpu]));
    return this.#device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: dispatch.bindings.map((name, binding) => ({
        binding,
        resource: { buffer: buffers.get(name) as GPUBuffer },
      })),
    });
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

function encodeDispatch(
  pass: GPUComputePassEncoder,
  { immediate, workgroups }: Dispatch,
  { pipeline }: Compiled,
  group: GPUBindGroup,
  contents: BufferContents,
): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  if (immediate !== undefined) {
    const { buffer, byteOffset, byteLength } = contentsOf(contents, { name: immediate });
    pass.setImmediates(0, buffer as ArrayBuffer, byteOffset, byteLength);
  }
  pass.dispatchWorkgroups(...workgroups);
}

function contentsOf(
  contents: BufferContents,
  { name, contents: own }: Pick<BufferPlan, 'name' | 'contents'>,
): ArrayBufferView {
  const view = contents[name] ?? own;
  if (!view) throw new RangeError(`the variant's encode() gives no contents for buffer ${name}`);
  return view;
}
