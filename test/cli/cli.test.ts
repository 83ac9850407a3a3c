import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtFile, packageRoot } from '../../harness/root.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assay(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('bench/cli.js'), ...args], {
    ...{ cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', ...env } },
  });
  return { status, stdout, stderr };
}
/** An environment in which no adapter can be found: no driver, and no SwiftShader to fall back on. */
const nowhere = { VK_DRIVER_FILES: '/nonexistent.json', VK_ICD_FILENAMES: '/nonexistent.json' };

describe('bad input exits with 2 and names what is wrong', () => {
  test.each([
    [['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run/],
    [['run', '--wokload', 'x'], /unknown option '--wokload'[\s\S]*Did you mean --workload/],
    [['run', 'quik'], /unknown suite "quik"; did you mean "quick"\?/],
    [['run', 'quick', 'extra'], /too many arguments/],
    [['run', '--workload', 'matmull/f32/m1-n1-k1'], /unknown kernel "matmull"; did you mean "matmul"\?/],
    [['run', '--workload', 'matmul/f32/m0-n1-k1'], /m must be a whole number from 1 to 65536, got 0/],
    [['run', '--workload', 'matmul/f32/m1-n1-k1.5'], /k must be a whole number/],
    [['run', '--workload', 'attention/f32/b1-h3-kv2-q1-k1-d1'], /heads/],
    [
      ['run', '--baseline', 'onnxruntime/webgpi'],
      /unknown baseline "onnxruntime\/webgpi"; did you mean "onnxruntime\/webgpu"/,
    ],
    [['run', '--rounds', '0'], /--rounds must be a whole number from 1 to 1000/],
    [['run', '--rounds', 'ten'], /--rounds must be a whole number/],
    [['run', '--seed', '-1'], /seed/],
    [['run', '--mode', 'fast'], /Allowed choices are safe, peer-equal/],
    [['run', '--software', '--hardware'], /exclude each other/],
    [['run', '--baseline', 'node-crypto/cpu', '--no-baselines'], /exclude each other/],
    [['run', '--external', 'hashcat'], /--external must be NAME=COMMAND or NAME:FORMAT=COMMAND, got "hashcat"/],
    [['run', '--external-file', 'x:hashcatt=y'], /unknown format "hashcatt"; did you mean "hashcat"\?/],
    [['run', '--external-file', 'hashcat=nowhere.txt'], /\/nowhere\.txt cannot be read: no such file/],
    [['run', '--external', 'a=b', '--external', 'a=c'], /two external programs are called a/],
    [['run', '--external', 'a=b', 'quik'], /unknown suite "quik"/],
    [['run', '--external-timeout', '0'], /--external-timeout must be a whole number from 1 to 86400/],
    [['run', '--json', '/proc/nowhere/x.json'], /--json \/proc\/nowhere\/x\.json cannot be written/],
    [
      ['run', '--workload', 'sha256d-scan/n1', '--variant', 'unroled'],
      /unknown variant "unroled"; did you mean "unrolled"\?/,
    ],
    [
      ['run', '--workload', 'sha256d-scan/n1', 'copy/n16', '--variant', 'naive'],
      /--variant names none of copy: it has vec4/,
    ],
    [['run', '--workload', 'zzzzzz'], /unknown kernel "zzzzzz" \(there are/],
    [['list', 'sha265'], /unknown kernel "sha265"; did you mean "sha256"\?/],
    [['cards', 'rtx-309'], /unknown card "rtx-309"; did you mean "rtx-3090"\?/],
    [['resume', 'nothing'], /no journal of a run "nothing"/],
    [['resume'], /no unfinished run in results/],
  ])('assay %j', (args, message) => {
    const { status, stdout, stderr } = assay(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });

  test('an output folder that cannot be made is named before anything is measured', () => {
    writeFileSync(join(folder, 'a-file'), '');
    const { status, stderr } = assay(['run', '--out', 'a-file/results', '--workload', 'sha256d-scan/n1']);
    expect(stderr).toMatch(/results folder a-file\/results cannot be written.*--out/);
    expect(status).toBe(2);
  });

  test('a read-only output folder', (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    const locked = mkdtempSync(join(folder, 'locked-'));
    chmodSync(locked, 0o555);
    expect(assay(['run', '--out', locked, '--workload', 'sha256d-scan/n1']).status).toBe(2);
  });

  test('journals that are none', () => {
    writeFileSync(join(folder, 'broken.jsonl'), 'not json\n{"type":"start"}\n');
    expect(assay(['resume', join(folder, 'broken.jsonl')])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/broken\.jsonl: line 1 is not JSON/),
    });
    writeFileSync(join(folder, 'empty.jsonl'), '');
    expect(assay(['resume', join(folder, 'empty.jsonl')])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no start record/),
    });
  });
});

