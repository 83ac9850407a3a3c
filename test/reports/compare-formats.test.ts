import { describe, expect, test } from 'vitest';
import { compareResults } from '../../reports/compare.js';
import { type CompareDocument, compareDocument } from '../../reports/compare-document.js';
import { COMPARE_CSV_COLUMNS, compareCsvExporter } from '../../reports/formats/compare/csv.js';
import { compareExporters } from '../../reports/formats/compare/index.js';
import { compareJsonLinesExporter } from '../../reports/formats/compare/jsonl.js';
import { compareJunitExporter } from '../../reports/formats/compare/junit.js';
import { compareMarkdownExporter } from '../../reports/formats/compare/markdown.js';
import { oneLine } from '../../reports/formats/naming.js';
import { clean } from '../../reports/html/markup.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { hostileNames, hostileResult, longResult } from './hostile.js';
import { canonical, codeSpans, csvRows, expectInert, jsonLines, markdownTables, validJunit } from './parsers.js';
import { hardwareResult, sampleResult } from './sample.js';

/** Every round of the chosen so many times as long. */
function slowed(factor: number, chosen: (m: Measurement) => boolean, base: Result = sampleResult()): Result {
  const longer = (all: readonly number[]) => all.map((ns) => factor * ns);
  for (const m of base.measurements.filter(chosen)) {
    m.rounds = m.rounds.map((r) => {
      return { ...r, samplesNs: longer(r.samplesNs), hostSamplesNs: longer(r.hostSamplesNs) };
    });
    const { rate } = m;
    if (rate) m.rate = { ...rate, value: rate.value / factor, low: rate.low / factor, high: rate.high / factor };
  }
  return { ...base, id: 'slowed' };
}

const documentOf = (first: Result, ...others: Result[]): CompareDocument =>
  compareDocument(
    { file: 'a.json', result: first },
    others.map((result, i) => ({ file: `b${i}.json`, result, outcome: compareResults(first, result) })),
    0.04,
  );

/** One of everything: slower, faster, the same, ambiguous, no longer right, not there any more; and another card. */
function everything(): CompareDocument {
  const other = slowed(1.5, ({ implementation }) => implementation === 'assay/naive');
  slowed(0.5, ({ implementation }) => implementation === 'assay/tiled', other);
  const broken = other.measurements.find(({ implementation }) => implementation === 'onnxruntime/webgpu');
  const reasons = [{ code: 'wrong-result', detail: '' }];
  Object.assign(broken as object, { status: 'failed', rate: null, summary: null, rounds: [], reasons });
  other.measurements.pop();
  return documentOf(sampleResult(), other, hardwareResult());
}

/** Names of every kind, with files and cards that have them too. */
function hostile(): CompareDocument {
  const document = documentOf(
    hostileResult(),
    slowed(1.5, ({ status }) => status === 'valid', hostileResult()),
  );
  const [second] = document.comparisons as [CompareDocument['comparisons'][number]];
  const all = hostileNames.join(' ');
  return {
    ...{ ...document, first: { ...document.first, file: all } },
    comparisons: [{ ...second, file: all, warnings: [...hostileNames] }],
  };
}

const count = (text: string, what: RegExp) => [...text.matchAll(what)].length;
const size = (document: CompareDocument) => document.comparisons.reduce((n, { compared }) => n + compared.length, 0);

