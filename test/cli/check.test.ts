import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../harness/root.js';
import { type Check, check as checkSchema } from '../../reports/check.js';
import { checkExporters } from '../../reports/formats/check/index.js';
import { packageCopy } from '../check/repository.js';
import { cardOrSkip, testDevice } from '../harness/adapter.js';

/** This package in a repository whose older commit declares a few things otherwise. */
const repository = packageCopy();
afterAll(() => repository.remove());
const { root } = repository;
const COPY = 'kernels/copy/vec4.wgsl';
const RESIDUAL = 'kernels/residual/pairs.wgsl';

/** As it is here, and as old: the build must not look stale. */
const restore = (path: string) =>
  cpSync(join(packageRoot, path), join(root, path), { preserveTimestamps: true, force: true });

beforeAll(() => {
  repository.edit('kernels/copy/kernel.ts', 'variants: [vec4],', "variants: [vec4, { ...vec4, id: 'second' }],");
  repository.edit('kernels/residual/kernel.ts', 'operations: 3 * bytes(length)', 'operations: 2 * bytes(length)');
  repository.edit('kernels/index.ts', '...[copy, read,', "...[{ ...copy, id: 'lost' }, copy, read,");
  repository.commit('otherwise');
  repository.git('tag', 'otherwise');
  for (const path of ['kernels/copy/kernel.ts', 'kernels/residual/kernel.ts', 'kernels/index.ts']) restore(path);
  repository.commit('as it is');
});
afterEach(() => [COPY, RESIDUAL].forEach(restore));

function assay(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const device = testDevice === undefined ? [] : ['--device', testDevice];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/bench/cli.js'), 'check', ...args, ...device],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', CI: '', ...env } },
  );
  return { status, stdout, stderr };
}

/** Runs a check and reads what it wrote. */
async function checked(context: Parameters<typeof cardOrSkip>[0], ...args: string[]) {
  await (await cardOrSkip(context)).close();
  const { status, stdout, stderr } = assay([...args, '--json', 'check.json']);
  expect(stderr).toBe('');
  expect(stdout).not.toMatch(/undefined|NaN/);
  for (const line of stdout.split('\n').slice(6)) expect(line.length).toBeLessThanOrEqual(80);
  const result: Check = JSON.parse(readFileSync(join(root, 'check.json'), 'utf8'));
  expect(checkSchema.safeParse(result).error).toBeUndefined();
  const file = /^result +(\S+)$/m.exec(stdout)?.[1] as string;
  expect(JSON.parse(readFileSync(join(root, file), 'utf8'))).toEqual(result);
  const verdicts = Object.fromEntries(result.comparisons.map((c) => [`${c.workload} ${c.variant}`, c.verdict]));
  expect(result.exitCode).toBe(status);
  return { status, stdout, result, verdicts };
}

