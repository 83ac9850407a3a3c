import type { BufferContents, BufferReadback, Plan } from '../kernels/declaration.js';
import { allocate, type DeviceBuffer, poison, readback, upload } from './buffers.js';
import { assemble, compile, type Program } from './program.js';
import { guarded } from './submit.js';
import { restfully } from './wait.js';

/** A kernel changed what it may only read. */
export class InputChangedError extends Error {
  override name = 'InputChangedError';
}

/** Compiled pipelines by their WGSL; one device, so one cache. */
export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #pipelines = new Map<string, Promise<Compiled>>();
  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** One pipeline per dispatch, in order. @throws {ShaderError} */
  async compile(plan: Plan): Promise<Compiled[]> {
    return Promise.all(
      plan.dispatches.map((dispatch) => {
        const program = assemble(dispatch);
        const key = `${program.entryPoint}\n${program.code}`;
        let pipeline = this.#pipelines.get(key);
        if (!pipeline) {
          pipeline = this.#timed(program);
          this.#pipelines.set(key, pipeline);
        }
        return pipeline;
      }),
    );
  }

  async #timed(program: Program): Promise<Compiled> {
    const start = performance.now();
    const pipeline = await compile(this.#device, program);
    return { pipeline, compileMs: performance.now() - start };
  }
}

export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  /** Milliseconds from source to pipeline, when it was first compiled. */
  readonly compileMs: number;
}

interface InputSet {
  buffers: DeviceBuffer[];
  groups: GPUBindGroup[];
  contents: BufferContents;
}

const isResident = (role: string) => role === 'input' || role === 'uniform';

/**
 * A plan on a device: pipelines, one set of outputs and scratch, and any number of input sets that
 * executions rotate through, so that a repeat does not find its input in the cache.
 */
export class Execution {
  readonly plan: Plan;
  readonly #device: GPUDevice;
  readonly #pipelines: readonly Compiled[];
  readonly #own: readonly DeviceBuffer[];
  readonly #sets: InputSet[] = [];
  #next = 0;
  #last = 0;

  private constructor(device: GPUDevice, plan: Plan, pipelines: readonly Compiled[], own: DeviceBuffer[]) {
    this.#device = device;
    this.plan = plan;
    this.#pipelines = pipelines;
    this.#own = own;
  }

  /** @throws {OutOfMemoryError} with nothing left allocated */
  static async create(device: GPUDevice, plan: Plan, pipelines: readonly Compiled[]): Promise<Execution> {
    const own: DeviceBuffer[] = [];
    const execution = new Execution(device, plan, pipelines, own);
    try {
      for (const buffer of plan.buffers) if (!isResident(buffer.role)) own.push(await allocate(device, buffer));
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

  /** Adds an input set, resident on the device. @throws {OutOfMemoryError} */
  async addSet(contents: BufferContents): Promise<void> {
    const buffers: DeviceBuffer[] = [];
    try {
      for (const plan of this.plan.buffers)
        if (isResident(plan.role)) {
          const buffer = await allocate(this.#device, plan);
          buffers.push(buffer);
          await upload(this.#device, buffer, contentsOf(contents, plan.name));
        }
      const groups = await guarded(this.#device, 'binding', () => this.#bind(buffers));
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
    for (const buffer of set.buffers) await upload(this.#device, buffer, contentsOf(contents, buffer.plan.name));
  }

  /** @param what `outputs` leaves scratch as it is, which a kernel may use to tell a first run from a later one */
  async poison(what: 'outputs' | 'everything'): Promise<void> {
    for (const buffer of this.#own)
      if (what === 'everything' || buffer.plan.role !== 'scratch') await poison(this.#device, buffer);
  }

  /**
   * Encodes `count` executions over rotating sets as compute passes, counters zeroed before each.
   * @param stamps timestamps at the begin of the first pass and the end of the last
   */
  encode(
    encoder: GPUCommandEncoder,
    count: number,
    stamps?: { querySet: GPUQuerySet; begin: number; end: number },
  ): void {
    const counters = this.#own.filter(({ plan }) => plan.role === 'counter');
    // A buffer cannot be cleared inside a pass: without counters one pass holds the whole batch.
    const passes = counters.length > 0 ? count : 1;
    for (let p = 0; p < passes; p++) {
      for (const { gpu, plan } of counters) encoder.clearBuffer(gpu, 0, plan.byteLength);
      const timestampWrites = stamps && {
        querySet: stamps.querySet,
        ...(p === 0 ? { beginningOfPassWriteIndex: stamps.begin } : {}),
        ...(p === passes - 1 ? { endOfPassWriteIndex: stamps.end } : {}),
      };
      const stamped = timestampWrites && (p === 0 || p === passes - 1);
      const pass = encoder.beginComputePass(stamped ? { timestampWrites } : {});
      for (let i = 0; i < count / passes; i++) this.#dispatch(pass);
      pass.end();
    }
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
    return readback(this.#device, this.#own);
  }

  /** @throws {InputChangedError | GuardError} when the inputs of any set are no longer what was uploaded */
  async checkInputs(): Promise<void> {
    for (const { buffers, contents } of this.#sets) {
      const now = await readback(this.#device, buffers);
      for (const { plan } of buffers) {
        const want = contentsOf(contents, plan.name);
        const bytes = Buffer.from(want.buffer, want.byteOffset, want.byteLength);
        if (!bytes.equals(now[plan.name] as Uint8Array))
          throw new InputChangedError(`input ${plan.name} was changed by the kernel`);
      }
    }
  }

  release(): void {
    for (const { gpu } of this.#own) gpu.destroy();
    for (const { buffers } of this.#sets) for (const { gpu } of buffers) gpu.destroy();
    this.#sets.length = 0;
  }

  #dispatch(pass: GPUComputePassEncoder): void {
    const set = this.#sets[this.#next % this.#sets.length] as InputSet;
    this.#last = this.#next % this.#sets.length;
    this.#next = this.#last + 1;
    this.plan.dispatches.forEach((dispatch, i) => {
      pass.setPipeline((this.#pipelines[i] as Compiled).pipeline);
      pass.setBindGroup(0, set.groups[i] as GPUBindGroup);
      pass.dispatchWorkgroups(...dispatch.workgroups);
    });
  }

  #bind(inputs: readonly DeviceBuffer[]): GPUBindGroup[] {
    const buffers = new Map([...this.#own, ...inputs].map((b) => [b.plan.name, b.gpu]));
    return this.plan.dispatches.map((dispatch, i) =>
      this.#device.createBindGroup({
        layout: (this.#pipelines[i] as Compiled).pipeline.getBindGroupLayout(0),
        entries: dispatch.bindings.map((name, binding) => ({
          binding,
          resource: { buffer: buffers.get(name) as GPUBuffer },
        })),
      }),
    );
  }
}

function contentsOf(contents: BufferContents, name: string): ArrayBufferView {
  const view = contents[name];
  if (!view) throw new RangeError(`the variant's encode() gives no contents for buffer ${name}`);
  return view;
}
