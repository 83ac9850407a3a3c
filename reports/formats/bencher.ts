import type { Exporter } from './exporter.js';
import { hasInterval, namedMeasurements, trackedMeasurements } from './naming.js';

/** A benchmark's name (bencher.dev, "Bencher Metric Format": "max length 1024 characters"; its code counts bytes). */
const MAX_NAME_BYTES = 1024;
/** A measure's slug, likewise. */
const MAX_SLUG = 64;
/** Bencher takes this off a name and gives no alert for it (`BenchmarkName::to_strip_ignore`), in three spellings. */
const SILENCER = /(-bencher-ignore|_bencher_ignore|BencherIgnore)$/;

interface Metric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/**
 * Bencher Metric Format, for `bencher run --adapter json`. Measures of each benchmark: Bencher's own `latency`
 * (nanoseconds for one execution), work per second by its unit (`hash-per-second`: Bencher's `throughput` would put
 * hashes, bytes and flops into one), `compile-ms` for ours, and `unreliable`, 1 or 0, because the format has no other
 * place for the status that goes with every figure. Bounds are the 95 % interval. What device it was is for Bencher's
 * `--testbed` to say.
 */
export const bencherExporter: Exporter = {
  name: 'bencher',
  extension: 'json',
  render: (result) => {
    const named = namedMeasurements(trackedMeasurements(result), MAX_NAME_BYTES - 1);
    const benchmarks = named.map(({ name, measurement: { rate, summary, compileMs, status } }) => {
      const measures: [string, Metric][] = [
        ...(summary
          ? [['latency', metric(summary.medianNs, summary.lowNs, summary.highNs)] satisfies [string, Metric]]
          : []),
        [rateSlug(rate.unit), metric(rate.value, rate.low, rate.high)],
        ...(compileMs !== null ? [['compile-ms', { value: compileMs }] satisfies [string, Metric]] : []),
        ['unreliable', { value: status === 'unreliable' ? 1 : 0 }],
      ];
      return [SILENCER.test(name) ? `${name}.` : name, Object.fromEntries(measures)] as const;
    });
    return `${JSON.stringify(Object.fromEntries(benchmarks), null, 2)}\n`;
  },
};

const metric = (value: number, low: number, high: number): Metric =>
  hasInterval({ low, high }) ? { value, lower_value: low, upper_value: high } : { value };

/** `hash/s` → `hash-per-second`: lower-case letters and digits, parted by single hyphens. */
function rateSlug(unit: string): string {
  const slug = unit
    .replace(/\/s$/, ' per second')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replace(/^-+|-+$/g, '');
  // A unit of other letters leaves nothing; what it leaves must not be one of the measures above.
  return slug === '' || ['latency', 'compile-ms', 'unreliable'].includes(slug) ? 'rate' : slug;
}
