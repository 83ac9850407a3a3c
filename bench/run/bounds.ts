import type { Amounts, Bound, Work } from '../../kernels/declaration.js';
import type { Measurement } from '../../reports/schema.js';
import type { Workload } from '../suites/index.js';

/** A ceiling's rate, in its own work unit per second, and the workload that measured it. */
export interface MeasuredRate {
  readonly of: string;
  readonly value: number;
}
export type RateOfKernel = (kernelId: string) => MeasuredRate | null;

/**
 * The fastest way to do a bound's work by what was measured, and the seconds it takes at least; null when none was.
 * @param took seconds that the kernel took: where they are fewer, the mixture bounds it if it is faster
 */
function fastestWay(
  { ways, mixture }: Bound,
  rateOfKernel: RateOfKernel,
  took: number,
): { amounts: Amounts; seconds: number } | null {
  const fastest = fastestOf(ways, rateOfKernel);
  if (!mixture || !fastest || fastest.seconds <= took) return fastest;
  return fastestOf([fastest.amounts, mixture], rateOfKernel);
}

function fastestOf(ways: readonly Amounts[], rateOfKernel: RateOfKernel): { amounts: Amounts; seconds: number } | null {
  let fastest: { amounts: Amounts; seconds: number } | null = null;
  for (const amounts of ways) {
    const seconds = secondsOf(amounts, rateOfKernel);
    if (seconds !== null && seconds < (fastest?.seconds ?? Number.POSITIVE_INFINITY)) fastest = { amounts, seconds };
  }
  return fastest;
}

function secondsOf(amounts: Amounts, rateOfKernel: RateOfKernel): number | null {
  let seconds = 0;
  for (const [kernel, amount] of used(amounts)) {
    const rate = rateOfKernel(kernel);
    if (!rate || rate.value === 0) return null;
    seconds += amount / rate.value;
  }
  return seconds > 0 ? seconds : null;
}

const used = (amounts: Amounts) => Object.entries(amounts).filter(([, amount]) => amount > 0);

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
  const took = work.operations / rate;
  let ceiling: Measurement['ceiling'] = null;
  for (const bound of declared) {
    const way = fastestWay(bound, rateOfKernel, took);
    if (!way) continue;
    const value = work.operations / way.seconds;
    if (!ceiling || value < ceiling.value)
      ceiling = { of: nameOf(bound, way.amounts, rateOfKernel), value, fraction: rate / value };
  }
  return { ceiling, roofline: rooflineOf(work, declared, rateOfKernel, rate, took) };
}

/** One ceiling by its workload; several by what they bound together. */
function nameOf({ id }: Bound, amounts: Amounts, rateOfKernel: RateOfKernel): string {
  const [only, ...others] = used(amounts);
  return only && others.length === 0 ? (rateOfKernel(only[0])?.of ?? id) : `${id} bound`;
}

function rooflineOf(
  work: Work,
  declared: readonly Bound[],
  rateOfKernel: RateOfKernel,
  rate: number,
  took: number,
): Measurement['roofline'] {
  const arithmetic = declared.find((b): b is Bound & { kind: 'float' | 'integer' } => b.kind !== 'memory');
  if (!arithmetic) return null;
  const memory = declared.find((b) => b.kind === 'memory');
  const operations = total(arithmetic);
  const bytes = memory ? total(memory) : work.bytes;
  return {
    ...{ kind: arithmetic.kind, operations, bytes, operationsPerByte: bytes > 0 ? operations / bytes : null },
    rate: (rate * operations) / work.operations,
    compute: roof(arithmetic, rateOfKernel, took),
    memory: memory ? roof(memory, rateOfKernel, took) : null,
  };
}

const total = ({ ways: [first] }: Bound) => Object.values(first).reduce((sum, n) => sum + n, 0);

function roof(bound: Bound, rateOfKernel: RateOfKernel, took: number): { of: string[]; value: number } | null {
  const way = fastestWay(bound, rateOfKernel, took);
  if (!way) return null;
  const of = used(way.amounts).flatMap(([kernel]) => rateOfKernel(kernel)?.of ?? []);
  return { of, value: total(bound) / way.seconds };
}
