import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtFile } from '../../harness/root.js';
import type { Result } from '../../reports/schema.js';
import { hardwareResult, sampleResult } from '../reports/sample.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assay(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('bench/cli.js'), 'compare', ...args], {
    ...{ cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 28 },
  });
  return { status, stdout, stderr };
}

function file(name: string, result: Result): string {
  writeFileSync(join(folder, name), JSON.stringify(result));
  return name;
}

/** Every round so many times as long, with the figures that follow from them. */
function slowed(factor: number): Result {
  const result = sampleResult({ id: 'slowed' });
  for (const m of result.measurements)
    m.rounds = m.rounds.map((round) => ({
      ...round,
      samplesNs: round.samplesNs.map((ns) => factor * ns),
      hostSamplesNs: round.hostSamplesNs.map((ns) => factor * ns),
    }));
  return result;
}

describe('assay compare refuses by file and field', () => {
  const changed = (name: string, change: (result: Result) => unknown) => {
    const result = sampleResult();
    change(result);
    return file(name, result);
  };
  const rated = ({ measurements }: Result) => measurements.filter(({ rate }) => rate !== null);

  test.each([
    [
      'negative.json',
      (r: Result) => rated(r).map(({ rounds }) => rounds[0]?.samplesNs.splice(0, 1, -5)),
      /negative\.json: measurements\[\d+\]\.rounds\[0\]\.samplesNs\[0\]: expected at least 0, got -5/,
    ],
    [
      'none.json',
      (r: Result) => rated(r).map((m) => m.rounds.splice(0)),
      /none\.json: measurements\[\d+\]\.rounds: expected at least one round with samples/,
    ],
    [
      'later.json',
      (r: Result) => Object.assign(r, { schema: 'assay.result/2' }),
      /later\.json: schema: expected "assay\.result\/1", got "assay\.result\/2"/,
    ],
  ] as const)('%s', (name, change, message) => {
    const { status, stdout, stderr } = assay(file('a.json', sampleResult()), changed(name, change));
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([status, stdout]).toEqual([2, '']);
  });
});

test('assay compare reads a thousand files, each against the first', () => {
  const [a, slow] = [file('a.json', sampleResult()), file('slow.json', slowed(1.5))];
  const files = [a, ...Array.from({ length: 999 }, (_, i) => (i === 500 ? slow : a))];
  const { status } = assay(...files, '--json', 'many.json');
  const { comparisons } = JSON.parse(readFileSync(join(folder, 'many.json'), 'utf8'));
  expect([status, comparisons.length]).toEqual([1, 999]);
});

describe('assay compare', () => {
  test('the same run against itself: same, exit 0, and JSON that holds no rounds', () => {
    const a = file('a.json', sampleResult());
    const { status, stdout } = assay(a, a, '--json', 'out.json');
    expect(stdout).toContain('Both are the same run.');
    expect(stdout).toMatch(/assay\/tiled .* 1\.000 \(.*same/);
    expect(status).toBe(0);
    const said = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
    expect(said).toMatchObject({ schema: 'assay.compare/1', minEffect: 0.04, first: { file: 'a.json' } });
    expect(JSON.stringify(said)).not.toContain('samplesNs');
  });

  test('slower on the same card is exit 1, faster is not', () => {
    const [a, slow] = [file('a.json', sampleResult()), file('slow.json', slowed(1.5))];
    expect(assay(a, slow)).toMatchObject({ status: 1, stdout: expect.stringContaining('slower') });
    expect(assay(slow, a)).toMatchObject({ status: 0, stdout: expect.stringContaining('faster') });
    expect(assay(a, slow, '--min-effect', '60').status).toBe(0);
  });

  test('software and hardware: nothing is compared, and exit 4', () => {
    const { status, stdout } = assay(file('a.json', sampleResult()), file('card.json', hardwareResult()));
    expect(stdout).toContain('a software adapter and hardware are not compared');
    expect(status).toBe(4);
  });

  test('several formats at once, one of them on standard output', () => {
    const [a, slow] = [file('a.json', sampleResult()), file('slow.json', slowed(1.5))];
    const { status, stdout, stderr } = assay(a, slow, '--format', 'csv', '--format', 'junit:x.xml', '--json', 'x.json');
    expect(stdout).toMatch(/^first_file,/);
    expect(stderr).toContain('slower');
    expect(readFileSync(join(folder, 'x.xml'), 'utf8')).toContain('<failure type="slower"');
    expect(JSON.parse(readFileSync(join(folder, 'x.json'), 'utf8'))).toMatchObject({ exitCode: 1 });
    expect(status).toBe(1);
  });

  test.each([
    [
      ['a.json', 'a.json', '--format', 'html'],
      /unknown format "html" \(there are: markdown, junit, csv, json, jsonl\)/,
    ],
    [['a.json', 'a.json', '--format', 'csv:/proc/nowhere/x'], /--format csv:\/proc\/nowhere\/x cannot be written/],
    [['a.json', 'a.json', '--format', 'csv', '--json', '-'], /go to the same standard output/],
    [['a.json'], /compare needs two result files or more, got 1/],
    [['a.json', 'nowhere.json'], /nowhere\.json: cannot be read: no such file/],
    [['a.json', 'not.json'], /not\.json/],
    [['a.json', 'a.json', '--min-effect', '101'], /--min-effect must be a percentage from 0 to 100/],
    [['a.json', 'a.json', '--family', 'mininng'], /--family/],
    [['a.json', 'a.json', '--workload', 'copy/n1'], /has no measurement of what --workload and --family name/],
    [['a.json', 'a.json', '--json', '/proc/nowhere/x.json'], /--json \/proc\/nowhere\/x\.json cannot be written/],
  ])('bad input %j exits with 2 and names what is wrong', (args, message) => {
    file('a.json', sampleResult());
    writeFileSync(join(folder, 'not.json'), '{"schema": 1}');
    const { status, stdout, stderr } = assay(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
