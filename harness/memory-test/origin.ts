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
const oneBit = (x: number) => x !== 0 && (x & (x - 1)) === 0;

/**
 * For each wrong word the place that its value belongs to, or null. Every chunk has a candidate for every value, since
 * the mixing is a bijection of 2³² words; among chunks of 2²⁶ words one in 64 of them lies inside the chunk by chance.
 * So a candidate is believed alone only when a single address line or a whole number of chunks explains it (by chance
 * one in some ten million), and otherwise when three words of the same sweep are displaced alike.
 *
 * Patterns that repeat say less: there a value counts when it is what the other pattern of the sweep has at this place,
 * or the complement, which differs in all 32 bits at once.
 *
 * @param live first the pattern that was expected, then others of the same sweep
 */
export function originsOf(
  errors: readonly RecordedError[],
  chunks: readonly Chunk[],
  live: readonly LivePattern[],
): (Origin | null)[] {
  const candidates = errors.map((error) => candidatesOf(error, chunks, live));
  const votes = new Map<string, number>();
  for (const all of candidates) for (const key of new Set(all.map(keyOf))) votes.set(key, (votes.get(key) ?? 0) + 1);
  return candidates.map((all) => {
    const plain = all.find(({ chunks: far, xor, otherTime }) => otherTime || (far === 0 ? oneBit(xor) : xor === 0));
    if (plain) return plain;
    const best = all.reduce<Origin | null>(
      (most, one) => (most && (votes.get(keyOf(most)) ?? 0) >= (votes.get(keyOf(one)) ?? 0) ? most : one),
      null,
    );
    return best && (votes.get(keyOf(best)) ?? 0) >= VOTES ? best : null;
  });
}

const keyOf = ({ chunks, xor }: Origin) => `${chunks}/${xor}`;

function candidatesOf(
  { chunk, word, got }: RecordedError,
  chunks: readonly Chunk[],
  live: readonly LivePattern[],
): Origin[] {
  const found: Origin[] = [];
  for (const [i, pattern] of live.entries()) {
    const here = pattern(chunk);
    if (i > 0 && wordOf(here, word) === got) found.push({ chunks: 0, xor: 0, otherTime: true });
    if (here.kind !== 'hash') {
      if (~wordOf(here, word) >>> 0 === got) found.push({ chunks: 0, xor: 0, otherTime: true });
      continue;
    }
    for (const [other, { words }] of chunks.entries()) {
      const place = placeOf(pattern(other), got);
      if (place === null || place >= words || (other === chunk && place === word)) continue;
      found.push({ chunks: other - chunk, xor: (place ^ word) >>> 0, otherTime: false });
    }
  }
  return found;
}
