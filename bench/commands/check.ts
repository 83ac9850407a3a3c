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
import { parseFlags } from '../flags.js';
import { checkJsonTarget, writeJson } from '../json-output.js';
import { Progress } from '../progress.js';
import { findSuite, parseEntry } from '../suites/index.js';

const MOST_SECONDS = 86_400;
const BUDGET = `--budget must be a number of seconds, more than 0 and at most ${MOST_SECONDS}`;
const EFFECT = '--min-effect must be a percentage from 0 to 100, e.g. 1.5';
const ROUNDS = '--rounds must be a whole number from 2 to 1000';
const SEED = '--seed must be a whole number from 0 to 2147483646';
const MOST_ROUNDS = 40;

const number = (pattern: RegExp, message: string, right: (n: number) => boolean) =>
  z
    .string()
    .regex(pattern, message)
    .transform((text) => Number.parseFloat(text))
    .refine(right, message);

const options = z.object({
  against: z.string().min(1, '--against needs a branch, tag or commit'),
  workload: z.array(z.string()).optional(),
  family: z.array(family).optional(),
  variant: z.array(z.string()).optional(),
  suite: z.string().optional(),
  minEffect: number(/^\d+(\.\d+)?\s*%?$/, EFFECT, (n) => n <= 100).optional(),
  rounds: number(/^\d+$/, ROUNDS, (n) => n >= 2 && n <= 1000).optional(),
  budget: number(/^\d+(\.\d+)?$/, BUDGET, (n) => n > 0 && n <= MOST_SECONDS).optional(),
  ambiguous: z.enum(['pass', 'fail']),
  timeIdentical: z.boolean().optional(),
  device: z.string().min(1, '--device needs a part of an adapter’s name').optional(),
  software: z.boolean().optional(),
  hardware: z.boolean().optional(),
  seed: number(/^\d+$/, SEED, (n) => n <= 2 ** 31 - 2),
  json: z.string().min(1, '--json needs a file, or -').optional(),
  out: z.string().min(1, '--out needs a folder'),
});

/** `assay check`. @returns the exit code */
export async function check(flags: unknown): Promise<number> {
  const start = performance.now();
  const given = parseFlags(options, flags);
  if (given.software && given.hardware) throw new InputError('--software and --hardware exclude each other');
  if (given.workload && given.suite) throw new InputError('--workload and --suite exclude each other');
  const suite = given.workload ? null : findSuite(given.suite ?? 'ci');
  const settings: CheckSettings = {
    ...{ against: given.against, suite: suite?.id ?? 'custom' },
    workloads: suite?.workloads ?? [...new Set((given.workload ?? []).map(canonical))],
    families: given.family ?? null,
    variants: given.variant ?? suite?.variants ?? 'all',
    ...{ seed: given.seed, device: given.device ?? null, ambiguous: given.ambiguous },
    software: given.software ? true : given.hardware ? false : null,
    minEffect: given.minEffect === undefined ? minEffectOf(process.env.CI) : given.minEffect / 100,
    looks: looksUpTo(given.rounds ?? MOST_ROUNDS),
    budgetSeconds: given.budget ?? null,
    timeIdentical: given.timeIdentical ?? false,
  };
  const store = openStore(given.out);
  checkJsonTarget(given.json);
  const progress = new Progress();
  const say = (text: string) => (given.json === '-' ? process.stderr : process.stdout).write(text);
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
  if (given.json !== undefined) writeJson(given.json, outcome.check);
  return outcome.check.exitCode;
}

const canonical = (entry: string) =>
  parseEntry(entry)
    .map(({ id }) => id)
    .join(' > ');

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
