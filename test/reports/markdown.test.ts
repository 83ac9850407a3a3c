import { describe, expect, test } from 'vitest';
import { markdownExporter } from '../../reports/formats/markdown.js';
import { code, codeCell, markdownTable } from '../../reports/formats/markdown-text.js';
import { oneLine } from '../../reports/formats/naming.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { hostileNames, hostileResult, longResult } from './hostile.js';
import { codeSpans, expectInert, lex, markdownTables } from './parsers.js';
import { hardwareResult, sampleResult } from './sample.js';

const render = (result: Result) => markdownExporter.render(result);

describe('Markdown', () => {
  test('is as it was', async () => {
    await expect(render(sampleResult())).toMatchFileSnapshot('../golden/summary.md');
  });

  test('a table for each family, a row for each measurement or for a workload that was skipped as one', () => {
    const text = render(sampleResult());
    const families = markdownTables(text).filter(({ header }) => header[0]?.text === 'workload');
    expect(families.map(({ rows }) => rows.length)).toEqual([3, 11, 1, 1]);
    expect(text.match(/^### (Mining|AI|Memory|Arithmetic)$/gm)).toHaveLength(4);
    expect(text).toContain('| all 3 | – |  | – | – | skipped: feature missing |');
  });

  test('never a rate without its status', () => {
    for (const { header, rows } of markdownTables(render(sampleResult()))) {
      const [rate, status] = ['rate', 'status'].map((name) => header.findIndex(({ text }) => text === name));
      if (rate === undefined || status === undefined || rate < 0) continue;
      for (const row of rows)
        if (/\d/.test(row[rate]?.text ?? '')) expect(row[status]?.text).toMatch(/valid|unreliable/);
    }
  });

  test('says of every reason what the next step is, skipped ones under a fold', () => {
    const text = render(sampleResult());
    const [open = '', folded = ''] = text.split('<details>');
    expect(open).toMatch(
      /- \*\*wide interval\*\* \(unreliable\): .*Close other programs, and raise `--rounds`\. 2 measurements, e\.g\. `/,
    );
    expect(open).toContain('- **wrong result** (failed): The output is wrong. No speed is shown');
    expect(open).not.toContain('shader-f16');
    expect(folded).toContain('3 measurements, e.g. `matmul/f16/m512-n512-k512` `assay/naive`: `shader-f16`');
  });

  test('warns of a software adapter and of a run that did not finish, and only of those', () => {
    expect(render(sampleResult())).toContain('> [!WARNING]\n> Software adapter:');
    expect(render(hardwareResult())).not.toContain('[!WARNING]');
    expect(render({ ...hardwareResult(), finishedAt: null })).toContain('> Unfinished:');
  });

  test('no name breaks a table or is read as anything but text', () => {
    const text = render(hostileResult());
    expectInert(text);
    const workloads = markdownTables(text).flatMap(({ rows }) => rows.map((row) => codeSpans(row[0]?.tokens ?? [])[0]));
    for (const name of hostileNames.filter((n) => n.length < 300 && n.trim() !== ''))
      expect(workloads).toContain(seen(name));
    // No checks were lost either.
    expect(markdownTables(text).find(({ header }) => header[0]?.text === 'check')?.rows).toHaveLength(
      hostileNames.length,
    );
  });

  test('stays below what GitHub takes, and says what it left out', () => {
    const long = render(longResult());
    expect(Buffer.byteLength(long)).toBeLessThan(1024 * 1024);
    expect(long).not.toContain('more measurements are in the result file');
    const huge = longResult(8000);
    for (const m of huge.measurements) m.implementation = `assay/${'x'.repeat(200)}`;
    const text = render(huge);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    const rows = markdownTables(text)
      .filter(({ header }) => header[0]?.text === 'workload')
      .reduce((sum, table) => sum + table.rows.length, 0);
    expect(text).toContain(`${8000 - rows} more measurements are in the result file.`);
    expect(rows).toBeGreaterThan(1000);
  });

  test('says so when nothing was measured', () => {
    expect(render(sampleResult({ measurements: [] }))).toContain('Nothing was measured.');
  });

  test('has the checks', () => {
    const checks = [{ id: 'memory', status: 'fail' as const, reasons: [{ code: 'bit', detail: 'a|b' }], figures: {} }];
    expect(render(sampleResult({ checks }))).toContain('| `memory` | **fail** | `bit: a\\|b` |');
  });
});

/** What stands between the fences: one line, a pipe's backslashes lost, no spaces at both ends (CommonMark 6.1). */
const seen = (name: string) => oneLine(name).replace(/\\+(?=\|)/g, '\ufffd');

describe('a code span', () => {
  test.each(hostileNames.filter((n) => n.length < 300 && n.trim() !== ''))('holds %j', (name) => {
    expect(codeSpans(lex(`before ${code(name)} after`))).toEqual([oneLine(name)]);
    const table = markdownTable([{ head: 'a' }, { head: 'b' }], [[codeCell(name), 'c']]);
    const [found] = markdownTables(table);
    expect(found?.rows[0]).toHaveLength(2);
    expect(codeSpans(found?.rows[0]?.[0]?.tokens ?? [])).toEqual([seen(name)]);
    expect(found?.rows[0]?.[1]?.text).toBe('c');
  });

  test('of nothing says so, and of very much is cut', () => {
    expect(code('')).toBe('(empty)');
    expect([...code('𝔏'.repeat(700))]).toHaveLength(303);
  });
});

test('a unit that is no unit cannot break a cell', () => {
  const result = sampleResult();
  const [first] = result.measurements as [Measurement];
  Object.assign(first.rate as object, { unit: 'a|b*c`' });
  expect(render(result)).toContain('a\ufffdb\ufffdc\ufffd');
});
