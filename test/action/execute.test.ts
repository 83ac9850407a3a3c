import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../harness/root.js';
import { check as checkSchema } from '../../reports/check.js';
import { packageCopy } from '../check/repository.js';
import { cardOrSkip, testDevice } from '../harness/adapter.js';
import { validJunit } from '../reports/parsers.js';
import { runAction } from './runner.js';

/** The action's own steps, run for real: on a software adapter, in a clone with a commit to compare with. */

const repository = packageCopy();
const { root } = repository;
const elsewhere = mkdtempSync(join(tmpdir(), 'assay-elsewhere-'));
afterAll(() => {
  repository.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});
const RESIDUAL = 'kernels/residual/pairs.wgsl';
let base = '';
beforeAll(() => {
  base = repository.commit('as it is');
});
afterEach(() => cpSync(join(packageRoot, RESIDUAL), join(root, RESIDUAL), { preserveTimestamps: true, force: true }));

const pull = (sha: string) => ['pull_request', { pull_request: { base: { sha } } }] as const;
const software = testDevice === 'swiftshader' ? 'swiftshader' : 'auto';
/** Small, built already, and as Node is here. */
const small = { 'node-version': '', install: 'false', adapter: software, workloads: 'residual/f32/n258\n copy/n65536' };
const act = (
  inputs: Record<string, string>,
  event: readonly [string, object] = pull(base),
  env: NodeJS.ProcessEnv = {},
) => runAction(root, { ...small, ...inputs }, event, env);

