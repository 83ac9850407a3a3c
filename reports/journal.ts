import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { explainIoError } from './io-errors.js';
import { type JournalRecord, journalRecord } from './journal-records.js';
import { explainIssues } from './validate.js';

/** The journal cannot be written, or is not one. The message names the file and, where there is one, the line. */
export class JournalError extends Error {
  override name = 'JournalError';
}

export interface Journal {
  readonly path: string;
  /**
   * Writes one line and waits until it is on the disk. When it throws, the file is as it was before.
   * @throws {JournalError} naming the file: a malformed record, no space, no permission
   */
  append(record: JournalRecord): void;
  close(): void;
}

const NEWLINE = 0x0a;

/**
 * Opens a journal for appending and creates it where there is none. A last line that a killed process
 * left unfinished is cut off, so that the next record starts on a line of its own; `readJournal` tells
 * whether there was one and must therefore be asked before.
 *
 * @throws {JournalError} when the file cannot be opened
 */
export function openJournal(path: string): Journal {
  const fd = guard(path, 'opened', () => openSync(path, 'a+', 0o644));
  let size = guard(path, 'read', () => cutUnfinishedLine(fd));
  return {
    path,
    append(record) {
      const checked = journalRecord.safeParse(record);
      if (!checked.success)
        throw new JournalError(
          `${path}: refused a malformed record: ${explainIssues(checked.error, record).join('; ')}`,
        );
      const line = Buffer.from(`${JSON.stringify(record)}\n`);
      try {
        for (let done = 0; done < line.length; ) done += writeSync(fd, line, done);
        fsyncSync(fd);
        size += line.length;
      } catch (error) {
        // Half a line in the middle would spoil the file for every later record.
        try {
          ftruncateSync(fd, size);
        } catch {}
        throw new JournalError(`journal ${path} cannot be written: ${explainIoError(error)}`, { cause: error });
      }
    },
    close: () => closeSync(fd),
  };
}

/** Truncates to the last newline and returns the size that is left, in bytes. */
function cutUnfinishedLine(fd: number): number {
  const size = fstatSync(fd).size;
  const chunk = Buffer.alloc(65536);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - chunk.length);
    const bytes = readSync(fd, chunk, 0, end - start, start);
    const newline = chunk.subarray(0, bytes).lastIndexOf(NEWLINE);
    if (newline >= 0) {
      const kept = start + newline + 1;
      if (kept < size) ftruncateSync(fd, kept);
      return kept;
    }
    end = start;
  }
  if (size > 0) ftruncateSync(fd, 0);
  return 0;
}

export interface JournalContents {
  readonly records: JournalRecord[];
  /** True when the last line was unfinished and has been left out. */
  readonly truncated: boolean;
}

/**
 * Reads a journal. A line counts once its newline is there: an unfinished last line is what a killed
 * process leaves, so it is dropped and reported. Any other bad line is an error.
 *
 * @throws {JournalError} naming the file, and the line that is not a record
 */
export function readJournal(path: string): JournalContents {
  return parseJournal(guard(path, 'read', () => readFileSync(path)).toString('utf8'), path);
}

/** As `readJournal`, from text; `name` stands for the file in messages. */
export function parseJournal(text: string, name: string): JournalContents {
  const lines = text.split('\n');
  const unfinished = lines.pop();
  const records = lines.map((line, i) => parseLine(line, `${name}: line ${i + 1}`));
  return { records, truncated: unfinished !== '' };
}

function parseLine(line: string, where: string): JournalRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new JournalError(`${where} is not JSON: the journal was changed or damaged after it was written`);
  }
  const parsed = journalRecord.safeParse(value);
  if (!parsed.success)
    throw new JournalError(`${where} is not a journal record: ${explainIssues(parsed.error, value).join('; ')}`);
  return parsed.data;
}

function guard<T>(path: string, verb: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new JournalError(`journal ${path} cannot be ${verb}: ${explainIoError(error)}`, { cause: error });
  }
}
