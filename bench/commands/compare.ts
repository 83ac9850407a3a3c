import { z } from 'zod';
import { InputError } from '../../kernels/errors.js';
import { APART_MIN_EFFECT, type ComparedResults, compareResults } from '../../reports/compare.js';
import { renderComparison } from '../../reports/formats/compare-table.js';
import { family, type Result } from '../../reports/schema.js';
import { readResult } from '../../reports/store.js';
import { parseFlags } from '../flags.js';
import { checkJsonTarget, writeJson } from '../json-output.js';

const EFFECT = '--min-effect must be a percentage from 0 to 100, e.g. 1.5';
const options = z.object({
  workload: z.array(z.string()).optional(),
  family: z.array(family).optional(),
  minEffect: z
    .string()
    .regex(/^\d+(\.\d+)?\s*%?$/, EFFECT)
    .transform((text) => Number.parseFloat(text) / 100)
    .refine((share) => share <= 1, EFFECT)
    .optional(),
  json: z.string().min(1, '--json needs a file, or -').optional(),
});

/**
 * `assay compare`: each result against the first.
 * @returns the exit code: 1 where something is slower than before on the same card or no longer right, 4 where nothing
 *   could be compared
 */
export function compare(files: readonly string[], flags: unknown): number {
  const given = parseFlags(options, flags);
  if (files.length < 2) throw new InputError(`compare needs two result files or more, got ${files.length}`);
  const [first, ...others] = files.map((file) => ({ file, result: chosen(readResult(file), given) })) as [
    { file: string; result: Result },
    ...{ file: string; result: Result }[],
  ];
  checkJsonTarget(given.json);
  const minEffect = given.minEffect ?? APART_MIN_EFFECT;
  const outcomes = others.map(({ file, result }) => ({
    ...{ file, id: result.id },
    ...compareResults(first.result, result, { minEffect }),
  }));
  const say = (text: string) => (given.json === '-' ? process.stderr : process.stdout).write(text);
  const width = Math.min(100, Math.max(60, process.stdout.columns ?? 100));
  for (const [i, outcome] of outcomes.entries()) {
    const second = others[i] as (typeof others)[number];
    say(`${i > 0 ? '\n' : ''}first     ${titleOf(first)}\nsecond    ${titleOf(second)}\n\n`);
    say(renderComparison(outcome, width, Boolean(process.stdout.isTTY && !process.env.NO_COLOR)));
  }
  if (given.json !== undefined)
    writeJson(given.json, {
      ...{ schema: 'assay.compare/1', minEffect, first: { file: first.file, id: first.result.id } },
      comparisons: outcomes.map(({ compared, ...rest }) => ({ ...rest, compared: compared.map(brief) })),
    });
  return exitCodeOf(outcomes);
}

function exitCodeOf(outcomes: readonly ComparedResults[]): number {
  const worse = outcomes.some(
    ({ sameDevice, compared }) =>
      sameDevice && compared.some((c) => c.verdict === 'slower' || (c.from?.rate && c.to?.status === 'failed')),
  );
  if (worse) return 1;
  return outcomes.every(({ compared }) => compared.some(({ ratio }) => ratio !== null)) ? 0 : 4;
}

const titleOf = ({ file, result: { device, startedAt } }: { file: string; result: Result }) =>
  `${file}: ${device.name}, ${startedAt.slice(0, 10)}`;

/** The rounds stay in the results. */
function brief({ from, to, ...rest }: ComparedResults['compared'][number]) {
  const side = (m: typeof from) => m && { status: m.status, rate: m.rate, tuning: m.tuning, provenance: m.provenance };
  return { ...rest, from: side(from), to: side(to) };
}

/** @throws {InputError} when the filters leave nothing */
function chosen(result: Result, { workload, family: families }: z.infer<typeof options>): Result {
  const measurements = result.measurements.filter(
    (m) => (workload?.includes(m.workload) ?? true) && (families?.includes(m.family) ?? true),
  );
  if (measurements.length === 0 && result.measurements.length > 0)
    throw new InputError(`result ${result.id} has no measurement of what --workload and --family name`);
  return { ...result, measurements };
}
