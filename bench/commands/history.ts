import { z } from 'zod';
import { InputError } from '../../kernels/errors.js';
import { renderHistory } from '../../reports/formats/history-table.js';
import { HISTORY_MIN_EFFECT, historyOf, recentSlowdowns } from '../../reports/history.js';
import { type History, history as historySchema } from '../../reports/history-schema.js';
import { counted } from '../../reports/history-text.js';
import { findResultFiles, type NoResults, readResults } from '../../reports/result-files.js';
import { family } from '../../reports/schema.js';
import { json, minEffect, parseFlags, wholeNumber } from '../flags.js';
import { checkOutputs, humanStream, jsonOutput, type Output, writeOutputs } from '../outputs.js';

/** Newest runs of a series within which a slow-down counts for `--fail-on-regression`. */
const LAST_RUNS = '10';

const options = z.object({
  workload: z.array(z.string()).optional(),
  family: z.array(family).optional(),
  minEffect: minEffect.default(HISTORY_MIN_EFFECT),
  failOnRegression: z
    .union([z.literal(true).transform(() => LAST_RUNS), z.string()])
    .pipe(wholeNumber('fail-on-regression', 1, 1_000_000))
    .optional(),
  page: z.string().min(1, '--page needs a file, or -').optional(),
  json: json.optional(),
});

/**
 * `assay history`: results of many runs as series, with the changes of their level.
 * @returns the exit code: 1 only where `--fail-on-regression` asks for it and a series became slower of late
 */
export async function history(paths: readonly string[], flags: unknown): Promise<number> {
  const given = parseFlags(options, flags);
  const outputs = await outputsOf(given);
  // Found first: an output in one of the folders is no result that was there.
  const files = findResultFiles(paths);
  const found = gather(files, paths, given);
  const results = [...found.cards.flatMap(({ runs }) => runs), ...found.files.repeated].map(({ file }) => file);
  checkOutputs(outputs, results, 'a result that was read');
  const width = Math.min(100, Math.max(60, process.stdout.columns ?? 80));
  humanStream(outputs).write(renderHistory(found, width, Boolean(process.stdout.isTTY && !process.env.NO_COLOR)));
  const slowed = given.failOnRegression === undefined ? [] : recentSlowdowns(found, given.failOnRegression);
  for (const { workload, implementation } of slowed)
    process.stderr.write(
      `assay: ${workload} ${implementation} became slower within its last ${given.failOnRegression} runs\n`,
    );
  writeOutputs(outputs, found);
  return slowed.length > 0 ? 1 : 0;
}

/** The page's renderer is loaded only where one is asked for. @throws {InputError} when both go to standard output */
async function outputsOf({ page, json: target }: z.output<typeof options>): Promise<Output<History>[]> {
  if (page === '-' && target === '-')
    throw new InputError('--page - and --json - both go to standard output: give one a file');
  const outputs: Output<History>[] = jsonOutput(target);
  if (page !== undefined) {
    const { renderHistoryPage } = await import('../../reports/html/history-page.js');
    outputs.push({ asked: `--page ${page}`, target: page, renderer: { name: 'html', render: renderHistoryPage } });
  }
  return outputs;
}

/** @throws {InputError} where there is no result, or none of what the filters name */
function gather(files: readonly string[], paths: readonly string[], given: z.output<typeof options>): History {
  const { workload, family: families } = given;
  const noResults: NoResults = { others: {}, refused: [] };
  const { files: said, ...rest } = historyOf(readResults(files, noResults), {
    minEffect: given.minEffect,
    wanted: (m) => (workload?.includes(m.workload) ?? true) && (families?.includes(m.family) ?? true),
  });
  const where = paths.join(', ');
  if (said.read === 0) {
    const [first] = noResults.refused;
    const why = first ? `; of ${counted(files.length, 'file')} the first, ${first.file}: ${first.why}` : '';
    throw new InputError(`no result in ${where}${why}`);
  }
  if (rest.series.length === 0 && (workload || families))
    throw new InputError(`no result in ${where} has a measurement of what --workload and --family name`);
  return historySchema.parse({ ...rest, files: { ...said, ...noResults } });
}
