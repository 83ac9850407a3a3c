import { fmaF32 } from '../kernels/fma-f32/kernel.js';
import type { Clock } from './clock.js';
import { Execution } from './execution.js';
import { checkedPlan, effectiveTuning } from './limits.js';
import type { PipelineCache } from './pipelines.js';
import type { ResidentCache } from './residents.js';

/** Long enough to outlast the clock's step by far, short beside a round. */
const LEAST_NS = 2e6;
const MOST_EXECUTIONS = 1024;
/** Small: it is to tell the clock, and neither to fill the card nor to heat it. */
const SHAPE = { invocations: 16384, iterations: 64 };

interface Home {
  readonly gpu: GPUDevice;
  readonly limits: Parameters<typeof checkedPlan>[4];
  readonly clock: Clock;
  readonly pipelines: PipelineCache;
  readonly residents: ResidentCache;
}

/**
 * The same short arithmetic again and again, beside whatever is measured: multiply-adds in registers take as long as
 * the clock says, so when they take longer than a while ago the clock is lower, or somebody else computes too. What
 * they compute is judged where they are measured as a workload; here only their time is of interest.
 */
export class Sentinel {
  readonly #clock: Clock;
  readonly #execution: Execution;
  readonly #count: number;

  private constructor(clock: Clock, execution: Execution, count: number) {
    this.#clock = clock;
    this.#execution = execution;
    this.#count = count;
  }

  static async create({ gpu, limits, clock, pipelines, residents }: Home): Promise<Sentinel> {
    const [variant] = fmaF32.variants;
    if (!variant) throw new Error('fma-f32 has no variant');
    const tuning = effectiveTuning(variant, {});
    const plan = checkedPlan(fmaF32, variant, SHAPE, tuning, limits);
    const execution = await Execution.create(gpu, plan, await pipelines.compile(plan), residents);
    await execution.addSet(variant.encode(SHAPE, tuning, fmaF32.input(SHAPE, 1)), Number.POSITIVE_INFINITY);
    let count = 1;
    for (;;) {
      const { gpuNs, hostNs } = await clock.sample(execution, count);
      if ((gpuNs ?? hostNs) >= LEAST_NS || count >= MOST_EXECUTIONS) break;
      count *= 2;
    }
    return new Sentinel(clock, execution, count);
  }

  /** @returns nanoseconds, on the GPU's clock where there is one; null when its stamps were unusable */
  async time(): Promise<number | null> {
    const { gpuNs, hostNs } = await this.#clock.sample(this.#execution, this.#count);
    return this.#clock.kind === 'gpu' ? gpuNs : hostNs;
  }

  release(): void {
    this.#execution.release();
  }
}
