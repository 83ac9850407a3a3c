// What the action was asked for, checked and turned into arguments of `assay`.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A message for whoever wrote the workflow, with the exit code that `assay` would have. */
export class Refusal extends Error {
  constructor(message, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

const CHOICES = {
  command: ['check', 'run'],
  ambiguous: ['fail', 'pass'],
  adapter: ['auto', 'gpu', 'lavapipe', 'swiftshader'],
  baselines: ['true', 'false'],
  install: ['true', 'false'],
  summary: ['true', 'false'],
};

/** Inputs that only one of the commands has, with the options that they become. */
const ONLY_CHECK = { families: 'family', budget: 'budget', 'min-effect': 'min-effect' };

/**
 * @param env the step's environment
 * @throws {Refusal} naming the input
 */
export function readInputs(env) {
  const given = (name) => (env[`INPUT_${name.toUpperCase().replaceAll('-', '_')}`] ?? '').trim();
  const choice = (name) => {
    const value = given(name);
    if (!CHOICES[name].includes(value))
      throw new Refusal(
        `input ${name} must be ${CHOICES[name].join(', ').replace(/, (\w+)$/, ' or $1')}, not "${value}"`,
      );
    return value;
  };
  const command = choice('command');
  const root = rootOf(
    command,
    resolve(env.GITHUB_WORKSPACE ?? '.', given('working-directory')),
    env.GITHUB_ACTION_PATH,
  );
  const words = (name) => given(name).split(/\s+/).filter(Boolean);
  const workloads = words('workloads');
  const suite = given('suite');
  if (workloads.length > 0 && suite !== '') throw new Refusal('inputs workloads and suite exclude each other');
  const args = [command];
  // With `=` nothing that a workflow says can become an option.
  const option = (name, values) => args.push(...values.map((value) => `--${name}=${value}`));
  option('workload', workloads);
  option('variant', words('variants'));
  option('rounds', words('rounds'));
  if (command === 'check') {
    option('against', [againstOf(given('against'), env)]);
    option('suite', suite === '' ? [] : [suite]);
    for (const [input, name] of Object.entries(ONLY_CHECK)) option(name, words(input));
    option('ambiguous', [choice('ambiguous')]);
  } else {
    for (const input of ['against', ...Object.keys(ONLY_CHECK)])
      if (given(input) !== '') throw new Refusal(`input ${input} is for command: check; a run has none`);
    if (choice('baselines') === 'false') args.push('--no-baselines');
    if (suite !== '') args.push('--', suite);
  }
  const directory = resolve(root.started, given('output') || 'assay-results');
  return {
    ...{ command, root: root.suite, args, directory, adapter: choice('adapter') },
    ...{ install: choice('install') === 'true', summary: choice('summary') === 'true' },
  };
}

/** Which clone's `assay` runs: the checkout's, or for a run without one the action's own. */
function rootOf(command, started, own) {
  if (!existsSync(started)) throw new Refusal(`input working-directory: ${started} does not exist`);
  if (isClone(started)) return { started, suite: started };
  if (command === 'run' && own !== undefined) return { started, suite: resolve(own) };
  throw new Refusal(
    `input working-directory: ${started} is no clone of Assay, whose kernels a check compares; check it out before this step`,
  );
}

function isClone(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name === 'gpu-assay';
  } catch {
    return false;
  }
}

const NOTHING = /^0+$/;

/** What an event changes is known from its payload. */
function againstOf(against, env) {
  if (against !== '') return against;
  const event = env.GITHUB_EVENT_PATH ? JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')) : {};
  const base = event.pull_request?.base?.sha ?? event.merge_group?.base_sha ?? event.before;
  if (typeof base === 'string' && /^[0-9a-f]{40,64}$/.test(base) && !NOTHING.test(base)) return base;
  throw new Refusal(
    `input against: a ${env.GITHUB_EVENT_NAME ?? 'local'} event has no base to compare with; name a branch, tag or commit`,
  );
}
