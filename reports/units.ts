import type { Comparison, Rate } from './schema.js';

/** A space that keeps a number and its unit on one line. */
const NBSP = '\u00a0';

const prefixes: readonly (readonly [number, string])[] = [
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
];

const rateUnits: Readonly<Record<string, string>> = {
  'hash/s': 'H/s',
  'flop/s': 'FLOP/s',
  'iop/s': 'IOP/s',
  'byte/s': 'B/s',
  'token/s': 'tok/s',
};

/** `H/s`, `FLOP/s`, `IOP/s`, `B/s` for the rates that workloads have; another unit stays as it is. */
export function rateUnit(unit: string): string {
  return rateUnits[unit] ?? unit;
}

/**
 * Three significant digits with an SI prefix from k to P: `4.61 MH/s`, `512 B/s`. Powers of 1000, also
 * for bytes. Values under 1 keep the bare unit.
 */
export function formatSi(value: number, unit: string): string {
  // 999.7 k would round to 1000 k: the prefix is chosen by the rounded value.
  const rounded = Number(value.toPrecision(3));
  const [scale, name] = siScale(rounded, unit);
  return `${threeDigits(rounded / scale)}${NBSP}${name}`;
}

/** The prefix that suits a value: what to divide by, and the unit with the prefix before it. */
export function siScale(value: number, unit: string): readonly [scale: number, unit: string] {
  const [scale, prefix] = prefixes.find(([size]) => Math.abs(value) >= size) ?? [1, ''];
  return [scale, prefix + unit];
}

/** `4.61 MH/s`. */
export function formatRate(rate: Pick<Rate, 'value' | 'unit'>): string {
  return formatSi(rate.value, rateUnit(rate.unit));
}

/** Half the interval in percent of the value: `± 0.8 %`; two digits are more than it is good for. */
export function formatInterval(rate: Pick<Rate, 'value' | 'low' | 'high'>): string {
  if (rate.value === 0) return `±${NBSP}0${NBSP}%`;
  // One round has no interval, which is not the same as a narrow one.
  if (rate.low === rate.high) return `±${NBSP}?`;
  const half = (rate.high - rate.low) / 2 / rate.value;
  // An interval so wide is far from symmetric, and a percentage would only look exact.
  return half > 1 ? `±${NBSP}over${NBSP}100${NBSP}%` : `±${NBSP}${formatPercent(half)}`;
}

/** A fraction as percent: under 10 with one decimal, above without. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  return `${Math.abs(percent) < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}${NBSP}%`;
}

/** `0.066×`, `1.74×`, `14.2×`, `183×`. */
export function formatRatio(ratio: number): string {
  return `${ratio >= 1000 ? formatSi(ratio, '').trim() : threeDigits(ratio)}×`;
}

/**
 * A ratio of rates and its verdict: `1.74× faster`, `14.2× slower` (the reciprocal), `same (1.00×)`,
 * `1.02×, ambiguous`.
 */
export function formatComparison(
  comparison: Pick<Comparison, 'ratio' | 'verdict'> & Partial<Pick<Comparison, 'low' | 'high'>>,
): string {
  const { ratio, verdict, low = ratio, high = ratio } = comparison;
  // A ratio that nobody knows to within a factor of two is not to be quoted as one number.
  const vague = high > 2 * low;
  switch (verdict) {
    case 'faster':
      return vague ? `${formatRatio(low)} to ${formatRatio(high)} faster` : `${formatRatio(ratio)} faster`;
    case 'slower':
      return vague ? `${formatRatio(1 / high)} to ${formatRatio(1 / low)} slower` : `${formatRatio(1 / ratio)} slower`;
    case 'same':
      return `same (${formatRatio(ratio)})`;
    case 'ambiguous':
      return `${formatRatio(ratio)}, ambiguous`;
  }
}

/** What a rate is of its peer's: `5.72×` above, `8.4 % of` below. A noun follows: the peer. */
export function formatShare(ratio: number): string {
  return ratio >= 1 ? formatRatio(ratio) : `${formatPercent(ratio)} of`;
}

const spokenScales: readonly (readonly [number, string])[] = [
  [1e15, ' quadrillion'],
  [1e12, ' trillion'],
  [1e9, ' billion'],
  [1e6, ' million'],
  [1e3, ' thousand'],
  [1, ''],
];

const spokenUnits: Readonly<Record<string, string>> = {
  'hash/s': 'hashes per second',
  'flop/s': 'operations per second',
  'iop/s': 'integer operations per second',
  'byte/s': 'bytes per second',
  'token/s': 'tokens per second',
};

/** A rate as a person says it: `4.61 million hashes per second`. */
export function spokenRate({ value, unit }: Pick<Rate, 'value' | 'unit'>): string {
  const rounded = Number(value.toPrecision(3));
  const [scale, word] = spokenScales.find(([size]) => rounded >= size) ?? [1, ''];
  return `${threeDigits(rounded / scale)}${word} ${spokenUnits[unit] ?? unit}`;
}

const timeUnits: readonly (readonly [number, string])[] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];

/** Nanoseconds as `1.50 s`, `2.31 ms`, `820 ns`; from 100 seconds on in minutes. */
export function formatNs(ns: number): string {
  if (ns >= 100e9) return formatDuration(ns / 1e6);
  const rounded = Number(ns.toPrecision(3));
  const [scale, unit] = timeUnits.find(([size]) => rounded >= size) ?? [1, 'ns'];
  return `${threeDigits(rounded / scale)}${NBSP}${unit}`;
}

/** Milliseconds as a person says them: `42 s`, `3 min 05 s`, `1 h 12 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  if (seconds < 100) return `${seconds}${NBSP}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min ${two(seconds % 60)}${NBSP}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}${NBSP}h ${two(minutes % 60)}${NBSP}min`;
}

const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size of memory in powers of 1024: `24 GiB`, `128 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < binaryUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(1))}${NBSP}${binaryUnits[unit]}`;
}

/** Three significant digits without an exponent. */
function threeDigits(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 9));
}
