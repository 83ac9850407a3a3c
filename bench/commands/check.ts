import { z } from 'zod';
import { packageRoot } from '../../harness/root.js';
import { InputError } from '../../kernels/errors.js';
import type { Check } from '../../reports/check.js';
import { family } from '../../reports/schema.js';
import { openStore } from '../../reports/store.js';
import { executeCheck } from '../check/check.js';
import type { ResolvedRevision, WorkingTree } from '../check/git.js';
import { looksUpTo } from '../check/measure.js';
import { type CheckSettings, minEffectOf } from '../check/settings.js';
import { renderCheck } from '../check/table.js';
import { budget, cardFlags, json, minEffect, outFolder, parseFlags, seed, wantedCard, wholeNumber } from '../flags.js';
import { checkOutputs, humanStream, parseOutputs, writeOutputs } from '../outputs.js';
import { Progress } from '../progress.js';
import { canonicalEntry, findSuite } from '../suites/index.js';

const MOST_ROUNDS = 40;

const options = z.object({
  against: z.string().min(1, '--against needs a branch, tag or commit'),
  workload: z.array(z.string()).optional(),
  family: z.array(family).optional(),
  variant: z.array(z.string()).optional(),
  suite: z.string().optional(),
  minEffect: minEffect.optional(),
  rounds: wholeNumber('rounds', 2, 1000).optional(),
  budget: budget.optional(),
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
  const suite = given.workload ? null : findSuite(given.suite ?? 'ci');
  const settings: CheckSettings = {
    ...{ against: given.against, suite: suite?.id ?? 'custom' },
    workloads: suite?.workloads ?? [...new Set((given.workload ?? []).map(canonicalEntry))],
    families: given.family ?? null,
    variants: given.variant ?? suite?.variants ?? 'all',
    ...{ seed: given.seed, ...wanted, ambiguous: given.ambiguous },
    minEffect: given.minEffect ?? minEffectOf(process.env.CI),
    looks: looksUpTo(given.rounds ?? MOST_ROUNDS),
    budgetSeconds: given.budget ?? null,
    timeIdentical: given.timeIdentical ?? false,
  };
  const store = openStore(given.out);
  const outputs = await parseOutputs(given.json, given.format, checkFormats);
  checkOutputs(outputs);
  const progress = new Progress();
  const say = (text: string) => humanStream(outputs).write(text);
  const outcome = await executeCheck(
    packageRoot,
    settings,
    store,
    {
      opened: (device, _calibration, revision, tree) => {
        progress.clear();
        say(banner(settings, device, revision, tree));
      },
      step: (share, what) => progress.step(share, 1, what),
    },
    start,
  ).finally(() => progress.clear());
  const width = process.stdout.columns ?? 80;
  say(renderCheck(outcome.check, width, Boolean(process.stdout.isTTY && !process.env.NO_COLOR)));
  say(`\nresult    ${outcome.file}\n`);
  writeOutputs(outputs, outcome.check);
  return outcome.check.exitCode;
}

function banner(
  { suite, minEffect }: CheckSettings,
  device: Check['device'],
  { ref, commit }: ResolvedRevision,
  tree: WorkingTree,
): string {
  return [
    `assay check: the working tree against ${ref}, ${suite === 'custom' ? 'chosen workloads' : `suite ${suite}`}, changes beyond ${100 * minEffect} %`,
    `card      ${device.name} (${device.software ? 'SOFTWARE adapter: says nothing about hardware' : 'hardware'})`,
    `driver    ${device.driver ?? 'unknown'}, ${device.backend}`,
    `before    ${commit.slice(0, 12)}`,
    `now       ${nowWords(tree)}`,
    '',
    '',
  ].join('\n');
}

const SHOWN_FILES = 3;

function nowWords({ commit, uncommitted, identical }: WorkingTree): string {
  const at = commit?.slice(0, 12) ?? 'no commit yet';
  if (identical) return `${at}: its kernels are the same, byte for byte, so this is an A/A check`;
  if (uncommitted.length === 0) return at;
  const more = uncommitted.length > SHOWN_FILES ? ` and ${uncommitted.length - SHOWN_FILES} more` : '';
  return `${at} with uncommitted changes, as they are: ${uncommitted.slice(0, SHOWN_FILES).join(', ')}${more}`;
}
