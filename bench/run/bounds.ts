import type { Bound, Work } from '../../kernels/declaration.js';
import type { Measurement } from '../../reports/schema.js';
import type { Workload } from '../suites/index.js';

/** A ceiling's rate, in its own work unit per second, and the workload that measured it. */
export interface MeasuredRate {
  readonly of: string;
  readonly value: number;
}
export type RateOfKernel = (kernelId: string) => MeasuredRate | null;

/** Seconds that one execution takes at least by this bound; null when a ceiling that it needs was not measured. */
export function leastSeconds({ amounts }: Bound, rateOfKernel: RateOfKernel): number | null {
  let seconds = 0;
  for (const [kernel, amount] of Object.entries(amounts)) {
    const rate = rateOfKernel(kernel);
    if (amount === 0) continue;
    if (!rate || rate.value === 0) return null;
    seconds += amount / rate.value;
  }
  return seconds > 0 ? seconds : null;
}

/**
 * The tightest measured limit in the unit of the workload's rate, and the workload's place in the roofline
 * (Williams, Waterman, Patterson: Roofline, CACM 52(4), 2009).
 * @param rate work units per second that were reached
 */
export function standing(
  { kernel, shape }: Workload,
  rateOfKernel: RateOfKernel,
  rate: number,
): Pick<Measurement, 'ceiling' | 'roofline'> {
  const work = kernel.work(shape);
  const declared = kernel.bounds?.(shape) ?? [];
  let ceiling: Measurement['ceiling'] = null;
  for (const bound of declared) {
    const seconds = leastSeconds(bound, rateOfKernel);
    if (seconds === null) continue;
    const value = work.operations / seconds;
    if (!ceiling || value < ceiling.value) ceiling = { of: nameOf(bound, rateOfKernel), value, fraction: rate / value };
  }
  return { ceiling, roofline: rooflineOf(work, declared, rateOfKernel, rate) };
}

/** One ceiling by its workload; several by what they bound together. */
function nameOf({ id, amounts }: Bound, rateOfKernel: RateOfKernel): string {
  const used = Object.keys(amounts).filter((kernel) => amounts[kernel] !== 0);
  return used.length === 1 ? (rateOfKernel(used[0] as string)?.of ?? id) : `${id} bound`;
}

function rooflineOf(
  work: Work,
  declared: readonly Bound[],
  rateOfKernel: RateOfKernel,
  rate: number,
): Measurement['roofline'] {
  const arithmetic = declared.find((b): b is Bound & { kind: 'float' | 'integer' } => b.kind !== 'memory');
  if (!arithmetic) return null;
  const memory = declared.find((b) => b.kind === 'memory');
  const operations = total(arithmetic);
  const bytes = memory ? total(memory) : work.bytes;
  return {
    ...{ kind: arithmetic.kind, operations, bytes, operationsPerByte: bytes > 0 ? operations / bytes : null },
    rate: (rate * operations) / work.operations,
    compute: roof(arithmetic, rateOfKernel),
    memory: memory ? roof(memory, rateOfKernel) : null,
  };
}

const total = ({ amounts }: Bound) => Object.values(amounts).reduce((sum, n) => sum + n, 0);

function roof(bound: Bound, rateOfKernel: RateOfKernel): { of: string[]; value: number } | null {
  const seconds = leastSeconds(bound, rateOfKernel);
  if (seconds === null) return null;
  const of = Object.keys(bound.amounts).flatMap((kernel) => rateOfKernel(kernel)?.of ?? []);
  return { of, value: total(bound) / seconds };
}
