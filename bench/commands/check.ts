import { z } from 'zod';
import { packageRoot } from '../../harness/root.js';
import { InputError } from '../../kernels/errors.js';
import type { Check } from '../../reports/check.js';
import { family } from '../../reports/schema.js';
import { openStore } from '../../reports/store.js';
import { checkAgainstResult, isResultFile } from '../check/against-result.js';
import { type CheckObserver, type CheckOpened, executeCheck } from '../check/check.js';
import type { WorkingTree } from '../check/git.js';
import { looksUpTo } from '../check/measure.js';
import { LEAST_PROCESSES } from '../check/processes.js';
import { type CheckSettings, minEffectOf } from '../check/settings.js';
import { renderCheck } from '../check/table.js';
import { budget, cardFlags, json, minEffect, outFolder, parseFlags, seed, wantedCard, wholeNumber } from '../flags.js';
import { checkOutputs, humanStream, parseOutputs, writeOutputs } from '../outputs.js';
import { Progress } from '../progress.js';
import { canonicalEntry, findSuite } from '../suites/index.js';

const MOST_ROUNDS = 40;
/** Against a result file, where no interval of turns makes more of them worth their time. */
const RESULT_ROUNDS = 10;

const options = z.object({
  against: z.string().min(1, '--against needs a branch, tag or commit'),
  workload: z.array(z.string()).optional(),
  family: z.array(family).optional(),
  variant: z.array(z.string()).optional(),
  suite: z.string().optional(),
  minEffect: minEffect.optional(),
  rounds: wholeNumber('rounds', 2, 1000).optional(),
  budget: budget.optional(),
  processes: wholeNumber('processes', 1, 100)
    .refine((n) => n === 1 || n >= LEAST_PROCESSES, {
      message: `--processes must be 1, or ${LEAST_PROCESSES} and more: two tell no interval`,
    })
    .optional(),
  ambiguous: z.enum(['pass', 'fail']),
  timeIdentical: z.boolean().optional(),
  ...cardFlags,
  seed,
  json: json.optional(),
  out: outFolder,
  format: z.array(z.string()).default([]),
});

/** The formats of a check, loaded only where one is asked for. */
const checkFormats = async () => (await import('../../reports/formats/check/index.js')).checkExporters;

/** `assay check`. @returns the exit code */
export async function check(flags: unknown): Promise<number> {
  const start = performance.now();
  const given = parseFlags(options, flags);
  const wanted = wantedCard(given);
  if (given.workload && given.suite) throw new InputError('--workload and --suite exclude each other');
  // A result says itself what it measured.
  const result = isResultFile(given.against);
  if (result && given.suite)
    throw new InputError('--suite is for another revision; a result file says what it measured');
  const suite = given.workload || result ? null : findSuite(given.suite ?? 'ci');
  const settings: CheckSettings = {
    ...{ against: given.against, suite: suite?.id ?? 'custom' },
    workloads: suite?.workloads ?? [...new Set((given.workload ?? []).map(canonicalEntry))],
    families: given.family ?? null,
    variants: given.variant ?? suite?.variants ?? 'all',
    ...{ seed: given.seed, ...wanted, ambiguous: given.ambiguous },
    minEffect: given.minEffect ?? minEffectOf(process.env.CI),
    looks: result ? [given.rounds ?? RESULT_ROUNDS] : looksUpTo(given.rounds ?? MOST_ROUNDS),
    processes: given.processes ?? 1,
    budgetSeconds: given.budget ?? null,
    timeIdentical: given.timeIdentical ?? false,
  };
  const store = openStore(given.out);
  const outputs = await parseOutputs(given.json, given.format, checkFormats);
  checkOutputs(outputs, result ? [given.against] : [], 'the result that is checked against');
  const progress = new Progress();
  const say = (text: string) => humanStream(outputs).write(text);
  const observer: CheckObserver = {
    opened: (opened, against) => {
      progress.clear();
      say(banner(settings, opened, against));
    },
    step: (share, what) => progress.step(share, 1, what),
  };
  const checking = result
    ? checkAgainstResult(packageRoot, settings, store, observer)
    : executeCheck(packageRoot, settings, store, observer, start);
  const outcome = await checking.finally(() => progress.clear());
  const width = process.stdout.columns ?? 80;
  say(renderCheck(outcome.check, width, Boolean(process.stdout.isTTY && !process.env.NO_COLOR)));
  say(`\nresult    ${outcome.file}\n`);
  writeOutputs(outputs, outcome.check);
  return outcome.check.exitCode;
}

function banner(
  { suite, workloads }: CheckSettings,
  { device, tree, minEffect }: CheckOpened,
  { ref, commit, result }: Check['against'],
): string {
  return [
    `assay check: the working tree against ${ref}, ${workloads.length > 0 && suite === 'custom' ? 'chosen workloads' : result ? 'what it measured' : `suite ${suite}`}, changes beyond ${100 * minEffect} %`,
    `card      ${device.name} (${device.software ? 'SOFTWARE adapter: says nothing about hardware' : 'hardware'})`,
    `driver    ${device.driver ?? 'unknown'}, ${device.backend}`,
    `before    ${result ? `result ${result.id}, measured ${result.startedAt.slice(0, 16).replace('T', ' ')} UTC` : commit?.slice(0, 12)}`,
    `now       ${nowWords(tree)}`,
    '',
    '',
  ].join('\n');
}

const SHOWN_FILES = 3;

function nowWords({ commit, uncommitted, identical }: WorkingTree): string {
  const at = commit?.slice(0, 12) ?? 'no commit yet';
  if (identical) return `${at}: its kernels are the same, byte for byte (--time-identical times them all the same)`;
  if (uncommitted.length === 0) return at;
  const more = uncommitted.length > SHOWN_FILES ? ` and ${uncommitted.length - SHOWN_FILES} more` : '';
  return `${at} with uncommitted changes, as they are: ${uncommitted.slice(0, SHOWN_FILES).join(', ')}${more}`;
}
