import type { Operation } from '../../kernels/memory-test/programs.js';
import type { Pattern } from '../../kernels/memory-test/reference.js';

/**
 * The memory that is tested, as the test sees it: chunks of words that are only reached by sweeps on the device.
 * The test's schedule, confirmation and classification know nothing else, so that they run as well on a simulation.
 */
export interface MemoryUnderTest {
  readonly chunks: readonly Chunk[];
  /** Words of one block of the heat map, a power of two; a smaller chunk is one block. */
  readonly blockWords: number;
  /** Most operations of one `run`. */
  readonly maxOps: number;
  /** Executes in order, as one submission. */
  run(ops: readonly Op[]): Promise<Ran>;
  /** What was recorded since the last call. */
  takeErrors(): Promise<Recorded>;
  /** Reads single words. */
  peek(chunk: number, words: readonly number[]): Promise<number[]>;
  /** Changes single words, none of them listed twice. */
  poke(chunk: number, changes: readonly Change[]): Promise<void>;
  /** Leaves memory alone for so long, with the device's arithmetic idle or busy. */
  hold(ms: number, loaded: boolean): Promise<void>;
}

export interface Chunk {
  /** A power of two. */
  readonly words: number;
}

export type Sweep = Exclude<Operation, 'peek' | 'poke' | 'alias' | 'load'>;

export interface Op {
  readonly operation: Sweep;
  readonly chunk: number;
  /** Vectors of 16 bytes, pairs of vectors for `swap`; the count is a power of two and the start a multiple of it. */
  readonly start: number;
  readonly count: number;
  /** What memory holds or is filled with. */
  readonly before: Pattern;
  /** What a step leaves. */
  readonly after?: Pattern;
  /** Which vectors a swap exchanges: one bit of their index. */
  readonly mask?: number;
  /** For faults only: the chunk that is really reached, and how many times its data is moved about besides. */
  readonly reaches?: number;
  readonly burden?: number;
}

export interface Ran {
  /** Nanoseconds of each operation; null where the device's stamps are unusable. */
  readonly ns: readonly (number | null)[];
}

export interface RecordedError {
  readonly chunk: number;
  /** Index inside the chunk. */
  readonly word: number;
  readonly expected: number;
  readonly got: number;
}

export interface Recorded {
  /** All wrong words, modulo 2³²; `blocks` has their sum too. */
  readonly count: number;
  /** The first of them, as many as fit. */
  readonly records: readonly RecordedError[];
  /** Wrong words by block, of all chunks in a row. */
  readonly blocks: Uint32Array;
}

/** word := ((word & and) | or) ^ xor; without `and` nothing is read. */
export interface Change {
  readonly word: number;
  readonly and: number;
  readonly or: number;
  readonly xor: number;
}

/** A change that writes this word. */
export const writes = (word: number, value: number): Change => ({ word, and: 0, or: value, xor: 0 });

/** Bytes that an operation moves, reads and writes counted as STREAM counts them. */
export function movedBytes({ operation, count }: Pick<Op, 'operation' | 'count'>): number {
  if (operation === 'swap') return 64 * count;
  if (operation === 'step') return 32 * count;
  if (operation === 'every-20th') return (16 * count) / 20;
  if (operation === 'all-but-20th') return (16 * count * 19) / 20;
  return 16 * count;
}

export const reads = ({ operation }: Pick<Op, 'operation'>): boolean =>
  operation === 'verify' || operation === 'step' || operation === 'swap';

/** Of those that read: the ones that compare. */
export const compares = ({ operation }: Pick<Op, 'operation'>): boolean =>
  operation === 'verify' || operation === 'step';

export const changes = ({ operation }: Pick<Op, 'operation'>): boolean =>
  operation !== 'verify' && operation !== 'scrub';

/** First block of each chunk in the heat map, and after them the number of all blocks. */
export function firstBlocks(chunks: readonly Chunk[], blockWords: number): number[] {
  const first = [0];
  for (const { words } of chunks) first.push((first.at(-1) as number) + Math.max(1, words / blockWords));
  return first;
}
