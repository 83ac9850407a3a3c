import type { PrepareParams } from '../../harness/protocol.js';
import type { Tuning } from '../../kernels/declaration.js';
import { kernelName } from '../../kernels/shape.js';
import type { Workload } from '../suites/index.js';
import { EXECUTIONS_BEFORE_ROUNDS, type Pace } from './settings.js';

export interface PrepareSettings {
  readonly seed: number;
  /** Rounds that are wanted at least, for the prediction whether there is time for them. */
  readonly rounds: number;
  readonly pace: Pace;
}

/** How a workload is verified and warmed up, whether for a run or for tuning. */
export function prepareParams(
  workload: Workload,
  implementation: string,
  tuning: Tuning,
  handle: number,
  { seed, rounds, pace }: PrepareSettings,
): PrepareParams {
  return {
    ...{
      handle,
      kernel: kernelName(workload.kernel),
      shape: { ...workload.shape },
      implementation,
      tuning: { ...tuning },
    },
    ...{ seeds: [seed, seed + 1] as [number, number], rotationBytes: pace.rotationBytes },
    ...{ maxInputSets: pace.maxInputSets, budgetMs: pace.budgetMs, pilotSlack: pace.pilotSlack },
    warmup: { ...pace.warmup },
    minExecutions: EXECUTIONS_BEFORE_ROUNDS + pace.warmup.executions + rounds,
  };
}
