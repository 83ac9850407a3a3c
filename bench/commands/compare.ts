import { z } from 'zod';
import { InputError } from '../../kernels/errors.js';
import { APART_MIN_EFFECT, type ComparedResults, compareResults } from '../../reports/compare.js';
import { renderComparison } from '../../reports/formats/compare-table.js';
import { family, type Result } from '../../reports/schema.js';
import { readResult } from '../../reports/store.js';
import { json, minEffect, parseFlags } from '../flags.js';
import { checkOutputs, humanStream, jsonOutput, writeOutputs } from '../outputs.js';

const options = z.object({
  workload: z.array(z.string()).optional(),
  family: z.array(family).optional(),
  minEffect: minEffect.default(APART_MIN_EFFECT),
  json: json.optional(),
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
  const outputs = jsonOutput(given.json);
  checkOutputs(outputs);
  const outcomes = others.map(({ file, result }) => ({
    ...{ file, id: result.id },
    ...compareResults(first.result, result, { minEffect: given.minEffect }),
  }));
  const say = (text: string) => humanStream(outputs).write(text);
  const width = Math.min(100, Math.max(60, process.stdout.columns ?? 100));
  for (const [i, outcome] of outcomes.entries()) {
    const second = others[i] as (typeof others)[number];
    say(`${i > 0 ? '\n' : ''}first     ${titleOf(first)}\nsecond    ${titleOf(second)}\n\n`);
    say(renderComparison(outcome, width, Boolean(process.stdout.isTTY && !process.env.NO_COLOR)));
  }
  writeOutputs(outputs, {
    ...{ schema: 'assay.compare/1', minEffect: given.minEffect, first: { file: first.file, id: first.result.id } },
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
