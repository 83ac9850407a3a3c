import type { Measurement, Result } from '../../reports/schema.js';
import { normal, seeded } from '../statistics/random.js';
import { hardwareResult } from './sample.js';

export interface HistoryPlan {
  readonly runs: number;
  /** What of a run, counted from 0, is not as in the first one: its rates' factor and whatever `change` does to it. */
  readonly factor?: (run: number) => number;
  readonly change?: (result: Result, run: number) => void;
  readonly base?: () => Result;
  readonly seed?: number;
}

/** `20261001T120000Z-ci-0003` for the fourth run, one a day from the first of October on. */
export const runId = (run: number): string => `202610${String(run + 1).padStart(2, '0')}T120000Z-ci-0000`;

/** Daily runs of one variant, 0.5 % apart at random, as files would hold them. */
export function dailyResults({ runs, factor = () => 1, change, base = hardwareResult, seed = 61 }: HistoryPlan) {
  const random = seeded(seed);
  return Array.from({ length: runs }, (_, run) => {
    const result = base();
    const startedAt = new Date(Date.UTC(2026, 9, run + 1, 12)).toISOString();
    const model = result.measurements.find(({ implementation }) => implementation === 'assay/tiled') as Measurement;
    const by = factor(run) * Math.exp(0.005 * normal(random));
    Object.assign(result, { id: runId(run), startedAt, finishedAt: startedAt });
    result.measurements = [rated(model, by)];
    change?.(result, run);
    return { file: `results/${result.id}.json`, result };
  });
}

/** The same measurement, so many times as fast. */
export function rated(m: Measurement, by: number): Measurement {
  const rate = m.rate && { ...m.rate, value: m.rate.value * by, low: m.rate.low * by, high: m.rate.high * by };
  return { ...m, rate };
}

/** Spoils a measurement as a run that found it wrong leaves it. */
export const failed = (m: Measurement): Measurement => ({
  ...{ ...m, rate: null, summary: null, versusBaseline: null, status: 'failed' },
  correctness: { ...m.correctness, status: 'incorrect' },
  reasons: [{ code: 'wrong-result', detail: 'element 3' }],
});
