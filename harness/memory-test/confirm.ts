import { wordOf } from '../../kernels/memory-test/reference.js';
import { classOf, type MemoryError } from './classify.js';
import { type Chunk, type MemoryUnderTest, type Op, type RecordedError, writes } from './memory.js';
import { type Origin, originsOf } from './origin.js';
import { type PassName, type PatternOfAll, patternOf, type SweepStage } from './passes.js';

export interface Found {
  readonly pass: PassName;
  readonly loop: number;
  readonly stage: SweepStage;
  /** What memory held before the sweep's pattern was written. */
  readonly previous: PatternOfAll | null;
  /** Words (`chunk:word`) that were wrong before memory was left alone. */
  readonly wrongBefore: ReadonlySet<string>;
}

export const placeName = ({ chunk, word }: { chunk: number; word: number }) => `${chunk}:${word}`;

/** Of a sweep's errors so many are confirmed even when nobody keeps them: a class may show late. */
const LEAST_CONFIRMED = 64;

/**
 * Reads wrong words a second time, writes what was expected and reads them again, and leaves what the sweep leaves.
 * Before each read another chunk is read from end to end, so that it is memory that answers and not the cache that
 * the first read or the write filled.
 * @param most that are wanted; the others are only put right
 */
export async function confirm(
  memory: MemoryUnderTest,
  records: readonly RecordedError[],
  found: Found,
  most: number,
): Promise<MemoryError[]> {
  const { stage, pass, loop, previous, wrongBefore } = found;
  const confirmed = records.slice(0, Math.max(most, LEAST_CONFIRMED));
  const live = [stage.before, ...(stage.after ? [stage.after] : []), ...(previous ? [previous] : [])].map(
    (all) => (chunk: number) => patternOf(all, chunk, memory.chunks[chunk] as Chunk),
  );
  const origins = originsOf(confirmed, memory.chunks, live);
  const errors: MemoryError[] = [];
  for (const chunk of new Set(records.map((record) => record.chunk))) {
    const mine = confirmed.flatMap((record, i) =>
      record.chunk === chunk ? [{ record, origin: origins[i] as Origin | null }] : [],
    );
    const { second, afterRewrite } = await ask(
      memory,
      chunk,
      mine.map(({ record }) => record),
    );
    for (const [i, { record, origin }] of mine.entries()) {
      const error = {
        ...{ pass, loop, chunk, word: record.word, expected: record.expected, first: record.got },
        ...{ second: second[i] as number, afterRewrite: afterRewrite[i] as number },
        held: stage.held === true && !wrongBefore.has(placeName(record)),
        origin,
      };
      errors.push({ ...error, class: classOf(error) });
    }
    const words = records.filter((record) => record.chunk === chunk).map(({ word }) => word);
    await leave(memory, chunk, words, stage);
  }
  return errors;
}

async function ask(memory: MemoryUnderTest, chunk: number, records: readonly RecordedError[]) {
  if (records.length === 0) return { second: [], afterRewrite: [] };
  const words = records.map(({ word }) => word);
  await scrub(memory, chunk);
  const second = await memory.peek(chunk, words);
  await memory.poke(
    chunk,
    records.map(({ word, expected }) => writes(word, expected)),
  );
  await scrub(memory, chunk);
  return { second, afterRewrite: await memory.peek(chunk, words) };
}

/** A step leaves vectors with a wrong word as they were: all four words get what the step should have left. */
async function leave(memory: MemoryUnderTest, chunk: number, words: readonly number[], stage: SweepStage) {
  if (!stage.after) return;
  const pattern = patternOf(stage.after, chunk, memory.chunks[chunk] as Chunk);
  const vectors = new Set(words.map((word) => word - (word % 4)));
  const all = [...vectors].flatMap((first) => [0, 1, 2, 3].map((j) => first + j));
  await memory.poke(
    chunk,
    all.map((word) => writes(word, wordOf(pattern, word))),
  );
}

/** Reads the neighbour of a chunk, or where there is none the chunk itself. */
async function scrub(memory: MemoryUnderTest, chunk: number): Promise<void> {
  const other = (chunk + 1) % memory.chunks.length;
  const { words } = memory.chunks[other] as Chunk;
  const nothing = { kind: 'hash', key: 0, inverted: false, extra: 0, moved: 0 } as const;
  const op: Op = { operation: 'scrub', chunk: other, start: 0, count: words / 4, before: nothing };
  await memory.run([op]);
}
