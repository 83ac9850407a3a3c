import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../harness/root.js';
import { CHECK_CSV_COLUMNS } from '../../reports/formats/check/csv.js';
import { COMPARE_CSV_COLUMNS } from '../../reports/formats/compare/csv.js';
import { CSV_COLUMNS, csvExporter } from '../../reports/formats/csv.js';
import { CSV_SAMPLES_COLUMNS, csvSamplesExporter } from '../../reports/formats/csv-samples.js';
import { jsonLinesExporter } from '../../reports/formats/jsonl.js';
import { clean } from '../../reports/html/markup.js';
import { type Measurement, measurement } from '../../reports/schema.js';
import { hostileNames, hostileResult, longResult } from './hostile.js';
import { csvRows, jsonLines } from './parsers.js';
import { sampleResult } from './sample.js';

describe('CSV', () => {
  test('is as it was', async () => {
    await expect(csvExporter.render(sampleResult())).toMatchFileSnapshot('../golden/measurements.csv');
  });

  // RFC 4180, 2.1: "Each record is located on a separate line, delimited by a line break (CRLF)"; 2.3: a header.
  test('every record ends with CRLF, the header has the documented columns', () => {
    const text = csvExporter.render(sampleResult());
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.split('\r\n')[0]?.split(',')).toEqual(CSV_COLUMNS.map(({ name }) => name));
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('a row for each measurement, whose numbers read back exactly', () => {
    const result = sampleResult();
    const rows = csvRows(csvExporter.render(result));
    expect(rows).toHaveLength(result.measurements.length);
    for (const [i, m] of result.measurements.entries()) {
      const row = rows[i] as Record<string, string>;
      expect(row).toMatchObject({ workload: m.workload, implementation: m.implementation, status: m.status });
      expect(row.rate === '' ? null : Number(row.rate)).toBe(m.rate?.value ?? null);
      expect(row.median_ns === '' ? null : Number(row.median_ns)).toBe(m.summary?.medianNs ?? null);
      expect(row.drift_percent === '' ? null : Number(row.drift_percent)).toBe(m.summary?.driftPercent ?? null);
      expect(row.verdict || null).toBe(m.versusBaseline?.verdict ?? null);
    }
    expect(rows.some((row) => row.drift_percent?.startsWith('-'))).toBe(true);
    expect(rows[3]).toMatchObject({ status: 'failed', rate: '', reasons: 'wrong-result', correctness: 'incorrect' });
    expect(rows[5]).toMatchObject({ notes: 'host-clock', clock: 'host' });
  });

  test('no name breaks it, and nothing begins like a formula', () => {
    const result = hostileResult();
    const rows = csvRows(csvExporter.render(result));
    expect(rows).toHaveLength(result.measurements.length);
    for (const [i, name] of hostileNames.entries()) {
      const { workload = '' } = rows[i * 4] as Record<string, string>;
      expect(workload.replace(/^'(?=[=+\-@\t])/, '')).toBe(clean(name));
    }
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if (Number.isNaN(Number(value))) expect(value, column).not.toMatch(/^[=+\-@\t\r]/);
  });

  test('a thousand measurements', () => {
    expect(csvRows(csvExporter.render(longResult()))).toHaveLength(1000);
  });
});

describe('CSV of samples', () => {
  test('is as it was', async () => {
    const result = sampleResult();
    result.measurements = result.measurements.slice(0, 1);
    await expect(csvSamplesExporter.render(result)).toMatchFileSnapshot('../golden/samples.csv');
  });

  test('has every sample on both clocks', () => {
    const result = sampleResult();
    const [first] = result.measurements as [Measurement];
    Object.assign(first.rounds[1] as object, { excluded: 'throttled' });
    (first.rounds[2] as { samplesNs: number[] }).samplesNs.pop();
    const rows = csvRows(csvSamplesExporter.render(result));
    expect(rows).toHaveLength(result.measurements.flatMap((m) => m.rounds.flatMap((r) => r.hostSamplesNs)).length);
    const own = rows.filter((row) => row.workload === first.workload && row.implementation === first.implementation);
    expect(own.filter((row) => row.ns !== '').map((row) => Number(row.ns))).toEqual(
      first.rounds.flatMap((r) => r.samplesNs),
    );
    expect(own.map((row) => Number(row.host_ns))).toEqual(first.rounds.flatMap((r) => r.hostSamplesNs));
    expect(new Set(own.filter((row) => row.excluded !== '').map((row) => row.round))).toEqual(new Set(['1']));
  });

  test('no name breaks it', () => {
    expect(csvRows(csvSamplesExporter.render(hostileResult())).length).toBeGreaterThan(hostileNames.length);
  });
});

test('docs/formats.md says what each column holds', () => {
  const docs = readFileSync(join(packageRoot, 'docs/formats.md'), 'utf8');
  // The sections before are of other formats.
  const columnsOn = docs.slice(docs.indexOf('## Columns of `csv`'));
  const documented = [...columnsOn.matchAll(/^\| `(\w+)` +\| ([^|]*?) +\|$/gm)].map(
    ([, name, about]) => `${name}: ${about}`,
  );
  const columns = [...CSV_COLUMNS, ...CSV_SAMPLES_COLUMNS, ...CHECK_CSV_COLUMNS, ...COMPARE_CSV_COLUMNS];
  expect(documented).toEqual(columns.map(({ name, about }) => `${name}: ${about}`));
});

describe('JSON Lines', () => {
  test('is as it was', async () => {
    const result = sampleResult();
    result.measurements = result.measurements.filter((m) => m.status !== 'valid').slice(0, 3);
    await expect(jsonLinesExporter.render(result)).toMatchFileSnapshot('../golden/measurements.jsonl');
  });

  test('a line for each measurement, as it stands in the result, with what it is of', () => {
    const result = sampleResult();
    const found = jsonLines(jsonLinesExporter.render(result));
    expect(found).toHaveLength(result.measurements.length);
    for (const [i, { run, tool, suite, seed, startedAt, finishedAt, host, device, ...rest }] of found.entries()) {
      expect(measurement.parse(rest)).toEqual(result.measurements[i]);
      expect({ run, suite, seed, startedAt, finishedAt }).toMatchObject({ run: result.id, suite: 'quick' });
      expect({ tool, host }).toEqual({ tool: result.tool, host: result.host });
      expect(device).toMatchObject({ name: result.device.name, software: true });
    }
  });

  test('no name breaks it, a thousand measurements, none', () => {
    expect(jsonLines(jsonLinesExporter.render(hostileResult()))).toHaveLength(hostileNames.length * 4);
    expect(jsonLines(jsonLinesExporter.render(longResult()))).toHaveLength(1000);
    expect(jsonLinesExporter.render(sampleResult({ measurements: [] }))).toBe('');
  });
});
