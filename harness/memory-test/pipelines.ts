import { type Operation, program } from '../../kernels/memory-test/programs.js';
import type { PatternKind } from '../../kernels/memory-test/reference.js';
import { assemble, compile } from '../program.js';

/** The memory test's pipelines, compiled when they are first wanted. */
export class MemoryPipelines {
  readonly #device: GPUDevice;
  readonly #each: number;
  readonly #compiled = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice, each: number) {
    this.#device = device;
    this.#each = each;
  }

  /** @throws {ShaderError} */
  get(operation: Operation, pattern: PatternKind): Promise<GPUComputePipeline> {
    const one = program(operation, pattern, this.#each);
    const key = [one.wgsl, ...(one.modules ?? [])].join();
    let pipeline = this.#compiled.get(key);
    if (!pipeline) {
      pipeline = compile(this.#device, assemble({ ...one, bindings: [], workgroups: [1, 1, 1] }));
      this.#compiled.set(key, pipeline);
    }
    return pipeline;
  }
}
