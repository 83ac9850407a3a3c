import type { Card } from '../../../harness/card.js';
import type { Prepared } from '../../../harness/protocol.js';
import { chosenVariant } from '../../../kernels/choose.js';
import { kernelName, workloadId } from '../../../kernels/shape.js';
import { parseEntry, type Workload } from '../../suites/index.js';

/** As a run is: a driver compiles and an oracle computes. */
export const PREPARE_TIMEOUT_MS = 240_000;
export const CALL_TIMEOUT_MS = 120_000;

export interface Held {
  readonly handle: number;
  readonly workload: Workload;
  readonly variant: string;
  readonly prepared: Prepared;
}

export interface PrepareOptions {
  readonly handle: number;
  readonly seed: number;
  /** Of verification and warm-up, predicted. */
  readonly budgetMs: number;
  /** Input sets exceed this together. */
  readonly rotationBytes: number;
}

/**
 * Verifies and holds the first rung of a ladder, `big > small`, that runs on the card, with the variant that suits it.
 * @returns the reasons of the last rung where none runs
 * @throws {ProcessGone}
 */
export async function holdFirst(
  card: Card,
  entry: string,
  { handle, seed, budgetMs, rotationBytes }: PrepareOptions,
): Promise<Held | { refused: Prepared; workload: Workload }> {
  const has = (feature: string) => card.device.features.includes(feature);
  let refused: { refused: Prepared; workload: Workload } | null = null;
  for (const workload of parseEntry(entry)) {
    const { kernel, shape } = workload;
    const variant = chosenVariant(kernel, shape, has, card.limits);
    const prepared = await card.worker.call(
      'prepare',
      {
        ...{ handle, kernel: kernelName(kernel), shape: { ...shape }, implementation: `assay/${variant}`, tuning: {} },
        ...{ seeds: [seed, seed + 1], rotationBytes, maxInputSets: 16, budgetMs, pilotSlack: 4, minExecutions: 10 },
        warmup: { executions: 3, ms: 50 },
      },
      PREPARE_TIMEOUT_MS,
    );
    if (prepared.status === 'ready') return { handle, workload, variant, prepared };
    refused = { refused: prepared, workload };
    // A wrong result is no question of size.
    if (prepared.status === 'failed') break;
  }
  if (!refused) throw new Error(`the ladder "${entry}" has no rungs`);
  return refused;
}

export const nameOf = ({ workload }: { workload: Workload }): string => workloadId(workload.kernel, workload.shape);

/** @returns what is wrong with the output that is there now; empty when it is right */
export async function recheck(card: Card, held: readonly Held[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const one of held) {
    const { reasons } = await card.worker.call('recheck', { handle: one.handle }, CALL_TIMEOUT_MS);
    wrong.push(...reasons.map(({ detail }) => `${nameOf(one)}: ${detail}`));
  }
  return wrong;
}

/** Gives all back; a worker that is gone holds nothing. */
export async function releaseAll(card: Card, held: readonly Pick<Held, 'handle'>[]): Promise<void> {
  for (const { handle } of held) if (!card.worker.gone) await card.worker.call('release', { handle }, CALL_TIMEOUT_MS);
}
