import { type Pattern, placeOf, wordOf } from '../../kernels/memory-test/reference.js';
import type { Chunk, RecordedError } from './memory.js';

/** Where a value that was read belongs, as seen from where it was read. */
export interface Origin {
  /** Chunks further on, negative for earlier ones. */
  readonly chunks: number;
  /** Index of the word it belongs to, joined with the index it was read at by exclusive or. */
  readonly xor: number;
  /** It belongs to the same place at another time: what was written before or is to be written next. */
  readonly otherTime: boolean;
}

/** The patterns that words may come from: of each, the pattern by chunk. */
export type LivePattern = (chunk: number) => Pattern;

/** So many wrong words must be displaced alike before a displacement that no single line explains is believed. */
const VOTES = 3;
/** Lines of an index that walking bits tell apart: those patterns repeat after 32 words. */
const LINES = [1, 2, 4, 8, 16];
const oneBit = (x: number) => x !== 0 && (x & (x - 1)) === 0;

/**
 * For each wrong word the place that its value belongs to, or null. Every chunk has a candidate for every value, since
 * the mixing is a bijection of 2³² words; among chunks of 2²⁶ words one in 64 of them lies inside the chunk by chance.
 * So a candidate is believed alone only when a single address line or a whole number of chunks explains it (by chance
 * one in some ten million), and otherwise when three words of the same sweep are displaced alike.
 *
 * Patterns that repeat say less: there a value counts when it is what the other pattern of the sweep has at this place,
 * or the complement, which differs in all 32 bits at once, or of walking bits what a single line away has.
 *
 * @param live first the pattern that was expected, then others of the same sweep
 */
export function originsOf(
  errors: readonly RecordedError[],
  chunks: readonly Chunk[],
  live: readonly LivePattern[],
): (Origin | null)[] {
  const plain = errors.map((error) => plainOf(error, chunks, live));
  const candidates = errors.map((error, i) => (plain[i] ? [] : candidatesOf(error, chunks, live)));
  const votes = new Map<string, number>();
  for (const all of candidates) for (const key of new Set(all.map(keyOf))) votes.set(key, (votes.get(key) ?? 0) + 1);
  const votesFor = (origin: Origin) => votes.get(keyOf(origin)) as number;
  return candidates.map((all, i) => {
    const [first, ...others] = all;
    if (!first) return plain[i] ?? null;
    const best = others.reduce((most, one) => (votesFor(one) > votesFor(most) ? one : most), first);
    return votesFor(best) >= VOTES ? best : null;
  });
}

const keyOf = ({ chunks, xor }: Origin) => `${chunks}/${xor}`;

/** What a single line, a whole number of chunks or another time explains. */
function plainOf(
  { chunk, word, got }: RecordedError,
  chunks: readonly Chunk[],
  live: readonly LivePattern[],
): Origin | null {
  for (const [i, pattern] of live.entries()) {
    const here = pattern(chunk);
    const other = here.kind !== 'hash' && ~wordOf(here, word) >>> 0 === got;
    if (other || (i > 0 && wordOf(here, word) === got)) return { chunks: 0, xor: 0, otherTime: true };
    const line = here.kind === 'walking-bits' ? LINES.find((bit) => wordOf(here, word ^ bit) === got) : undefined;
    if (line !== undefined) return { chunks: 0, xor: line, otherTime: false };
    if (here.kind !== 'hash') continue;
    const xor = ((placeOf(here, got) as number) ^ word) >>> 0;
    if (oneBit(xor) && (word ^ xor) >>> 0 < (chunks[chunk] as Chunk).words) return { chunks: 0, xor, otherTime: false };
    const far = chunks.findIndex(
      ({ words }, other) => other !== chunk && word < words && wordOf(pattern(other), word) === got,
    );
    if (far >= 0) return { chunks: far - chunk, xor: 0, otherTime: false };
  }
  return null;
}

/** A candidate in every chunk that is large enough. */
function candidatesOf(
  { chunk, word, got }: RecordedError,
  chunks: readonly Chunk[],
  live: readonly LivePattern[],
): Origin[] {
  return live.flatMap((pattern) =>
    chunks.flatMap(({ words }, other) => {
      const place = placeOf(pattern(other), got);
      if (place === null || place >= words || (other === chunk && place === word)) return [];
      return [{ chunks: other - chunk, xor: (place ^ word) >>> 0, otherTime: false }];
    }),
  );
}
