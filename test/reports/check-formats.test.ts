import { describe, expect, test } from 'vitest';
import {
  type Check,
  type CheckComparison,
  type CheckVerdict,
  comparison as comparisonSchema,
} from '../../reports/check.js';
import { CHECK_CSV_COLUMNS, checkCsvExporter } from '../../reports/formats/check/csv.js';
import { checkExporters } from '../../reports/formats/check/index.js';
import { checkJsonLinesExporter } from '../../reports/formats/check/jsonl.js';
import { checkJunitExporter } from '../../reports/formats/check/junit.js';
import { checkMarkdownExporter } from '../../reports/formats/check/markdown.js';
import { oneLine } from '../../reports/formats/naming.js';
import { clean } from '../../reports/html/markup.js';
import { checkOf, comparison, everyVerdict, hostileCheck, longCheck, timed } from './check-sample.js';
import { hostileNames } from './hostile.js';
import { canonical, codeSpans, csvRows, expectInert, jsonLines, lex, markdownTables, validJunit } from './parsers.js';

const count = (text: string, what: RegExp) => [...text.matchAll(what)].length;
const passing = (check: Check): Check => ({ ...check, settings: { ...check.settings, ambiguous: 'pass' } });
const tried = everyVerdict().comparisons.length;

test('every format is pure and is there by its own name', () => {
  expect([...checkExporters.keys()].sort()).toEqual(['csv', 'json', 'jsonl', 'junit', 'markdown']);
  for (const [name, exporter] of checkExporters) {
    expect(exporter.name).toBe(name);
    expect(exporter.render(everyVerdict())).toBe(exporter.render(everyVerdict()));
    expect(exporter.render(everyVerdict())).not.toMatch(/undefined|NaN|\[object/);
  }
  expect(JSON.parse(checkExporters.get('json')?.render(everyVerdict()) ?? '')).toEqual(everyVerdict());
});

describe('JUnit XML of a check', () => {
  test('is as it was, and what Jenkins takes', async () => {
    const xml = checkJunitExporter.render(everyVerdict());
    await expect(xml).toMatchFileSnapshot('../golden/check.junit.xml');
    await validJunit(xml);
    await validJunit(checkJunitExporter.render(checkOf([])));
  });

  const kindOf = (verdict: CheckVerdict, ambiguous: 'fail' | 'pass') => {
    const check = checkOf([comparison('same'), comparison(verdict)]);
    const xml = checkJunitExporter.render(ambiguous === 'pass' ? passing(check) : check);
    return /<(failure|skipped|error) /.exec(xml)?.[1] ?? 'passed';
  };
  test.each([
    ['slower', 'failure', 'failure'],
    ['incorrect', 'failure', 'failure'],
    ['ambiguous', 'failure', 'skipped'],
    ['gone', 'failure', 'skipped'],
    ['changed', 'failure', 'skipped'],
    ['skipped', 'skipped', 'skipped'],
    ['new', 'passed', 'passed'],
    ['fixed', 'passed', 'passed'],
    ['same', 'passed', 'passed'],
    ['faster', 'passed', 'passed'],
  ] as const)('%s is %s, and %s where ambiguity passes', (verdict, fail, pass) => {
    expect([kindOf(verdict, 'fail'), kindOf(verdict, 'pass')]).toEqual([fail, pass]);
  });

  test('a ratio stands with what passed and with what failed', () => {
    const xml = checkJunitExporter.render(everyVerdict());
    expect(xml).toContain(
      '<system-out>faster\nnow ÷ before 1.081 (1.070 to 1.092), 10 rounds on the GPU’s clock; 4.61',
    );
    expect(xml).toContain('<failure type="slower" message="slower: now ÷ before 0.940 (0.931 to 0.950)">');
    expect(xml).toContain('<failure type="gone" message="gone: kernel lost">');
  });

  test('what ended before its end is an error, and nothing compared a failure, whatever ambiguity does', () => {
    const cut = checkOf([timed('same', 1)], { exitCode: 130, stopped: { code: 'interrupted', detail: 'copy/n16' } });
    expect(checkJunitExporter.render(passing(cut))).toContain('<error type="interrupted" message="Interrupted:');
    const died = checkOf([timed('same', 1)], { exitCode: 5 });
    expect(checkJunitExporter.render(passing(died))).toContain('<error type="worker-died"');
    for (const none of [checkOf([], { exitCode: 4 }), checkOf([comparison('skipped')], { exitCode: 4 })])
      expect(checkJunitExporter.render(passing(none))).toContain('<failure type="nothing-compared"');
  });

  test('no name breaks it, and names come out as they went in', async () => {
    const xml = await validJunit(checkJunitExporter.render(hostileCheck()));
    for (const name of hostileNames)
      expect(xml).toContain(`classname="${canonical(clean(name))}" name="${canonical(clean(`${name}0`))}"`);
    expect(count(xml, /<testcase /g)).toBe(hostileNames.length * (tried + 1) + 1);
  });
});

describe('Markdown of a check', () => {
  const render = checkMarkdownExporter.render;

  test('is as it was', async () => {
    await expect(render(everyVerdict())).toMatchFileSnapshot('../golden/check.md');
  });

  test.each([
    [[timed('same', 1)], {}, 'Yes: none slower, none incorrect'],
    [[timed('faster', 2), timed('same', 1)], {}, 'Yes: 1 faster, none slower, none incorrect'],
    [[timed('slower', 0.5), comparison('ambiguous')], { exitCode: 1 }, 'No: 1 slower of 2'],
    [[comparison('incorrect'), timed('slower', 0.5)], { exitCode: 1 }, 'No: 1 incorrect, 1 slower of 2'],
    [[comparison('ambiguous')], { exitCode: 4 }, 'No whole answer: 1 ambiguous'],
    [[comparison('ambiguous')], {}, 'Yes, with reservations: none slower, none incorrect, but 1 ambiguous'],
    [[timed('same', 1)], { exitCode: 4, vanished: ['a', 'b'] }, 'No whole answer: 2 gone'],
    [[comparison('skipped')], { exitCode: 4 }, 'No answer: nothing could be compared'],
    [[], { exitCode: 4 }, 'No answer: nothing could be compared'],
    [[timed('same', 1)], { exitCode: 5 }, 'The process that drives the card ended: no whole answer'],
  ] as [CheckComparison[], Partial<Check>, string][])('the answer comes first: %#', (comparisons, over, answer) => {
    expect(render(checkOf(comparisons, over)).split('\n')[0]).toBe(`## Assay check: ${answer}`);
  });

  test('every variant stands in one section, the same ones under a fold', () => {
    const text = render(everyVerdict());
    const rows = markdownTables(text).map(({ rows }) => rows.map((row) => row[1]?.text));
    expect(rows).toEqual([['`slower`', '`faster`'], ['`ambiguous`', '`late`', '`moody`', '`lost`'], ['`same`']]);
    const [open = '', folded = ''] = text.split('<details><summary>The same');
    expect(open).not.toContain('two-nonces');
    expect(folded).toContain('- `sha256d-scan/n131072`: `two-nonces`');
    for (const { variant } of everyVerdict().comparisons) expect(codeSpans(lex(text))).toContain(variant);
    expect(codeSpans(lex(text))).toContain('kernel lost');
  });

  test('a commit that was named by itself is said once, and a ratio keeps its digits', () => {
    const commit = 'a'.repeat(40);
    const text = render(
      checkOf([timed('slower', 0.0113)], { against: { ref: commit, commit, tree: commit, result: null } }),
    );
    expect(text).toContain('uncommitted file against `aaaaaaaaaaaa` ·');
    expect(text).toContain('| 0.0113 (0.0112 to 0.0114) |');
  });

  test('says of every ambiguous one what the next step is', () => {
    const text = render(everyVerdict());
    expect(text).toMatch(/- `sha256d-scan\/n131072` `ambiguous`: All rounds are used up .* raise `--rounds`/);
    expect(text).toMatch(/- `sha256d-scan\/n131072` `late`: There was no time for more rounds: raise `--budget`/);
    expect(text).toMatch(/`lost`: Lost\. worker died: .*`killed by SIGSEGV`/);
  });

  test('no name breaks a table or is read as anything but text', () => {
    const text = render(hostileCheck());
    expectInert(text);
    const first = markdownTables(text).flatMap(({ rows }) => rows.map((row) => codeSpans(row[0]?.tokens ?? [])[0]));
    for (const name of hostileNames.filter((n) => n.length < 300 && n.trim() !== ''))
      expect(first).toContain(oneLine(name).replace(/\\+(?=\|)/g, '\ufffd'));
  });

  test('stays below what GitHub takes, keeps what matters most, and says what it left out', () => {
    const huge = longCheck(12_000);
    for (const one of huge.comparisons) one.variant = 'x'.repeat(100);
    huge.comparisons.push(timed('slower', 0.9, { variant: 'the-last' }));
    const text = render(huge);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toContain('`the-last`');
    const rows = markdownTables(text).reduce((sum, { rows }) => sum + rows.length, 0);
    expect(text).toContain(`${12_001 - rows} more are in the result file.`);
    expect(rows).toBeGreaterThan(1000);
  });
});

describe('CSV of a check', () => {
  test('is as it was: a row for each variant, whose numbers read back exactly', async () => {
    const check = everyVerdict();
    const text = checkCsvExporter.render(check);
    await expect(text).toMatchFileSnapshot('../golden/check.csv');
    const rows = csvRows(text);
    expect(text.split('\r\n')[0]?.split(',')).toEqual(CHECK_CSV_COLUMNS.map(({ name }) => name));
    expect(rows).toHaveLength(check.comparisons.length);
    for (const [i, one] of check.comparisons.entries()) {
      const row = rows[i] as Record<string, string>;
      expect(row).toMatchObject({ workload: one.workload, variant: one.variant, verdict: one.verdict });
      expect(row.ratio === '' ? null : Number(row.ratio)).toBe(one.ratio?.value ?? null);
      expect(row.now_rate === '' ? null : Number(row.now_rate)).toBe(one.now.rate?.value ?? null);
      expect(row.now_reasons).toBe(one.now.reasons.map(({ code }) => code).join(' '));
    }
  });

  test('no name breaks it, and nothing begins like a formula', () => {
    const rows = csvRows(checkCsvExporter.render(hostileCheck()));
    expect(rows).toHaveLength(hostileNames.length * tried);
    for (const [i, name] of hostileNames.entries())
      expect(rows[i * tried]?.workload?.replace(/^'(?=[=+\-@\t])/, '')).toBe(clean(name));
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if (Number.isNaN(Number(value))) expect(value, column).not.toMatch(/^[=+\-@\t\r]/);
  });
});

describe('JSON Lines of a check', () => {
  test('a line for each variant, as it stands in the check, with what it is of', async () => {
    const check = everyVerdict();
    const text = checkJsonLinesExporter.render(check);
    await expect(text.split('\n').slice(0, 2).join('\n')).toMatchFileSnapshot('../golden/check.jsonl');
    const found = jsonLines(text);
    expect(found).toHaveLength(tried);
    for (const [i, line] of found.entries()) {
      const { check: id, tool, startedAt, finishedAt, host, device, against, workingTree, settings, ...rest } = line;
      expect(comparisonSchema.parse(rest)).toEqual(check.comparisons[i]);
      expect({ id, tool, startedAt, finishedAt, host, against, settings }).toEqual({
        ...{ id: check.id, tool: check.tool, startedAt: check.startedAt, finishedAt: check.finishedAt },
        ...{ host: check.host, against: check.against, settings: check.settings },
      });
      expect({ device, workingTree }).toMatchObject({ device: { software: true }, workingTree: check.now });
    }
  });

  test('no name breaks it, a thousand variants, none', () => {
    expect(jsonLines(checkJsonLinesExporter.render(hostileCheck()))).toHaveLength(hostileNames.length * tried);
    expect(jsonLines(checkJsonLinesExporter.render(longCheck()))).toHaveLength(1000);
    expect(checkJsonLinesExporter.render(checkOf([]))).toBe('');
  });
});
