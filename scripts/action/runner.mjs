// The runner's side: its file commands, its log's commands, and programs that are run for it.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/** A value may have several lines, and none of them can end it. */
export function setOutput(env, name, value) {
  if (!env.GITHUB_OUTPUT) return;
  const mark = randomUUID();
  appendFileSync(env.GITHUB_OUTPUT, `${name}<<${mark}\n${value}\n${mark}\n`);
}

export function addToSummary(env, text) {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, text);
}

/** `%`, line breaks: as the runner's toolkit escapes the data of a command. */
const escapeData = (text) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** @param kind error, warning or notice: an annotation of the job */
export const annotate = (kind, text) => process.stdout.write(`::${kind} title=Assay::${escapeData(text)}\n`);

const KEPT = 8192;

/**
 * Runs a program under a fold of the log. What it prints is no command to the runner, whatever it is.
 * @returns its exit code, the last of its standard error, and its standard output where `capture` is asked for
 */
export async function call(title, command, args, { cwd, env, capture = false }) {
  const token = randomUUID();
  process.stdout.write(`::group::${escapeData(title)}\n::stop-commands::${token}\n`);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', capture ? 'pipe' : 'inherit', 'pipe'] });
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  let stdout = '';
  let tail = '';
  child.stdout?.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    process.stderr.write(data);
    tail = (tail + data).slice(-KEPT);
  });
  const exitCode = await new Promise((done) => {
    child.on('error', (error) => {
      tail += `${command} cannot be run: ${error.message}\n`;
      done(127);
    });
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 130 : 70)));
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  process.stdout.write(`\n::${token}::\n::endgroup::\n`);
  return { exitCode, tail, stdout };
}
