import { z } from 'zod';
import { InputError } from '../../kernels/errors.js';
import { APART_MIN_EFFECT, compareResults } from '../../reports/compare.js';
import { compareDocument } from '../../reports/compare-document.js';
import { renderComparison } from '../../reports/formats/compare-table.js';
import { family, type Result } from '../../reports/schema.js';
import { readResult } from '../../reports/store.js';
import { json, minEffect, parseFlags } from '../flags.js';
import { checkOutputs, humanStream, parseOutputs, writeOutputs } from '../outputs.js';

const options = z.object({
  workload: z.array(z.string()).optional(),
  family: z.array(family).optional(),
  minEffect: minEffect.default(APART_MIN_EFFECT),
  json: json.optional(),
  format: z.array(z.string()).default([]),
});

/** The formats of a comparison, loaded only where one is asked for. */
const compareFormats = async () => (await import('../../reports/formats/compare/index.js')).compareExporters;

/**
 * `assay compare`: each result against the first.
 * @returns the exit code: 1 where something is slower than before on the same card or no longer right, 4 where nothing
 *   could be compared
 */
export async function compare(files: readonly string[], flags: unknown): Promise<number> {
  const given = parseFlags(options, flags);
  if (files.length < 2) throw new InputError(`compare needs two result files or more, got ${files.length}`);
  const [first, ...others] = files.map((file) => ({ file, result: chosen(readResult(file), given) })) as [
    { file: string; result: Result },
    ...{ file: string; result: Result }[],
  ];
  const outputs = await parseOutputs(given.json, given.format, compareFormats);
  checkOutputs(outputs, files, 'a result that was read');
  const found = others.map((other) => ({
    ...other,
    outcome: compareResults(first.result, other.result, { minEffect: given.minEffect }),
  }));
  const say = (text: string) => humanStream(outputs).write(text);
  const width = Math.min(100, Math.max(60, process.stdout.columns ?? 100));
  for (const [i, second] of found.entries()) {
    say(`${i > 0 ? '\n' : ''}first     ${titleOf(first)}\nsecond    ${titleOf(second)}\n\n`);
    say(renderComparison(second.outcome, width, Boolean(process.stdout.isTTY && !process.env.NO_COLOR)));
  }
  const document = compareDocument(first, found, given.minEffect);
  writeOutputs(outputs, document);
  return document.exitCode;
}

const titleOf = ({ file, result: { device, startedAt } }: { file: string; result: Result }) =>
  `${file}: ${device.name}, ${startedAt.slice(0, 10)}`;

/** @throws {InputError} when the filters leave nothing */
function chosen(result: Result, { workload, family: families }: z.infer<typeof options>): Result {
  const measurements = result.measurements.filter(
    (m) => (workload?.includes(m.workload) ?? true) && (families?.includes(m.family) ?? true),
  );
  if (measurements.length === 0 && result.measurements.length > 0)
    throw new InputError(`result ${result.id} has no measurement of what --workload and --family name`);
  return { ...result, measurements };
}
