import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bencherExporter } from '../../reports/formats/bencher.js';
import { biggerIsBetterExporter, smallerIsBetterExporter } from '../../reports/formats/github-action-benchmark.js';
import { googleBenchmarkExporter } from '../../reports/formats/google-benchmark.js';
import { namedMeasurements, trackedMeasurements } from '../../reports/formats/naming.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { quantile } from '../../reports/statistics/index.js';
import { hostileResult, longResult } from './hostile.js';
import { sampleResult } from './sample.js';

const tracked = (result: Result) => trackedMeasurements(result);
const name = (m: Measurement) => `${m.workload} ${m.implementation}`;
/** With another program's figure, which no history may hold. */
function withUnverified(): Result {
  const result = sampleResult();
  const model = result.measurements.find((m) => m.implementation === 'node-crypto/cpu') as Measurement;
  const reasons = [{ code: 'not-verified' as const, detail: '' }];
  result.measurements.push({ ...model, implementation: 'external/mine', status: 'unreliable', reasons });
  return result;
}
/** A result with one round everywhere. */
function oneRound(): Result {
  const result = sampleResult();
  for (const m of result.measurements) {
    m.rounds = m.rounds.slice(0, 1);
    if (m.rate) m.rate = { ...m.rate, low: m.rate.value, high: m.rate.value };
    if (m.summary) m.summary = { ...m.summary, lowNs: m.summary.medianNs, highNs: m.summary.medianNs };
  }
  return result;
}

describe('what is kept of a result by those who compare', () => {
  test('neither failed nor skipped nor unverified', () => {
    expect(tracked(withUnverified()).map(({ status }) => status)).not.toContain('failed');
    expect(tracked(withUnverified()).map(name)).toEqual(tracked(sampleResult()).map(name));
    expect(tracked(sampleResult())).toHaveLength(13);
  });

  test('no two names are the same, also where a limit cuts them, and none is over it', () => {
    const long = (implementation: string) => ({ workload: 'é'.repeat(50), implementation });
    const names = namedMeasurements([long('a'), long('b'), long('b'), long('c')], 40).map((n) => n.name);
    expect(new Set(names).size).toBe(4);
    for (const n of names) expect(Buffer.byteLength(n)).toBeLessThanOrEqual(40);
    expect(names[1]).toBe(`${'é'.repeat(18)} #2`);
    expect(namedMeasurements([long('a\u0001'), long('a\u0002')]).map((n) => n.name)).toEqual([
      `${'é'.repeat(50)} a\ufffd`,
      `${'é'.repeat(50)} a\ufffd #2`,
    ]);
  });
});

/**
 * benchmark-action/github-action-benchmark, README.md: "Each benchmark result entry in the JSON file must have name,
 * unit, and value, and may have range and extra"; src/extract.ts reads those five as they are, `value: number`, the rest
 * strings, and refuses an empty list.
 */
const actionEntries = z
  .array(
    z.strictObject({
      ...{ name: z.string().min(1), unit: z.string(), value: z.number() },
      ...{ range: z.string().optional(), extra: z.string().optional() },
    }),
  )
  .nonempty();

