import type { Rate, Summary } from '../schema.js';

const NS_PER_SECOND = 1e9;

/**
 * Work per second from the time of one execution: operations · 10⁹ / ns, with the interval's ends
 * swapped because more time is less rate.
 *
 * @param work operations of one execution and what they are, e.g. `{ operations: 2 ** 28, unit: 'flop' }`
 * @returns the rate in `<unit>/s`; null when the clock read zero, for then no rate can be told
 */
export function rateOf(
  work: { readonly operations: number; readonly unit: string },
  summary: Pick<Summary, 'medianNs' | 'lowNs' | 'highNs'>,
): Rate | null {
  const perSecond = (ns: number) => (work.operations * NS_PER_SECOND) / ns;
  const rate = {
    value: perSecond(summary.medianNs),
    unit: `${work.unit}/s`,
    low: perSecond(summary.highNs),
    high: perSecond(summary.lowNs),
  };
  return [rate.value, rate.low, rate.high].every(Number.isFinite) ? rate : null;
}
