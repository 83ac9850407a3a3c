import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parse } from 'yaml';
import { packageRoot } from '../../harness/root.js';

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const strings = (values: Readonly<Record<string, string>>) =>
  new data.Dictionary(...Object.entries(values).map(([key, value]) => ({ key, value: new data.StringData(value) })));

/** By GitHub's own evaluator. The functions of a step's status are its runner's: nothing before has failed here. */
function evaluate(
  expression: string,
  inputs: Record<string, string>,
  steps: Record<string, Record<string, string>>,
): string {
  const context = new data.Dictionary(
    { key: 'inputs', value: strings(inputs) },
    {
      key: 'steps',
      value: new data.Dictionary(
        ...Object.entries(steps).map(([key, outputs]) => ({
          key,
          value: new data.Dictionary({ key: 'outputs', value: strings(outputs) }),
        })),
      ),
    },
  );
  const { tokens } = new Lexer(expression.replaceAll('always()', 'true')).lex();
  return new Evaluator(new Parser(tokens, ['inputs', 'steps'], []).parse(), context).evaluate().coerceString();
}

/** What a `name<<mark` file of the runner holds. */
function fileCommands(path: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, , value] of readFileSync(path, 'utf8').matchAll(/^([\w-]+)<<(.+)\n([\s\S]*?)\n\2$/gm))
    found[name as string] = value as string;
  return found;
}

export interface Ran {
  /** Of the last step that failed; 0 where none did. */
  readonly status: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What steps of other actions were given, by their name and version. */
  readonly used: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Runs the steps of action.yml as a runner would, but for those of other actions, which are only noted down.
 * @param workspace where the checkout is
 * @param event its name and payload
 */
export function runAction(
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  event: readonly [string, object],
  env: NodeJS.ProcessEnv = {},
): Ran {
  const action: Action = parse(readFileSync(join(packageRoot, 'action.yml'), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'assay-action-'));
  try {
    const given = Object.fromEntries(Object.entries(action.inputs).map(([name, { default: value }]) => [name, value]));
    for (const [name, value] of Object.entries(inputs)) {
      if (!(name in given)) throw new Error(`the action has no input ${name}`);
      given[name] = value;
    }
    const steps: Record<string, Record<string, string>> = Object.fromEntries(
      action.runs.steps.flatMap(({ id }) => (id === undefined ? [] : [[id, {}]])),
    );
    const filled = (text: string) =>
      String(text).replaceAll(/\$\{\{(.*?)\}\}/g, (_, inner: string) => evaluate(inner, given, steps));
    const filledAll = (all: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(Object.entries(all).map(([name, value]) => [name, filled(value)]));
    const at = (name: string) => join(folder, name);
    writeFileSync(at('event.json'), JSON.stringify(event[1]));
    writeFileSync(at('summary'), '');
    const used: Record<string, Record<string, string>> = {};
    let [status, log] = [0, ''];
    for (const step of action.runs.steps) {
      if (step.if !== undefined && evaluate(step.if, given, steps) !== 'true') continue;
      if (step.uses !== undefined) used[step.uses] = filledAll(step.with);
      if (step.run === undefined) continue;
      writeFileSync(at('output'), '');
      const github = {
        ...{ GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_WORKSPACE: workspace, GITHUB_ACTION_PATH: packageRoot },
        ...{ GITHUB_EVENT_NAME: event[0], GITHUB_EVENT_PATH: at('event.json') },
        ...{ GITHUB_OUTPUT: at('output'), GITHUB_STEP_SUMMARY: at('summary'), RUNNER_ENVIRONMENT: 'self-hosted' },
      };
      const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
        ...{ cwd: workspace, encoding: 'utf8', maxBuffer: 1 << 26 },
        env: { ...process.env, NO_COLOR: '1', ...github, ...env, ...filledAll(step.env) },
      });
      log += done.stdout + done.stderr;
      if (done.status !== 0) status = done.status ?? -1;
      if (step.id !== undefined) steps[step.id] = fileCommands(at('output'));
    }
    const outputs = Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value)]),
    );
    return { status, log, summary: readFileSync(at('summary'), 'utf8'), outputs, used };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