/** Its src/write.ts finds the earlier value by name (`buildComment`, `findAlerts`), and sets name and value in a table. */
function readByAction(text: string) {
  const entries = actionEntries.parse(JSON.parse(text));
  expect(new Set(entries.map((entry) => entry.name)).size).toBe(entries.length);
  for (const entry of entries) {
    const row = `| \`${entry.name}\` | \`${entry.value}\` ${entry.unit} (\`${entry.range}\`) |`;
    expect(row.split('|')).toHaveLength(4);
    expect(row.match(/`/g)).toHaveLength(6);
    expect(row).not.toMatch(/[\p{Cc}\p{Surrogate}]/u);
  }
  return entries;
}

describe('github-action-benchmark', () => {
  test('is as it was', async () => {
    await expect(biggerIsBetterExporter.render(sampleResult())).toMatchFileSnapshot(
      '../golden/customBiggerIsBetter.json',
    );
    await expect(smallerIsBetterExporter.render(sampleResult())).toMatchFileSnapshot(
      '../golden/customSmallerIsBetter.json',
    );
  });

  test('bigger: rates in base units with their interval and status', () => {
    const entries = readByAction(biggerIsBetterExporter.render(withUnverified()));
    expect(entries.map((e) => [e.name, e.value, e.unit])).toEqual(
      tracked(sampleResult()).map((m) => [name(m), m.rate.value, m.rate.unit]),
    );
    expect(entries.every((e) => /^± \d+(\.\d)? %$/.test(e.range as string))).toBe(true);
    expect(entries.filter((e) => e.extra?.startsWith('unreliable: wide interval'))).toHaveLength(2);
    expect(entries[0]?.extra).toMatch(/^valid\n5 rounds\nllvmpipe .*, a software adapter.*\n95 % interval: \d+/);
  });

  test('smaller: times, and of ours how long they took to compile', () => {
    const entries = readByAction(smallerIsBetterExporter.render(sampleResult()));
    const times = entries.filter(({ unit }) => unit === 'ns');
    expect(times.map((e) => e.value)).toEqual(tracked(sampleResult()).map((m) => m.summary?.medianNs));
    const compiled = entries.filter(({ unit }) => unit === 'ms');
    expect(compiled).toHaveLength(tracked(sampleResult()).filter((m) => m.compileMs !== null).length);
    expect(compiled[0]).toMatchObject({ name: `${times[0]?.name} compile`, value: 21.5 });
  });

  test('one round has no range', () => {
    expect(readByAction(biggerIsBetterExporter.render(oneRound())).some((e) => e.range !== undefined)).toBe(false);
  });

  test('no name breaks it, a thousand measurements', () => {
    for (const exporter of [biggerIsBetterExporter, smallerIsBetterExporter]) {
      readByAction(exporter.render(hostileResult()));
      readByAction(exporter.render(longResult()));
    }
  });
});

/** As published: bencher.dev/docs/reference/bencher-metric-format, "Bencher Metric Format (BMF) JSON Schema". */
const bmf = z.fromJSONSchema({
  type: 'object',
  patternProperties: {
    '.+': {
      type: 'object',
      patternProperties: {
        '.+': {
          type: 'object',
          properties: {
            value: { type: 'number' },
            lower_value: { type: 'number' },
            upper_value: { type: 'number' },
          },
          required: ['value'],
        },
      },
    },
  },
}) as z.ZodType<Record<string, Record<string, { value: number; lower_value?: number; upper_value?: number }>>>;

/**
 * And as its code has it (bencherdev/bencher, lib/bencher_valid/src): a name is not empty and has at most 1024 bytes
 * (benchmark_name.rs); a slug has at most 64 characters and is its own slug (slug.rs); three endings silence alerts.
 */
function readByBencher(text: string) {
  const benchmarks = bmf.parse(JSON.parse(text));
  for (const [benchmark, measures] of Object.entries(benchmarks)) {
    expect(benchmark).not.toBe('');
    expect(Buffer.byteLength(benchmark)).toBeLessThanOrEqual(1024);
    expect(benchmark).not.toMatch(/(-bencher-ignore|_bencher_ignore|BencherIgnore)$/);
    // serde_json refuses half a surrogate pair, whether escaped or not.
    expect(benchmark).not.toMatch(/\p{Surrogate}/u);
    // A name that could be an id or a slug would be taken for one.
    expect(benchmark).not.toMatch(/^[a-z0-9-]{1,64}$/);
    for (const [slug, { value, lower_value: low = value, upper_value: high = value }] of Object.entries(measures)) {
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slug.length).toBeLessThanOrEqual(64);
      expect(low <= value && value <= high).toBe(true);
    }
  }
  return benchmarks;
}

describe('Bencher Metric Format', () => {
  test('is as it was', async () => {
    await expect(bencherExporter.render(sampleResult())).toMatchFileSnapshot('../golden/bencher.json');
  });

  test('the published schema can refuse', () => {
    expect(bmf.safeParse({ a: { latency: { value: '1' } } }).success).toBe(false);
    expect(bmf.safeParse({ a: { latency: {} } }).success).toBe(false);
  });

  test('has latency, rate and status of all that was verified', () => {
    const found = readByBencher(bencherExporter.render(withUnverified()));
    expect(Object.keys(found)).toEqual(tracked(sampleResult()).map(name));
    for (const m of tracked(sampleResult())) {
      const measures = found[name(m)] as NonNullable<(typeof found)[string]>;
      const { medianNs, lowNs, highNs } = m.summary as NonNullable<Measurement['summary']>;
      expect(measures.latency).toEqual({ value: medianNs, lower_value: lowNs, upper_value: highNs });
      const slug = { 'flop/s': 'flop-per-second', 'hash/s': 'hash-per-second', 'byte/s': 'byte-per-second' }[
        m.rate.unit
      ];
      expect(measures[slug as string]).toEqual({
        value: m.rate.value,
        lower_value: m.rate.low,
        upper_value: m.rate.high,
      });
      expect(measures.unreliable).toEqual({ value: m.status === 'unreliable' ? 1 : 0 });
      expect(measures['compile-ms']).toEqual(m.compileMs === null ? undefined : { value: m.compileMs });
    }
  });

  test('one round has no bounds', () => {
    expect(bencherExporter.render(oneRound())).not.toContain('lower_value');
  });

  test('no name breaks it, a thousand measurements, none', () => {
    const hostile = hostileResult();
    expect(Object.keys(readByBencher(bencherExporter.render(hostile)))).toHaveLength(tracked(hostile).length);
    expect(Object.keys(readByBencher(bencherExporter.render(longResult())))).toHaveLength(tracked(longResult()).length);
    expect(bencherExporter.render(sampleResult({ measurements: [] }))).toBe('{}\n');
    const [first] = sampleResult().measurements as [Measurement];
    const silent = sampleResult({ measurements: [{ ...first, implementation: 'assay/x-bencher-ignore' }] });
    expect(Object.keys(readByBencher(bencherExporter.render(silent)))).toEqual([
      `${first.workload} assay/x-bencher-ignore.`,
    ]);
  });
});

/**
 * google/benchmark, src/json_reporter.cc writes these (`PrintRunData`); tools/gbench/report.py needs `name`, `real_time`,
 * `cpu_time` and `time_unit` of every row (`is_potentially_comparable_benchmark`, `get_difference_report`), and util.py
 * `repetition_index`, `run_type` and the two indices (`sort_benchmark_results`). Bencher's adapter needs `context.caches`,
 * `name`, `real_time` and `time_unit` (lib/bencher_adapter/src/adapters/cpp/google.rs).
 */
const timed = {
  name: z.string().min(1),
  family_index: z.int(),
  per_family_instance_index: z.int(),
  run_name: z.string(),
  repetitions: z.int().positive(),
  threads: z.int(),
  iterations: z.int().positive(),
  real_time: z.number().nonnegative(),
  cpu_time: z.number().nonnegative(),
  time_unit: z.enum(['ns', 'us', 'ms', 's']),
  label: z.string(),
};
const google = z.strictObject({
  context: z.looseObject({
    date: z.iso.datetime(),
    host_name: z.string(),
    executable: z.string(),
    num_cpus: z.int().optional(),
    caches: z.array(z.looseObject({})),
    library_build_type: z.enum(['release', 'debug']),
  }),
  benchmarks: z.array(
    z.discriminatedUnion('run_type', [
      z.strictObject({
        ...timed,
        run_type: z.literal('iteration'),
        repetition_index: z.int().nonnegative(),
        items_per_second: z.number().optional(),
        bytes_per_second: z.number().optional(),
      }),
      z.strictObject({
        ...timed,
        run_type: z.literal('aggregate'),
        aggregate_name: z.enum(['mean', 'median', 'stddev', 'cv']),
        aggregate_unit: z.enum(['time', 'percentage']),
      }),
    ]),
  ),
});
const readGoogle = (result: Result) => google.parse(JSON.parse(googleBenchmarkExporter.render(result)));

describe('google-benchmark’s JSON', () => {
  test('is as it was', async () => {
    const result = sampleResult();
    result.measurements = result.measurements.slice(3, 7);
    await expect(googleBenchmarkExporter.render(result)).toMatchFileSnapshot('../golden/google-benchmark.json');
  });

  test('has a row for each round that counts, and four aggregates of them', () => {
    const result = withUnverified();
    const [first] = result.measurements as [Measurement];
    Object.assign(first.rounds[1] as object, { excluded: 'throttled' });
    const rows = readGoogle(result).benchmarks;
    for (const m of tracked(result)) {
      const own = rows.filter((row) => row.run_name === name(m));
      const medians = m.rounds.filter((r) => r.excluded === undefined).map((r) => quantile(r.samplesNs, 0.5));
      const iterations = own.filter((row) => row.run_type === 'iteration');
      expect(iterations.map((row) => row.real_time)).toEqual(medians);
      expect(iterations.map((row) => row.repetition_index)).toEqual(medians.map((_, i) => i));
      expect(new Set(own.map((row) => row.repetitions))).toEqual(new Set([medians.length]));
      const aggregates = own.filter((row) => row.run_type === 'aggregate');
      expect(aggregates.map((row) => row.name.slice(name(m).length))).toEqual(['_mean', '_median', '_stddev', '_cv']);
      const [mean, median, stddev, cv] = aggregates.map((row) => row.real_time) as [number, number, number, number];
      expect(median).toBe(quantile(medians, 0.5));
      expect(cv).toBeCloseTo(stddev / mean, 12);
      const rate = iterations[0]?.items_per_second ?? iterations[0]?.bytes_per_second ?? 0;
      expect(rate).toBeCloseTo((m.work.operations * 1e9) / (medians[0] as number), 3);
    }
    expect(rows.map((row) => row.name).join()).not.toMatch(/broadcast|external/);
    expect(rows.filter((row) => row.label.startsWith('unreliable: wide interval'))).toHaveLength(18);
  });

  // NumPy: x = np.array([214.9, 27.4, 455.6]); x.mean(), np.median(x), x.std(ddof=1), x.std(ddof=1) / x.mean()
  test('computes what NumPy does', () => {
    const [first] = sampleResult().measurements as [Measurement];
    const rounds = [214.9, 27.4, 455.6].map((ns, index) => ({
      ...{ order: index, index, tMs: index, samplesNs: [ns], hostSamplesNs: [2 * ns], discarded: 0 },
    }));
    const rows = readGoogle(sampleResult({ measurements: [{ ...first, rounds }] })).benchmarks.slice(3);
    for (const [i, expected] of [232.63333, 214.9, 214.6501, 0.922697].entries()) {
      expect(rows[i]?.real_time).toBeCloseTo(expected, 3);
      expect(rows[i]?.cpu_time).toBeCloseTo(i < 3 ? 2 * expected : expected, 3);
    }
  });

  test('one round has no aggregate', () => {
    expect(readGoogle(oneRound()).benchmarks.every((row) => row.run_type === 'iteration')).toBe(true);
  });

  test('knows how many processors there were only where the result says so', () => {
    const host = (cpu: string) => sampleResult({ host: { ...sampleResult().host, cpu } });
    expect(readGoogle(host('16 × AMD EPYC')).context.num_cpus).toBe(16);
    expect(readGoogle(host('unknown')).context).not.toHaveProperty('num_cpus');
  });

  test('no name breaks it, a thousand measurements, none', () => {
    const names = readGoogle(hostileResult()).benchmarks.map((row) => row.run_name);
    expect(new Set(names).size).toBe(tracked(hostileResult()).length);
    expect(JSON.stringify(names)).not.toMatch(/\\ud[89a-f]|\\u00[01]/);
    expect(readGoogle(longResult()).benchmarks.length).toBe(tracked(longResult()).length * 9);
    expect(readGoogle(sampleResult({ measurements: [] })).benchmarks).toEqual([]);
  });
});
