import type { Dispatch, Plan } from '../kernels/declaration.js';
import { assemble, compile, type Program } from './program.js';

export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  /** Milliseconds from source to pipeline, when it was first compiled. */
  readonly compileMs: number;
}

/** The pipelines of a plan, in the order of its dispatches. */
export interface CompiledPlan {
  readonly setup: readonly Compiled[];
  readonly dispatches: readonly Compiled[];
}

/** Compiled pipelines by their WGSL; one device, so one cache. */
export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #pipelines = new Map<string, Promise<Compiled>>();
  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** @throws {ShaderError} */
  async compile(plan: Plan): Promise<CompiledPlan> {
    const all = (dispatches: readonly Dispatch[]) => Promise.all(dispatches.map((d) => this.#one(d)));
    const [setup, dispatches] = await Promise.all([all(plan.setup ?? []), all(plan.dispatches)]);
    return { setup, dispatches };
  }

  #one(dispatch: Dispatch): Promise<Compiled> {
    const program = assemble(dispatch);
    const key = `${program.entryPoint}\n${program.code}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = this.#timed(program);
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  async #timed(program: Program): Promise<Compiled> {
    const start = performance.now();
    const pipeline = await compile(this.#device, program);
    return { pipeline, compileMs: performance.now() - start };
  }
}

/** Milliseconds to compile what a plan executes and what sets it up, each pipeline counted once. */
export function compileMsOf({ setup, dispatches }: CompiledPlan): number {
  return [...new Set([...setup, ...dispatches])].reduce((sum, p) => sum + p.compileMs, 0);
}
