import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { nearest } from '../../harness/suggest.js';
import { InputError } from '../../kernels/errors.js';
import { type JournalContents, JournalError, readJournal } from '../../reports/journal.js';
import { openStore } from '../../reports/store.js';
import { externalSource } from '../baselines/external/index.js';
import { json, parseFlags } from '../flags.js';
import { checkOutputs, humanStream, parseOutputs, resultFormats, writeOutputs } from '../outputs.js';
import { qualifySettings } from '../qualify/settings.js';
import { liveOwner } from '../run/lock.js';
import { writeAll } from '../run/run.js';
import { chosenRecord } from '../tune/for-run.js';
import { performQualify } from './qualify.js';
import { ownFiles, perform } from './run.js';

const options = z.object({
  out: z.string(),
  json: json.optional(),
  format: z.array(z.string()).default([]),
});
/** What `run` writes into the journal's `options`. */
const recorded = z.object({
  software: z.boolean().nullable(),
  variants: z.union([z.enum(['all', 'shortlist']), z.array(z.string())]),
  baselines: z.array(z.string()).nullable(),
  externals: z.array(externalSource).default([]),
  externalTimeoutSeconds: z.number().positive().optional(),
  // Whatever the cache says by now: a measurement is not made of two tunings.
  tunings: z.array(chosenRecord).default([]),
});

/** `assay resume`: takes a run up where its journal ends. @returns the exit code */
export async function resume(run: string | undefined, flags: unknown): Promise<number> {
  const { out, json, format } = parseFlags(options, flags);
  const outputs = await parseOutputs(json, format, resultFormats);
  const path = run === undefined ? latestUnfinished(out) : findJournal(run, out);
  const journal = readJournal(path);
  const start = journal.records.find((r) => r.type === 'start');
  if (start?.type !== 'start') throw new InputError(`${path}: has no start record; nothing can be resumed from it`);
  if (journal.truncated) process.stderr.write(`assay: ${path}: the last line was unfinished and is left out\n`);
  const folder = dirname(path);
  if (basename(path, '.jsonl') !== start.id)
    throw new InputError(`${path} is the journal of run ${start.id}; name it ${start.id}.jsonl again to go on with it`);
  if (isFinished(journal)) {
    const store = openStore(folder);
    checkOutputs(outputs, ownFiles(store, start.id));
    const { files, result } = await writeAll(store, start.id);
    writeOutputs(outputs, result);
    humanStream(outputs).write(
      `${start.id} is finished; its result and page were written again: ${files.json}, ${files.html}\n`,
    );
    return finishedWith(journal);
  }
  if ('qualify' in start.options) {
    if (format.length > 0) throw new InputError('a qualification has no other formats than --json');
    const settings = qualifySettings.parse(start.options.qualify);
    return performQualify([{ settings, earlier: { start, ...journal } }], folder, json);
  }
  const { software, variants, baselines, externals, externalTimeoutSeconds, tunings } = recorded.parse(start.options);
  const { suite, workloads, rounds, seed, mode, deviceSelector: device } = start;
  const settings = { suite, workloads, rounds, seed, mode, device, software, variants, baselines, externals, tunings };
  return perform({ ...settings, ...(externalTimeoutSeconds && { externalTimeoutSeconds }) }, folder, outputs, {
    start,
    ...journal,
  });
}

/** A journal ends when its last `end` is not followed by anything and is no early one. */
function isFinished({ records }: JournalContents): boolean {
  const last = records.at(-1);
  return last?.type === 'end' && last.exitCode !== 5 && last.exitCode !== 130;
}

function finishedWith({ records }: JournalContents): number {
  const last = records.at(-1);
  return last?.type === 'end' ? last.exitCode : 0;
}

function findJournal(run: string, out: string): string {
  const choices = [run, run.replace(/\.(json|html)$/, '.jsonl'), join(out, `${run}.jsonl`)];
  const found = choices.find((path) => path.endsWith('.jsonl') && existsSync(path));
  if (found) return found;
  const ids = journals(out).map((path) => basename(path, '.jsonl'));
  const near = nearest(run, ids);
  throw new InputError(`no journal of a run "${run}" in ${out}${near ? `; did you mean "${near}"?` : ''}`);
}

function latestUnfinished(out: string): string {
  const found = journals(out)
    .reverse()
    .find((path) => isUnfinished(path));
  if (!found) throw new InputError(`no unfinished run in ${out}`);
  return found;
}

/** A run that is still at work, and a file that is no journal, are not what somebody means who names none. */
function isUnfinished(path: string): boolean {
  if (liveOwner(path) !== null) return false;
  try {
    return !isFinished(readJournal(path));
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    process.stderr.write(`assay: passed over: ${error.message}\n`);
    return false;
  }
}

/** Sorted by time, since ids begin with it. */
function journals(out: string): string[] {
  if (!existsSync(out)) return [];
  return readdirSync(out)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(out, name));
}