describe('an environment that cannot exits with 3', () => {
  test('no adapter of the kind that was asked for', () => {
    const { status, stderr } = assay(['run', '--hardware', '--workload', 'sha256d-scan/n1'], nowhere);
    expect(stderr).toMatch(/no GPU adapter can be used[\s\S]*assay doctor/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(3);
  });
});

describe('what can be asked without an adapter', () => {
  test('--help and --version', () => {
    expect(assay(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('Exit codes') });
    expect(assay(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test('--help loads nothing heavy', () => {
    const loads = join(folder, 'loads.mjs');
    writeFileSync(
      loads,
      `import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(
        'import { appendFileSync } from "node:fs"; export async function load(url, c, next) { appendFileSync(' +
        JSON.stringify(${JSON.stringify(join(folder, 'loaded.txt'))}) + ', url + "\\\\n"); return next(url, c); }'), import.meta.url);`,
    );
    const cli = builtFile('bench/cli.js');
    const { status } = spawnSync(process.execPath, ['--import', loads, cli, '--help'], { encoding: 'utf8' });
    expect(status).toBe(0);
    const loaded = spawnSync('cat', [join(folder, 'loaded.txt')], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n');
    const foreign = loaded.filter(
      (url) => url.startsWith('file:') && !/node_modules\/commander\/|dist\/bench\/cli\.js/.test(url),
    );
    expect(foreign).toEqual([]);
    expect(loaded.some((url) => url.includes('commander'))).toBe(true);
  });

  test('list names every kernel with its variants, suites and baselines', () => {
    const { status, stdout } = assay(['list']);
    expect(status).toBe(0);
    for (const word of ['sha256d-scan', 'register-tiled', 'onnxruntime/webgpu', 'quick', 'matmul/f32/m512-n512-k512'])
      expect(stdout).toContain(word);
    expect(JSON.parse(assay(['list', '--json', '-']).stdout)).toMatchObject({ schema: 'assay.list/1' });
  });

  test('cards lists every card, and one with its sources', () => {
    const { status, stdout } = assay(['cards']);
    expect(status).toBe(0);
    for (const word of ['rtx-3090', '936 GB/s', '106 MH/s m', '–', 'u unverified']) expect(stdout).toContain(word);
    expect(assay(['cards', 'rtx-3090']).stdout).toMatch(/f32: 35\.6.TFLOP\/s, spec \(\w/);
    expect(JSON.parse(assay(['cards', '--json', '-']).stdout)).toMatchObject({ schema: 'assay.cards/1' });
  });

  test('schema is a JSON Schema of the result', () => {
    const { status, stdout } = assay(['schema']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'assay.result/1', type: 'object' });
    expect(JSON.parse(assay(['schema', 'check']).stdout)).toMatchObject({ title: 'assay.check/1', type: 'object' });
    expect(assay(['schema', 'chek']).status).toBe(2);
  });

  test('the package’s root is found from the build', () => {
    expect(builtFile('bench/cli.js')).toBe(join(packageRoot, 'dist', 'bench', 'cli.js'));
  });
});