describe('assay check answers', () => {
  test('the same kernels: verified, and timed where that is asked for', async (context) => {
    const { status, stdout, result } = await checked(
      context,
      ...[
        '--against',
        'HEAD',
        '--workload',
        'copy/n65536',
        '--rounds',
        '4',
        '--min-effect',
        '50%',
        '--budget',
        '400',
        '--time-identical',
      ],
    );
    expect(stdout).toMatch(/now +[0-9a-f]{12}: its kernels are the same, byte for byte \(--time-identical/);
    expect(result.now).toMatchObject({ identical: true, uncommitted: [] });
    const [c] = result.comparisons;
    expect(c).toMatchObject({ identical: false, rounds: 4, before: { status: 'correct' }, now: { status: 'correct' } });
    expect(c?.verdict).not.toBe('slower');
    expect([0, 4]).toContain(status);
    expect(c?.now.rounds.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  test('a kernel that does more work, not committed yet: slower', async (context) => {
    const work = 'var v = source[at]; for (var k = 0u; k < 2000u; k++) { v.x = (v.x ^ k) * 1664525u; }';
    repository.edit(
      COPY,
      'destination[at] = source[at];',
      `${work} destination[at] = select(source[at], v, v.x == 7u);`,
    );
    const { status, stdout, result } = await checked(
      context,
      ...['--against', 'HEAD', '--workload', 'copy/n65536', '--min-effect', '10', '--rounds', '10', '--budget', '400'],
    );
    expect(stdout).toMatch(/with uncommitted changes, as they are: kernels\/copy\/vec4\.wgsl/);
    expect(stdout).toMatch(/vec4 .* slower\n/);
    const [c] = result.comparisons;
    expect(c).toMatchObject({ verdict: 'slower', rounds: 20, now: { status: 'correct' } });
    // Ten in one process, ten in a fresh one.
    expect(c?.processes.map(({ rounds }) => rounds)).toEqual([10, 10]);
    expect(c?.ratio?.high).toBeLessThan(0.9);
    expect((c?.before.rate?.value as number) > (c?.now.rate?.value as number)).toBe(true);
    expect(status).toBe(1);
  });

  test('a kernel that is wrong: incorrect, and no number', async (context) => {
    repository.edit(RESIDUAL, 'unpackPair(x[i]) + unpackPair(y[i])', 'unpackPair(x[i]) - unpackPair(y[i])');
    const { status, stdout, result } = await checked(
      context,
      ...['--against', 'HEAD', '--workload', 'residual/f32/n258', 'copy/n65536'],
    );
    expect(result.comparisons).toMatchObject([
      { verdict: 'incorrect', ratio: null, now: { status: 'incorrect', rate: null, rounds: [] } },
      { verdict: 'same', identical: true, ratio: null, now: { status: 'correct' } },
    ]);
    expect(stdout).toMatch(/\nWrong\n {2}residual\/f32\/n258 pairs: The other revision is right on this card/);
    expect(stdout.replace(/\s+/g, ' ')).toContain('wrong result: The output is wrong');
    expect(stdout).toMatch(/vec4 .* same program\n/);
    expect(status).toBe(1);
  });

  test('what is declared otherwise is reported and not compared', async (context) => {
    const args = ['--against', 'otherwise', '--workload', 'copy/n65536', 'residual/f32/n258'];
    const formats = ['markdown', 'junit', 'csv', 'json', 'jsonl'].map((name) => `--format=${name}:out.${name}`);
    const { status, stdout, verdicts, result } = await checked(context, ...args, ...formats);
    for (const [name, exporter] of checkExporters)
      expect(readFileSync(join(root, `out.${name}`), 'utf8'), name).toBe(exporter.render(result));
    expect(verdicts).toEqual({
      'copy/n65536 vec4': 'same',
      'copy/n65536 second': 'gone',
      'residual/f32/n258 pairs': 'changed',
    });
    expect(result.comparisons.map(({ ratio }) => ratio)).toEqual([null, null, null]);
    expect(stdout).toMatch(/Changed, so not compared\n.*mandatory operations: 2064 before,\s+3096 now/);
    expect(stdout).toMatch(/\nGone\n {2}copy\/n65536 second\n/);
    expect(status).toBe(4);
    expect((await checked(context, ...args, '--ambiguous', 'pass')).status).toBe(0);
    // What was not asked for is not missed; a family of a suite misses its own.
    expect(result.vanished).toEqual([]);
  });

  test('a stored result: weaker evidence, which it says, and a larger change is asked for', async (context) => {
    const measured = spawnSync(
      process.execPath,
      [
        ...[join(root, 'dist/bench/cli.js'), 'run', '--workload', 'copy/n65536', 'residual/f32/n258'],
        ...['--no-baselines', '--rounds', '5', '--json', 'stored.json'],
        ...(testDevice === undefined ? [] : ['--device', testDevice]),
      ],
      { cwd: root, encoding: 'utf8' },
    );
    expect(measured.stderr).toBe('');
    const stored = JSON.parse(readFileSync(join(root, 'stored.json'), 'utf8'));
    // Says that the other time had a clock twice as fast, and has a workload that is there no more.
    for (const m of stored.measurements)
      for (const round of m.rounds)
        for (const clock of ['samplesNs', 'hostSamplesNs']) round[clock] = round[clock].map((ns: number) => ns / 4);
    const [copy] = stored.measurements;
    stored.measurements.push({ ...copy, workload: 'copi/n1' });
    writeFileSync(join(root, 'stored.json'), JSON.stringify(stored));
    repository.edit(RESIDUAL, 'unpackPair(x[i]) + unpackPair(y[i])', 'unpackPair(x[i]) - unpackPair(y[i])');
    const { status, stdout, result, verdicts } = await checked(context, '--against', 'stored.json', '--rounds', '6');
    expect(stdout).toMatch(/changes beyond 4 %/);
    expect(stdout.replace(/\s+/g, ' ')).toContain('from different times, which is weaker evidence');
    expect(verdicts).toEqual({ 'copy/n65536 vec4': 'slower', 'residual/f32/n258 pairs': 'incorrect' });
    expect(result).toMatchObject({
      ...{ against: { ref: 'stored.json', commit: null, result: { id: stored.id } }, vanished: ['workload copi/n1'] },
      settings: { minEffect: 0.04, looks: [6], seed: stored.seed, budgetSeconds: null },
    });
    expect(status).toBe(1);
    writeFileSync(join(root, 'other.json'), JSON.stringify({ ...stored, device: { ...stored.device, name: 'other' } }));
    const refused = assay(['--against', 'other.json']);
    expect(refused.stderr).toMatch(/it was measured on other, this is .*compare cards with `assay compare`/);
    expect(refused.status).toBe(2);
  });

  test('interrupted: it says so, ends its worker, and keeps what it has', async (context) => {
    await (await cardOrSkip(context)).close();
    const device = testDevice === undefined ? [] : ['--device', testDevice];
    const args = ['check', '--against', 'HEAD', '--workload', 'copy/n65536', '--json', 'cut.json', ...device];
    const child = spawn(process.execPath, [join(root, 'dist/bench/cli.js'), ...args], { cwd: root });
    let said = '';
    let sent = false;
    child.stdout.on('data', (data) => {
      said += data;
      // A second one ends the program wherever it is.
      if (!sent && /^now /m.test(said)) sent = child.kill('SIGINT');
    });
    const [status] = await once(child, 'close');
    expect(said).toMatch(/Interrupted: what was found so far is above/);
    expect(JSON.parse(readFileSync(join(root, 'cut.json'), 'utf8'))).toMatchObject({
      ...{ exitCode: 130, stopped: { code: 'interrupted' } },
    });
    expect(status).toBe(130);
  });

  test('without an adapter there is no answer', () => {
    const nowhere = { VK_DRIVER_FILES: '/nonexistent.json', VK_ICD_FILENAMES: '/nonexistent.json' };
    const { status, stderr } = assay(['--against', 'HEAD', '--workload', 'copy/n16', '--hardware'], nowhere);
    expect(stderr).toMatch(/no GPU adapter can be used/);
    expect(status).toBe(3);
  });
});

describe('assay check refuses by name, before a card is opened', () => {
  test.each([
    [['--workload', 'copy/n16'], /required option '--against <ref>' not specified/],
    [['--against', 'nowhere'], /--against nowhere: no branch, tag or commit of this repository has that name/],
    [['--against', 'nowhere.json'], /nowhere\.json: cannot be read: no such file/],
    [['--against', 'package.json'], /package\.json: .*schema/],
    [['--against', 'nowhere.json', '--suite', 'ci'], /--suite is for another revision/],
    [['--against', 'HEAD', '--processes', '2'], /--processes must be 1, or 3 and more/],
    [['--against', 'HEAD', '--workload', 'copi/n16'], /unknown kernel "copi"; did you mean "copy"\?/],
    [
      ['--against', 'HEAD', '--workload', 'copy/n16', '--variant', 'vec5'],
      /unknown variant "vec5"; did you mean "vec4"/,
    ],
    [['--against', 'HEAD', '--workload', 'copy/n16', '--suite', 'ci'], /--workload and --suite exclude each other/],
    [['--against', 'HEAD', '--workload', 'copy/n16', '--family', 'ai'], /--family ai leaves no workload: .* memory/],
    [['--against', 'HEAD', '--family', 'mininng'], /--family/],
    [['--against', 'HEAD', '--suite', 'cy'], /unknown suite "cy"; did you mean|unknown suite "cy"/],
    [['--against', 'HEAD', '--rounds', '1'], /--rounds must be a whole number from 2 to 1000/],
    [['--against', 'HEAD', '--budget', '0'], /--budget must be a number of seconds, more than 0/],
    [['--against', 'HEAD', '--min-effect', '-1'], /--min-effect must be a percentage/],
    [['--against', 'HEAD', '--min-effect', '101'], /--min-effect must be a percentage/],
    [['--against', 'HEAD', '--ambiguous', 'maybe'], /Allowed choices are pass, fail/],
    [
      ['--against', 'HEAD', '--format', 'bencher'],
      /unknown format "bencher" \(there are: markdown, junit, csv, json, js/,
    ],
    [['--against', 'HEAD', '--format', 'markdwon:x'], /did you mean "markdown"\?/],
    [['--against', 'HEAD', '--format', 'csv:/proc/nowhere/x'], /--format csv:\/proc\/nowhere\/x cannot be written/],
    [['--against', 'HEAD', '--json', '/proc/nowhere/x.json'], /--json \/proc\/nowhere\/x\.json cannot be written/],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = assay(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([status, stdout]).toEqual([2, '']);
  });

  test('a build that is older than its sources', () => {
    const source = join(root, 'kernels/copy/reference.ts');
    utimesSync(source, new Date(), new Date(Date.now() + 60_000));
    const { status, stderr } = assay(['--against', 'HEAD', '--workload', 'copy/n16']);
    restore('kernels/copy/reference.ts');
    expect(stderr).toMatch(/kernels\/copy\/reference\.ts was changed after the build.*npm run build/);
    expect(status).toBe(3);
  });

  test('nothing is left of a revision but its own folder', () => {
    const folder = join(root, 'node_modules/.cache/assay/revisions');
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
