// The action's two steps: `run` finds the answer and keeps its exit code, `verdict` ends the job with it. Plain
// JavaScript, because it also installs and builds; it needs nothing but Node.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { adapterOptions } from './adapter.mjs';
import { Refusal, readInputs } from './inputs.mjs';
import { addToSummary, annotate, call, setOutput } from './runner.mjs';

const VERDICTS = {
  0: 'pass',
  1: 'fail',
  2: 'bad-input',
  3: 'environment',
  4: 'no-answer',
  5: 'lost',
  130: 'interrupted',
};
const { env } = process;

const FILES = { result: 'result.json', markdown: 'summary.md', junit: 'junit.xml', csv: 'result.csv' };

async function run() {
  const inputs = readInputs(env);
  const { root, directory, command } = inputs;
  if (inputs.install) {
    const done = await call('Install and build', process.execPath, [join(root, 'scripts', 'ensure.mjs')], {
      cwd: root,
      env,
    });
    if (done.exitCode !== 0) throw new Refusal(`installing or building failed: ${lastWords(done.tail)}`, 3);
  }
  const cli = join(root, 'dist', 'bench', 'cli.js');
  if (!existsSync(cli)) throw new Refusal(`${cli} is missing: build before this step, or set install: true`, 3);
  const list = async () => {
    const { stdout } = await call('Adapters', process.execPath, [cli, 'devices', '--json', '-'], {
      cwd: root,
      env,
      capture: true,
    });
    try {
      return JSON.parse(stdout).devices;
    } catch {
      return [];
    }
  };
  const adapter = await adapterOptions(inputs.adapter, list, env);
  // A workspace that is used again has the files of the time before.
  mkdirSync(directory, { recursive: true });
  const paths = Object.fromEntries(Object.entries(FILES).map(([name, file]) => [name, join(directory, file)]));
  for (const path of Object.values(paths)) rmSync(path, { force: true });
  const [, ...asked] = inputs.args;
  const args = [
    ...[command, `--out=${directory}`, `--json=${paths.result}`, ...adapter],
    ...['markdown', 'junit', 'csv'].map((name) => `--format=${name}:${paths[name]}`),
    ...asked,
  ];
  const done = await call(`assay ${[command, ...adapter, ...asked].join(' ')}`, process.execPath, [cli, ...args], {
    cwd: root,
    env,
  });
  // A command that was refused leaves empty what it had proved writable.
  for (const path of Object.values(paths)) if (existsSync(path) && statSync(path).size === 0) rmSync(path);
  const said = existsSync(paths.markdown) ? readFileSync(paths.markdown, 'utf8') : null;
  if (said !== null && inputs.summary) addToSummary(env, `${said}\n`);
  setOutput(env, 'directory', directory);
  for (const name of ['result', 'junit']) setOutput(env, name, existsSync(paths[name]) ? paths[name] : '');
  const heading = said?.split('\n')[0]?.replace(/^#+ /, '');
  conclude(done.exitCode, heading ?? lastWords(done.tail), said !== null || !inputs.summary);
}

/** What `assay` said why, else the last line: a program's own words for its end. */
function lastWords(text) {
  const said = text.trimEnd();
  const at = said.lastIndexOf('\nassay: ') + 1;
  const words = said.startsWith('assay: ', at)
    ? said.slice(at + 'assay: '.length)
    : said.slice(said.lastIndexOf('\n') + 1);
  return words.trim() || 'it ended without a message';
}

/** @param summarised whether the summary has the answer already */
function conclude(exitCode, message, summarised) {
  setOutput(env, 'exit-code', String(exitCode));
  setOutput(env, 'verdict', VERDICTS[exitCode] ?? 'defect');
  setOutput(env, 'message', message);
  if (!summarised) {
    // A fence that is longer than any in the message.
    const fence = '`'.repeat(Math.max(3, ...[...message.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    addToSummary(
      env,
      `## Assay: ${VERDICTS[exitCode] ?? 'defect'}, exit code ${exitCode}\n\n${fence}text\n${message}\n${fence}\n\n`,
    );
  }
}

const steps = {
  async run() {
    try {
      await run();
    } catch (error) {
      const known = error instanceof Refusal;
      conclude(
        known ? error.exitCode : 70,
        known ? error.message : String(error?.stack ?? error),
        env.INPUT_SUMMARY === 'false',
      );
    }
  },
  verdict() {
    // A step that was killed has left nothing.
    const exitCode = /^\d+$/.test(env.ASSAY_EXIT_CODE ?? '') ? Number(env.ASSAY_EXIT_CODE) : 70;
    const message = env.ASSAY_MESSAGE || 'the step before ended without an answer';
    if (exitCode !== 0) annotate('error', `${message} (exit code ${exitCode})`);
    else annotate(/with reservations/.test(message) ? 'warning' : 'notice', message);
    process.exitCode = exitCode;
  },
};

const step = steps[process.argv[2]];
if (!step) throw new Error(`usage: main.mjs ${Object.keys(steps).join('|')}`);
await step();