describe('the action', () => {
  test('a kernel that is wrong fails the job, and the summary says which', async (context) => {
    await (await cardOrSkip(context)).close();
    repository.edit(RESIDUAL, 'unpackPair(x[i]) + unpackPair(y[i])', 'unpackPair(x[i]) - unpackPair(y[i])');
    const { status, log, summary, outputs, used } = act({});
    expect(log).toContain('::error title=Assay::Assay check: No: 1 incorrect of 2 (exit code 1)');
    expect({ status, ...outputs }).toMatchObject({ status: 1, 'exit-code': '1', verdict: 'fail' });
    expect(summary).toMatch(/^## Assay check: No: 1 incorrect of 2\n/);
    expect(summary).toContain(
      '- `residual/f32/n258` `pairs`: The other revision is right on this card, so look at what changed. wrong result:',
    );
    expect(summary).toContain('- `copy/n65536`: `vec4`');
    // Compared with the base of the pull request, without anything having been named.
    const result = checkSchema.parse(JSON.parse(readFileSync(outputs.result as string, 'utf8')));
    expect(result).toMatchObject({ exitCode: 1, against: { ref: base, commit: base }, settings: { minEffect: 0.02 } });
    await validJunit(readFileSync(outputs.junit as string, 'utf8'));
    expect(used).toEqual({
      'actions/upload-artifact@v4': { name: 'assay', path: outputs.directory, 'if-no-files-found': 'ignore' },
    });
    expect(readdirSync(outputs.directory as string)).toEqual(
      expect.arrayContaining(['junit.xml', 'result.csv', 'result.json', 'summary.md']),
    );
  });

  test('what is right and the same passes', async (context) => {
    await (await cardOrSkip(context)).close();
    writeFileSync(join(root, 'kernels/more.md'), 'A tree that differs from the base in no program.');
    const { status, log, summary, outputs, used } = act({ artifact: '', ambiguous: 'pass', summary: 'false' });
    rmSync(join(root, 'kernels/more.md'));
    expect(log).toContain('::notice title=Assay::Assay check: Yes: none slower, none incorrect');
    expect({ status, summary, ...outputs }).toMatchObject({ status: 0, summary: '', verdict: 'pass' });
    expect(used).toEqual({});
  });

  test('a run without a clone measures the kernels of the action', async (context) => {
    await (await cardOrSkip(context)).close();
    const inputs = { ...small, command: 'run', workloads: 'copy/n65536', rounds: '2' };
    const { status, summary, outputs } = runAction(elsewhere, inputs, ['push', {}]);
    expect({ status, verdict: outputs.verdict }).toEqual({ status: 0, verdict: 'pass' });
    expect(summary).toMatch(/^## Assay: `custom` on/);
    expect(summary).toContain('### Next steps');
    expect(outputs.result).toBe(join(elsewhere, 'assay-results/result.json'));
    expect(JSON.parse(readFileSync(outputs.result as string, 'utf8'))).toMatchObject({ schema: 'assay.result/1' });
  });

  test('without a GPU where one is asked for there is no answer: exit code 3, in the summary too', () => {
    const nowhere = { VK_DRIVER_FILES: '/nonexistent.json', VK_ICD_FILENAMES: '/nonexistent.json' };
    const { status, summary, outputs } = act({ adapter: 'gpu' }, pull(base), nowhere);
    expect({ status, verdict: outputs.verdict, result: outputs.result }).toEqual({
      ...{ status: 3, verdict: 'environment', result: '' },
    });
    expect(summary).toMatch(/^## Assay: environment, exit code 3\n\n```text\n.*no GPU adapter can be used/);
  });
});

describe('bad input ends with 2 and says what', () => {
  test.each([
    [{ command: 'chekc' }, /input command must be check or run, not "chekc"/],
    [{ adapter: 'vulkan' }, /input adapter must be auto, gpu, lavapipe or swiftshader, not "vulkan"/],
    [{ suite: 'ci' }, /inputs workloads and suite exclude each other/],
    [{ 'working-directory': 'nowhere' }, /input working-directory: .*nowhere does not exist/],
    [{ 'working-directory': 'kernels' }, /kernels is no clone of Assay/],
    [{ against: '--upload-pack=touch x' }, /no branch, tag or commit of this repository has that name/],
    [{ against: '$(touch pwned)`touch pwned`\n; touch pwned' }, /no branch, tag or commit of this repository/],
    [{ workloads: 'copi/n16' }, /unknown kernel "copi"; did you mean "copy"\?/],
    [{ workloads: '--time-identical' }, /unknown kernel|workload/],
    [{ budget: 'soon' }, /--budget must be a number of seconds/],
    [{ command: 'run', budget: '3' }, /input budget is for command: check; a run has none/],
  ])('%j', (inputs, message) => {
    // Nothing has to be looked for to be refused.
    const { status, log, summary, outputs } = act({ adapter: 'swiftshader', ...(inputs as Record<string, string>) });
    expect(outputs.message).toMatch(message);
    expect(log).toMatch(/^::error title=Assay::.*\(exit code 2\)$/m);
    expect(summary).toMatch(/^## Assay: bad-input, exit code 2\n\n```text\n/);
    expect({ status, verdict: outputs.verdict, result: outputs.result }).toEqual({
      ...{ status: 2, verdict: 'bad-input', result: '' },
    });
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });

  test.each([
    ['push', { before: '0'.repeat(40) }],
    ['workflow_dispatch', {}],
  ])('a %s event without a base asks for one', (name, payload) => {
    const { outputs } = act({}, [name, payload]);
    expect(outputs.message).toBe(
      `input against: a ${name} event has no base to compare with; name a branch, tag or commit`,
    );
  });
});

describe('lavapipe', () => {
  const nowhere = { VK_DRIVER_FILES: '/nonexistent.json', VK_ICD_FILENAMES: '/nonexistent.json' };
  /** An apt-get that notes what it was asked for, and a sudo that does it. */
  function withApt(exitCode: number): { env: NodeJS.ProcessEnv; asked: () => string } {
    const bin = mkdtempSync(join(elsewhere, 'bin-'));
    const script = (name: string, text: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    script('apt-get', `echo "$@" >> ${bin}/asked; exit ${exitCode}`);
    script('sudo', 'shift; exec "$@"');
    const path = join(bin, 'asked');
    return {
      env: { ...nowhere, PATH: `${bin}:${process.env.PATH}` },
      asked: () => (existsSync(path) ? readFileSync(path, 'utf8') : ''),
    };
  }

  test('is installed where it is asked for, and that it is still missing is no adapter', () => {
    const { env, asked } = withApt(0);
    const { status, outputs } = act({ adapter: 'lavapipe' }, pull(base), env);
    expect(asked()).toBe('update\ninstall -y --no-install-recommends mesa-vulkan-drivers libvulkan1\n');
    expect(outputs.message).toMatch(/adapter lavapipe is not here \(its packages were installed\)/);
    expect(status).toBe(3);
  });

  test('an installation that fails is told', () => {
    const { outputs } = act({ adapter: 'lavapipe' }, pull(base), withApt(100).env);
    expect(outputs.message).toMatch(
      /is not here \(apt-get update ended with 100\)\. Debian, Ubuntu: apt-get install mesa/,
    );
  });

  test('auto installs nothing on a runner of somebody’s own, and on GitHub’s it does', () => {
    const bad = { workloads: 'copi/n16' };
    const own = withApt(0);
    expect(act(bad, pull(base), own.env).log).toMatch(
      /::notice title=Assay::No GPU and no lavapipe \(nothing is installed/,
    );
    expect(own.asked()).toBe('');
    const hosted = withApt(0);
    act(bad, pull(base), { ...hosted.env, RUNNER_ENVIRONMENT: 'github-hosted' });
    expect(hosted.asked()).toContain('install -y');
  });
});
