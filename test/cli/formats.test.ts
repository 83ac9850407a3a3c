import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtFile } from '../../harness/root.js';
import { checkExporters } from '../../reports/formats/check/index.js';
import { compareExporters } from '../../reports/formats/compare/index.js';
import { exporters } from '../../reports/formats/index.js';
import type { Result } from '../../reports/schema.js';
import { validateResult } from '../../reports/validate.js';
import { journalOf, sampleResult } from '../reports/sample.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assay(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('bench/cli.js'), ...args], {
    ...{ cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 28 },
  });
  return { status, stdout, stderr };
}
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');

// A finished run, so that nothing has to be measured to be written.
const { id } = sampleResult();
beforeAll(() => {
  mkdirSync(at('results'));
  const lines = journalOf(sampleResult()).map((record) => `${JSON.stringify(record)}\n`);
  writeFileSync(at(`results/${id}.jsonl`), lines.join(''));
});
const resume = (...args: string[]) => assay('resume', id, ...args);

describe('--format', () => {
  test('writes several files at once, each as its exporter has it, and says on standard output what it did', () => {
    const formats = [...exporters.values()].map(({ name, extension }) => `--format=${name}:${name}.${extension}`);
    const { status, stdout, stderr } = resume(...formats, '--json', 'result.json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('is finished');
    const result: Result = JSON.parse(read('result.json'));
    expect(validateResult(result, 'written').ok).toBe(true);
    for (const exporter of exporters.values())
      expect(read(`${exporter.name}.${exporter.extension}`), exporter.name).toBe(exporter.render(result));
  });

  test.each(['csv', 'csv:-'])('%s goes to standard output alone, and what people read to standard error', (format) => {
    const { status, stdout, stderr } = resume('--format', format, '--format', 'junit:x.xml');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^run,started_at,/);
    expect(stdout).toBe(read('csv.csv'));
    expect(stderr).toContain('is finished');
    expect(read('x.xml')).toMatch(/^<\?xml/);
  });

  test('a file is everything after the first colon', () => {
    expect(resume('--format', 'csv:a:b.csv').status).toBe(0);
    expect(read('a:b.csv')).toMatch(/^run,/);
  });

  test('a file that is there is overwritten, as with --json', () => {
    writeFileSync(at('old.csv'), 'x'.repeat(100_000));
    expect(resume('--format', 'csv:old.csv').status).toBe(0);
    expect(read('old.csv')).toBe(read('csv.csv'));
  });

  test('--help names every format and no other', () => {
    for (const command of ['run', 'resume']) {
      const help = assay(command, '--help').stdout.replace(/\s+/g, ' ');
      const named = /\(repeatable\): (table[^()]*?) -h,/.exec(help)?.[1]?.split(', ');
      expect(named?.sort()).toEqual([...exporters.keys()].sort());
    }
    for (const [command, formats] of [
      ['check', checkExporters],
      ['compare', compareExporters],
    ] as const) {
      const help = assay(command, '--help').stdout.replace(/\s+/g, ' ');
      const named = /\(repeatable\): (markdown[^()]*?) -h,/.exec(help)?.[1]?.split(', ');
      expect(named?.sort()).toEqual([...formats.keys()].sort());
    }
  });
});

describe('bad input exits with 2, names what is wrong, and touches no file', () => {
  test.each([
    [['--format', 'junti'], /unknown format "junti"; did you mean "junit"\? \(there are: table, /],
    [['--format', 'custombiggerisbetter:x'], /did you mean "customBiggerIsBetter"\?/],
    [['--format', ''], /unknown format ""/],
    [['--format', 'csv:'], /--format csv: names no file/],
    [['--format', 'csv:/proc/nowhere/x.csv'], /--format csv:\/proc\/nowhere\/x\.csv cannot be written: no such file/],
    [['--format', `csv:${'x'.repeat(5000)}`], /x cannot be written: the system refused \(ENAMETOOLONG\)/],
    [['--format', 'csv:results'], /--format csv:results cannot be written: it is a folder/],
    [['--format', 'csv', '--format', 'junit'], /--format csv and --format junit go to the same standard output/],
    [['--json', '-', '--format', 'csv:-'], /--json - and --format csv:- go to the same standard output/],
    [['--format', 'csv:y', '--format', 'junit:./z/../y'], /go to the same file/],
    [['--json', 'y', '--format', 'csv:y'], /--json y and --format csv:y go to the same file/],
    [['--json', ''], /--json needs a file, or -/],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = resume(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(() => read('y')).toThrow(/ENOENT/);
  });

  test('before anything is measured', () => {
    for (const format of ['junti', 'csv:/proc/nowhere/x.csv']) {
      const { status, stdout, stderr } = assay('run', '--workload', 'sha256d-scan/n1', '--format', format);
      expect(stderr).toMatch(/unknown format|cannot be written/);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    }
  });

  test('one file by two names', () => {
    writeFileSync(at('one'), 'kept');
    linkSync(at('one'), at('hard'));
    symlinkSync(at('one'), at('soft'));
    for (const other of ['hard', 'soft']) {
      const { status, stderr } = resume('--format', 'csv:one', '--format', `junit:${other}`);
      expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('go to the same file') });
    }
    expect(read('one')).toBe('kept');
  });

  test('the run’s own files', () => {
    const journal = read(`results/${id}.jsonl`);
    for (const ending of ['jsonl', 'json', 'html'])
      expect(resume('--format', `csv:results/${id}.${ending}`)).toMatchObject({
        ...{ status: 2, stderr: expect.stringContaining('would overwrite a file that the run itself keeps') },
      });
    expect(read(`results/${id}.jsonl`)).toBe(journal);
  });

  test('a device takes several', () => {
    expect(resume('--format', 'csv:/dev/null', '--format', 'junit:/dev/null').status).toBe(0);
  });

  test('a full disk for one of them does not keep the others', (context) => {
    if (process.platform !== 'linux') context.skip('needs /dev/full');
    const { status, stderr } = resume('--format', 'csv:/dev/full', '--format', 'junit:after.xml');
    expect(stderr).toMatch(/--format csv:\/dev\/full cannot be written: no space left/);
    expect(status).toBe(2);
    expect(read('after.xml')).toMatch(/<\/testsuites>\n$/);
  });
});