test('every format is pure and is there by its own name', () => {
  expect([...compareExporters.keys()].sort()).toEqual(['csv', 'json', 'jsonl', 'junit', 'markdown']);
  const document = everything();
  for (const [name, exporter] of compareExporters) {
    expect(exporter.name).toBe(name);
    expect(exporter.render(document)).toBe(exporter.render(document));
    expect(exporter.render(document)).not.toMatch(/undefined|NaN|\[object/);
  }
  expect(JSON.parse(compareExporters.get('json')?.render(document) ?? '')).toEqual(document);
});

test('the exit code: worse on one card is 1, a file with nothing to compare is 4', () => {
  const same = () => true;
  expect(documentOf(sampleResult(), sampleResult()).exitCode).toBe(0);
  expect(documentOf(sampleResult(), slowed(1.5, same)).exitCode).toBe(1);
  expect(documentOf(sampleResult(), slowed(0.5, same)).exitCode).toBe(0);
  expect(documentOf(sampleResult(), sampleResult(), hardwareResult()).exitCode).toBe(4);
  expect(everything().exitCode).toBe(1);
});

describe('JUnit XML of a comparison', () => {
  test('is as it was, and what Jenkins takes', async () => {
    const xml = compareJunitExporter.render(everything());
    await expect(xml).toMatchFileSnapshot('../golden/compare.junit.xml');
    await validJunit(xml);
  });

  test('what got worse on the same card fails, what is not compared is skipped, a file with nothing fails', () => {
    const document = everything();
    const [second] = document.comparisons as [CompareDocument['comparisons'][number]];
    const [ours = '', card = ''] = compareJunitExporter.render(document).split('<testsuite name="b1.json"');
    expect(count(ours, /<failure type="slower"/g)).toBe(second.compared.filter((c) => c.verdict === 'slower').length);
    expect(count(ours, /<failure type="not-compared" message="not compared: failed in the second/g)).toBe(1);
    expect(count(ours, /<skipped /g)).toBe(second.compared.filter((c) => c.ratio === null).length - 1);
    expect(ours).toContain('<system-out>faster\nsecond ÷ first ');
    expect(count(card, /<failure /g)).toBe(1);
    expect(card).toContain('<failure type="nothing-compared"');
  });

  test('slower on another card is no failure', () => {
    const other = slowed(1.5, () => true);
    const xml = compareJunitExporter.render(
      documentOf(sampleResult(), { ...other, host: { ...other.host, cpu: 'another' } }),
    );
    expect(xml).toContain('<system-out>slower\n');
    expect(xml).not.toContain('<failure');
  });

  test('no name breaks it, and names come out as they went in', async () => {
    const xml = await validJunit(compareJunitExporter.render(hostile()));
    for (const name of hostileNames)
      expect(xml).toContain(`classname="${canonical(clean(name))}" name="${canonical(clean(`${name}0`))}"`);
  });
});

describe('Markdown of a comparison', () => {
  const render = compareMarkdownExporter.render;

  test('is as it was', async () => {
    await expect(render(everything())).toMatchFileSnapshot('../golden/compare.md');
  });

  test('the answer for each file, and every ratio with its verdict', () => {
    const text = render(everything());
    expect(text).toMatch(/### `b0\.json`.*\n\n\*\*1 no longer right, \d slower, \d faster/);
    expect(text).toMatch(/### `b1\.json`.*\n\n\*\*Nothing could be compared\.\*\*/);
    for (const { rows } of markdownTables(text))
      for (const row of rows) expect(row[5]?.text).toMatch(/^(\*\*slower\*\*|faster|same|ambiguous)$/);
    expect(text).toContain('- `failed in the second: wrong-result`:');
  });

  test('no name breaks a table or is read as anything but text', () => {
    const text = render(hostile());
    expectInert(text);
    const first = markdownTables(text).flatMap(({ rows }) => rows.map((row) => codeSpans(row[0]?.tokens ?? [])[0]));
    for (const name of hostileNames.filter((n) => n.length < 300 && n.trim() !== ''))
      expect(first).toContain(oneLine(name).replace(/\\+(?=\|)/g, '\ufffd'));
  });

  test('stays below what GitHub takes, with many files too', () => {
    const long = longResult(8000);
    for (const m of long.measurements) m.implementation = `assay/${'x'.repeat(200)}`;
    const text = render(documentOf(long, long));
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(/\d+ more are in the result files\./.test(text)).toBe(true);
  });
});

describe('CSV and JSON Lines of a comparison', () => {
  test('are as they were: a row for each pair, whose numbers read back exactly', async () => {
    const document = everything();
    const text = compareCsvExporter.render(document);
    await expect(text).toMatchFileSnapshot('../golden/compare.csv');
    const rows = csvRows(text);
    expect(text.split('\r\n')[0]?.split(',')).toEqual(COMPARE_CSV_COLUMNS.map(({ name }) => name));
    const pairs = document.comparisons.flatMap(({ compared }) => compared);
    const lines = jsonLines(compareJsonLinesExporter.render(document));
    expect([rows.length, lines.length]).toEqual([pairs.length, pairs.length]);
    for (const [i, pair] of pairs.entries()) {
      expect(rows[i]).toMatchObject({ workload: pair.workload, implementation: pair.implementation });
      expect(rows[i]?.ratio === '' ? null : Number(rows[i]?.ratio)).toBe(pair.ratio?.value ?? null);
      expect(rows[i]?.refusal || null).toBe(pair.refusal);
      expect(lines[i]).toMatchObject({ ...pair, minEffect: 0.04, first: document.first });
    }
  });

  test('no name breaks them, and nothing begins like a formula', () => {
    const rows = csvRows(compareCsvExporter.render(hostile()));
    expect(rows).toHaveLength(size(hostile()));
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if (Number.isNaN(Number(value))) expect(value, column).not.toMatch(/^[=+\-@\t\r]/);
    expect(jsonLines(compareJsonLinesExporter.render(hostile()))).toHaveLength(size(hostile()));
  });
});
