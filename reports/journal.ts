import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { explainIoError } from './io-errors.js';
import {
  CHAIN_START,
  chainedLine,
  follower,
  type JournalHead,
  linesOf,
  linkOf,
  sha256,
  withoutLink,
} from './journal-chain.js';
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
 * whether there was one and must therefore be asked before. Every line is chained to the one before it, unless
 * the journal was begun without a chain: one that starts in the middle would prove nothing.
 *
 * @throws {JournalError} when the file cannot be opened
 */
export function openJournal(path: string): Journal {
  const fd = guard(path, 'opened', () => openSync(path, 'a+', 0o644));
  let { size, prev } = guard(path, 'read', () => cutUnfinishedLine(fd));
  return {
    path,
    append(record) {
      const checked = journalRecord.safeParse(record);
      if (!checked.success)
        throw new JournalError(
          `${path}: refused a malformed record: ${explainIssues(checked.error, record).join('; ')}`,
        );
      const line = chainedLine(record, prev);
      try {
        for (let done = 0; done < line.length; ) done += writeSync(fd, line, done);
        fsyncSync(fd);
        size += line.length;
        if (prev !== null) prev = sha256(line);
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

/**
 * Truncates to the last newline.
 * @returns the size that is left, in bytes, and what the next line has for its predecessor; null without a chain
 */
function cutUnfinishedLine(fd: number): { size: number; prev: string | null } {
  const bytes = readWhole(fd, fstatSync(fd).size);
  const size = bytes.lastIndexOf(NEWLINE) + 1;
  if (size < bytes.length) ftruncateSync(fd, size);
  if (size === 0) return { size, prev: CHAIN_START };
  const start = size < 2 ? 0 : bytes.lastIndexOf(NEWLINE, size - 2) + 1;
  const chained = linkOf(bytes.toString('utf8', start, size - 1)) !== null;
  return { size, prev: chained ? sha256(bytes.subarray(start, size)) : null };
}

function readWhole(fd: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let done = 0;
  for (let read = -1; done < size && read !== 0; done += read) read = readSync(fd, bytes, done, size - done, done);
  return bytes.subarray(0, done);
}

export interface JournalContents {
  readonly records: JournalRecord[];
  /** True when the last line was unfinished and has been left out. */
  readonly truncated: boolean;
  /** Of the whole lines; null where they are not chained, as those of older versions, or there are none. */
  readonly head: JournalHead | null;
}

/**
 * Reads a journal. A line counts once its newline is there: an unfinished last line is what a killed
 * process leaves, so it is dropped and reported. Any other bad line is an error, as is one that does not follow the
 * one before it.
 *
 * @throws {JournalError} naming the file, and the line that is not a record or not in its place
 */
export function readJournal(path: string): JournalContents {
  return parseJournal(
    guard(path, 'read', () => readFileSync(path)),
    path,
  );
}

/** As `readJournal`, from what it holds; `name` stands for the file in messages. */
export function parseJournal(contents: string | Uint8Array, name: string): JournalContents {
  const records: JournalRecord[] = [];
  const follow = follower();
  let truncated = false;
  for (const bytes of linesOf(typeof contents === 'string' ? Buffer.from(contents) : contents)) {
    truncated = bytes.at(-1) !== NEWLINE;
    if (truncated) break;
    const why = follow.next(bytes);
    const where = `${name}: line ${follow.lines}`;
    if (why !== null)
      throw new JournalError(`${where}: ${why}: the journal was changed or damaged after it was written`);
    records.push(parseLine(Buffer.from(bytes.subarray(0, -1)).toString('utf8'), where));
  }
  return { records, truncated, head: follow.head() };
}

function parseLine(line: string, where: string): JournalRecord {
  let value: unknown;
  try {
    value = JSON.parse(linkOf(line) === null ? line : withoutLink(line));
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
