import { createHash } from 'node:crypto';

/**
 * The chain over a journal's lines: each ends with `"prev"`, the SHA-256 of the line before it as it stands in the file,
 * its newline included; the first has that of nothing. So `head -n 6 FILE | tail -n 1 | sha256sum` is what line 7 says.
 * The hash is written in full: its 64 characters are nothing beside a round's samples, and half of it could be made to
 * collide by whoever writes both journals. A chain tells that lines were changed, taken out, put in or moved; it cannot
 * tell that its end is missing, or that somebody wrote all of it anew. For that a result keeps the hash of the last line.
 */
export interface JournalHead {
  readonly lines: number;
  /** SHA-256 of the last line, its newline included, in lower-case hexadecimal. */
  readonly sha256Head: string;
}

export type JournalChain =
  /** `unfinished`: bytes follow the last newline, as a killed process leaves them. */
  | { readonly kind: 'whole'; readonly head: JournalHead; readonly unfinished: boolean }
  /** Written by a version without a chain, or empty. */
  | { readonly kind: 'none' }
  /** @property line the first, from 1, that does not follow the one before it */
  | { readonly kind: 'broken'; readonly line: number; readonly why: string };

const NEWLINE = 0x0a;
/** How a chained line ends. A field of that name further inside cannot end a line so. */
const LINK = /,"prev":"([0-9a-f]{64})"\}$/;
const LINK_LENGTH = ',"prev":""}'.length + 64;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What the first line has for its predecessor. */
export const CHAIN_START = sha256(new Uint8Array());

/** What a line says the hash of its predecessor is; null where it is not chained. @param line without its newline */
export const linkOf = (line: string): string | null => LINK.exec(line.slice(-LINK_LENGTH))?.[1] ?? null;

/** The record in a chained line, as JSON. */
export const withoutLink = (line: string): string => `${line.slice(0, -LINK_LENGTH)}}`;

/** A record as a line with its newline; `prev` is null in a journal without a chain. */
export function chainedLine(record: object, prev: string | null): Buffer {
  return Buffer.from(`${JSON.stringify(prev === null ? record : { ...record, prev })}\n`);
}

/** The lines of a journal with their newlines; the last may have none. */
export function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/**
 * Whether every line follows the one before it. An unfinished last line is left out and said. The first line decides
 * whether there is a chain: a journal is not half chained.
 */
export function checkChain(bytes: Uint8Array): JournalChain {
  const follow = follower();
  let unfinished = false;
  for (const line of linesOf(bytes)) {
    unfinished = line.at(-1) !== NEWLINE;
    if (unfinished) break;
    const why = follow.next(line);
    if (why !== null) return { kind: 'broken', line: follow.lines, why };
  }
  const head = follow.head();
  return head ? { kind: 'whole', head, unfinished } : { kind: 'none' };
}

/** Takes a journal's lines one after the other. */
export function follower() {
  let lines = 0;
  let chained = false;
  let last = CHAIN_START;
  return {
    get lines() {
      return lines;
    },
    /** @param line with its newline @returns why it does not follow the one before it; null where it does */
    next(line: Uint8Array): string | null {
      // The end of a line is enough, and ASCII where it is a link.
      const link = linkOf(Buffer.from(line.slice(-LINK_LENGTH - 1, -1)).toString('latin1'));
      if (lines === 0) chained = link !== null;
      lines++;
      const expected = last;
      last = sha256(line);
      if (!chained) return link === null ? null : 'it is chained and the first line is not';
      if (link === null) return 'its hash of the line before is missing';
      if (link === expected) return null;
      return lines === 1
        ? 'lines before it are missing'
        : 'the line before it is not the one that it was written after';
    },
    /** Of the lines so far; null without a chain. */
    head: (): JournalHead | null => (chained ? { lines, sha256Head: last } : null),
  };
}
