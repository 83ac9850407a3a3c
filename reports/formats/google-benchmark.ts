import type { RatedMeasurement } from '../groups.js';
import { statusText } from '../reasons.js';
import type { Result } from '../schema.js';
import { cleanRounds, meanValue, median, sampleDeviation } from '../statistics/index.js';
import type { Exporter } from './exporter.js';
import { type Named, namedMeasurements, oneLine, trackedMeasurements } from './naming.js';

/**
 * The JSON of google/benchmark (src/json_reporter.cc), for its tools/compare.py, for Bencher's adapter `cpp_google` and
 * for github-action-benchmark's `googlecpp`. One `iteration` row for each round that counts: its rounds are repetitions,
 * which is what compare.py's U test takes. Then the aggregates, from the second round on, as that library has them.
 *
 * `real_time` is the round's median on the measurement's own clock, `cpu_time` its median on the host's, submission to
 * completion: no process's CPU time is measured. Failed and skipped measurements have no row, since every reader takes
 * a row's time for a time. Of the context, what the result does not know is left out: the processors' frequency.
 */
export const googleBenchmarkExporter: Exporter = {
  name: 'google-benchmark',
  extension: 'json',
  render: (result) => {
    const benchmarks = namedMeasurements(trackedMeasurements(result)).flatMap(rows);
    return `${JSON.stringify({ context: context(result), benchmarks }, null, 2)}\n`;
  },
};

function context({ startedAt, host, device, tool, suite }: Result): Record<string, unknown> {
  const processors = /^(\d+) × /.exec(host.cpu)?.[1];
  return {
    date: startedAt,
    // A result names no host; this is what its figures are of.
    host_name: oneLine(device.name),
    executable: oneLine(`${tool.name} ${tool.version}`),
    ...(processors !== undefined && { num_cpus: Number(processors) }),
    // Bencher knows the format by this field.
    caches: [],
    library_build_type: 'release',
    ...{ suite: oneLine(suite), cpu: oneLine(host.cpu), driver: oneLine(device.driver ?? 'unknown') },
    ...{ backend: oneLine(device.backend), software_adapter: String(device.software) },
  };
}

interface Times {
  readonly real: number;
  readonly cpu: number;
}

function rows({ name, measurement: m }: Named<RatedMeasurement>, family: number): Record<string, unknown>[] {
  const rounds = cleanRounds(m.rounds);
  const common = { family_index: family, per_family_instance_index: 0, run_name: name };
  const label = oneLine(statusText(m));
  const perSecond = m.rate.unit === 'byte/s' ? 'bytes_per_second' : 'items_per_second';
  const times = rounds.map(({ samplesNs, hostSamplesNs }): Times => {
    const real = median(samplesNs);
    return { real, cpu: hostSamplesNs.length > 0 ? median(hostSamplesNs) : real };
  });
  const iterations = rounds.map((round, index) => {
    const { real, cpu } = times[index] as Times;
    return {
      ...{ name, ...common, run_type: 'iteration', repetitions: rounds.length, repetition_index: index, threads: 1 },
      ...{ iterations: round.samplesNs.length * Math.max(1, m.batch), real_time: real, cpu_time: cpu, time_unit: 'ns' },
      ...(real > 0 && { [perSecond]: (m.work.operations * 1e9) / real }),
      label,
    };
  });
  if (rounds.length < 2) return iterations;
  const aggregates = AGGREGATES.map(([aggregate, unit, of]) => ({
    ...{ name: `${name}_${aggregate}`, ...common, run_type: 'aggregate', repetitions: rounds.length, threads: 1 },
    ...{ aggregate_name: aggregate, aggregate_unit: unit, iterations: rounds.length },
    ...{ real_time: of(times.map(({ real }) => real)), cpu_time: of(times.map(({ cpu }) => cpu)), time_unit: 'ns' },
    label,
  }));
  return [...iterations, ...aggregates];
}

/** docs/user_guide.md, "Reporting Statistics": the four that come by default, in this order. */
const AGGREGATES: readonly (readonly [string, 'time' | 'percentage', (values: readonly number[]) => number])[] = [
  ['mean', 'time', meanValue],
  ['median', 'time', median],
  ['stddev', 'time', sampleDeviation],
  ['cv', 'percentage', (values) => (meanValue(values) > 0 ? sampleDeviation(values) / meanValue(values) : 0)],
];
