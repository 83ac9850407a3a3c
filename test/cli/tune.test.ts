import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolIdentity } from '../../bench/run/provenance.js';
import { parseWorkload } from '../../bench/suites/index.js';
import { CACHE_SCHEMA, type CacheEntry } from '../../bench/tune/cache-file.js';
import { builtFile } from '../../harness/root.js';
import { sourceHash } from '../../harness/source-hash.js';
import type { Variant } from '../../kernels/declaration.js';
import { cardOrSkip, testDevice } from '../harness/adapter.js';
import { entry } from '../tune/entries.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-cli-tune-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assay(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('bench/cli.js'), ...args], {
    ...{
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', ASSAY_TUNING_CACHE: join(folder, 'c.json') },
    },
  });
  return { status, stdout, stderr };
}

const readText = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('assay tune refuses by name, before a card is opened', () => {
  beforeAll(() => writeFileSync(join(folder, 'a-file'), ''));
  test.each([
    [['tune', 'sha256d-scam'], /unknown kernel "sha256d-scam"; did you mean "sha256d-scan"\?/],
    [['tune', 'matmul/f32/m0-n1-k1'], /m must be a whole number/],
    [['tune', 'matmul', '--variant', 'tield'], /unknown variant "tield"; did you mean "tiled"\?/],
    [['tune', 'ethash-cache'], /ethash-cache has nothing to tune: none of its variants declares a tuning space/],
    [['tune', 'matmul', '--variant', 'naive'], /matmul: naive has nothing to tune; of its variants .*tiled/],
    [['tune', '--budget', '0'], /--budget must be a number of seconds, more than 0/],
    [['tune', '--budget', 'NaN'], /--budget must be a number of seconds/],
    [['tune', '--budget', '-5'], /--budget|unknown option/],
    [['tune', '--budget', '1e999'], /--budget must be a number of seconds/],
    [['tune', '--seed', '1.5'], /--seed must be a whole number/],
    [['tune', '--software', '--hardware'], /exclude each other/],
    [['tune', '--cache', 'a-file/tuning.json'], /tuning cache a-file\/tuning\.json cannot be written: .*--no-cache/],
    [['tune', '--json', '/proc/nowhere/x.json'], /--json \/proc\/nowhere\/x\.json cannot be written/],
    [['run', '--tunning'], /unknown option '--tunning'/],
  ])('assay %j', (args, message) => {
    const { status, stdout, stderr } = assay(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([status, stdout]).toEqual([2, '']);
  });
});

describe('from tuning to a run', () => {
  test('assay tune shows what it found, writes it as JSON, and keeps its time', async (context) => {
    await (await cardOrSkip(context)).close();
    const device = testDevice === undefined ? [] : ['--device', testDevice];
    const { status, stdout, stderr } = assay(
      ...['tune', 'sha256d-scan/n4099', '--variant', 'unrolled', '--budget', '8', '--json', 't.json', ...device],
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /assay tune: 1 workload, at most 8 s, mode safe, seed 1\ncard[\s\S]*\nsha256d-scan\/n4099\n/,
    );
    const report = JSON.parse(readText('t.json'));
    expect(report).toMatchObject({
      schema: 'assay.tune/1',
      budgetSeconds: 8,
      cache: join(folder, 'c.json'),
      exitCode: 0,
    });
    expect(report.workloads[0].workload).toBe('sha256d-scan/n4099');
    expect(stdout).not.toMatch(/undefined|NaN/);
  });

  test('a run uses the winners and says so, resumes with the same, and goes without when told to', async (context) => {
    const card = await cardOrSkip(context);
    await card.close();
    const device = testDevice === undefined ? [] : ['--device', testDevice];
    const { kernel, shape } = parseWorkload('sha256d-scan/n4099');
    const variant = kernel.variants.find((v) => v.id === 'unrolled') as Variant<unknown, unknown>;
    const { name, driver, backend } = card.device;
    const tuning = { group: 128 };
    const winner = entry({
      ...{ device: name, driver, backend, workload: 'sha256d-scan/n4099', variant: 'unrolled', tuning },
      toolVersion: toolIdentity().version,
      sourceHash: sourceHash(kernel, variant, shape, tuning, card.limits),
    });
    const keep = (kept: CacheEntry) =>
      writeFileSync(join(folder, 'c.json'), JSON.stringify({ schema: CACHE_SCHEMA, entries: [kept] }));
    keep(winner);

    const workloads = ['--workload', 'sha256d-scan/n4099', 'sha256d-scan/n5000', '--variant', 'unrolled'];
    const run = (...more: string[]) =>
      assay('run', ...workloads, '--no-baselines', '--rounds', '2', '--json', 'r.json', ...device, ...more);
    const sources = () =>
      JSON.parse(readText('r.json')).measurements.map((m: Record<string, unknown>) => [m.tuningSource, m.tunedOn]);
    const first = run();
    expect(first.stderr).toBe('');
    expect(sources()).toEqual([
      ['tuned', 'sha256d-scan/n4099'],
      ['near', 'sha256d-scan/n4099'],
    ]);
    expect(first.stdout).toMatch(/tuning +2 found by `assay tune` on this adapter, 1 of them for a near shape/);
    expect(first.stdout).toMatch(/assay\/unrolled\*[\s\S]*\* Tuned on this adapter/);
    expect(JSON.parse(readText('r.json')).measurements[0].tuning).toEqual(tuning);

    // What is left of a run that was killed after its first lines, taken up when the cache is gone.
    const journal = /journal +(\S+)/.exec(first.stdout)?.[1] as string;
    const begun = readText(journal).split('\n').slice(0, 2).join('\n');
    writeFileSync(join(folder, journal), `${begun}\n`);
    rmSync(join(folder, 'c.json'));
    const resumed = assay('resume', journal, '--json', 'r.json');
    expect(resumed.stderr).toBe('');
    expect(resumed.stdout).toMatch(/tuning +2 found .*; as when the run began/);
    expect(sources().map(([source]: string[]) => source)).toEqual(['tuned', 'near']);

    const without = run('--no-tuning');
    expect(without.stdout).toMatch(/tuning +defaults\n/);
    expect(sources()).toEqual([
      ['default', null],
      ['default', null],
    ]);

    keep({ ...winner, sourceHash: 'f'.repeat(64) });
    const stale = run();
    expect(stale.status).toBe(0);
    expect(stale.stderr).toMatch(/sha256d-scan\/n4099 unrolled: the kernel has changed; it is ignored, `assay tune/);
    expect(sources()[0]).toEqual(['default', null]);
    expect(existsSync(join(folder, 'c.json.bad'))).toBe(false);
  });
});
