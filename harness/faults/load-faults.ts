import { randomWords } from '../../kernels/random.js';

/** Faults that slow a card down while it is loaded. */
export const LOAD_FAULTS = ['slow-decay', 'sudden-throttle'] as const;
export type LoadFaultName = (typeof LOAD_FAULTS)[number];

/** What a card does besides what it is asked for, which is how it gets slow. */
export interface LoadFault {
  /** What was put in, for the report. */
  readonly detail: string;
  /**
   * Executions besides each one that is asked for.
   * @param share of the loaded time that is over, 0 at its beginning and 1 at its end
   */
  burden(share: number): number;
}

/**
 * What is left of the rate, in the worst case and the mildest: far less than neighbours leave a software adapter. A decay
 * goes further, for part of it is gone before there is anything to compare.
 */
const LEFT = { 'slow-decay': { least: 0.06, most: 0.1 }, 'sudden-throttle': { least: 0.12, most: 0.2 } };
/** When a sudden fault sets in, as shares of the loaded time: there is something to compare on both sides. */
const MOMENT = { least: 0.4, most: 0.7 };

export function loadFault(name: LoadFaultName, seed: number): LoadFault {
  const next = randomWords(seed);
  const between = ({ least, most }: { least: number; most: number }) => least + (next() / 2 ** 32) * (most - least);
  const left = between(LEFT[name]);
  const most = 1 / left - 1;
  const percent = `${(100 * left).toFixed(0)} %`;
  if (name === 'slow-decay')
    return {
      detail: `the rate sinks steadily to ${percent}`,
      // By the same part in every second.
      burden: (share) => left ** -Math.min(1, Math.max(0, share)) - 1,
    };
  const moment = between(MOMENT);
  return {
    detail: `after ${(100 * moment).toFixed(0)} % of the time the rate falls to ${percent}`,
    burden: (share) => (share < moment ? 0 : most),
  };
}
