import {
  type Change,
  type Chunk,
  changes,
  compares,
  type MemoryUnderTest,
  type Op,
  type Ran,
  type Recorded,
  reads,
} from '../memory-test/memory.js';

/** Memory that faults can get at: below the test, by means that the device itself has. */
export interface RawMemory extends MemoryUnderTest {
  /** Writes vectors again at the place that differs in the bit `mask`; with `onlySet`, those whose bit is set. */
  alias(chunk: number, start: number, count: number, mask: number, onlySet: boolean): Promise<void>;
}

/** Words of a chunk that are about to be read or were just written: a range, or single ones. */
export interface Access {
  readonly chunk: number;
  readonly start: number;
  readonly words: number;
  readonly list: readonly number[] | null;
  /** The sweep compares them. */
  readonly compared: boolean;
}

/** A fault of memory. Chunks are those that are really reached. */
export interface MemoryFault {
  /** What was put where, for the report. */
  readonly detail: string;
  /** The chunk that is reached in place of another. */
  reaches?(chunk: number): number;
  /** How many times a chunk's data is moved about besides. */
  burden?(chunk: number): number;
  beforeRead?(memory: RawMemory, access: Access): Promise<void>;
  afterRead?(memory: RawMemory, access: Access): Promise<void>;
  afterWrite?(memory: RawMemory, access: Access): Promise<void>;
  afterHold?(memory: RawMemory): Promise<void>;
}

/** Memory with a fault. It is the same test that reads it, one operation at a time. */
export class FaultyMemory implements MemoryUnderTest {
  readonly chunks: readonly Chunk[];
  readonly blockWords: number;
  readonly maxOps = 1;
  readonly #raw: RawMemory;
  readonly #fault: MemoryFault;

  constructor(raw: RawMemory, fault: MemoryFault) {
    this.#raw = raw;
    this.#fault = fault;
    this.chunks = raw.chunks;
    this.blockWords = raw.blockWords;
  }

  async run(ops: readonly Op[]): Promise<Ran> {
    const ns: (number | null)[] = [];
    for (const op of ops) {
      const reached = this.#reached(op.chunk);
      const access = { ...rangeOf(op, this.chunks), chunk: reached, list: null, compared: compares(op) };
      if (reads(op)) await this.#fault.beforeRead?.(this.#raw, access);
      const burden = this.#fault.burden?.(reached) ?? 0;
      const ran = await this.#raw.run([{ ...op, reaches: reached, burden }]);
      if (reads(op)) await this.#fault.afterRead?.(this.#raw, access);
      if (changes(op)) await this.#fault.afterWrite?.(this.#raw, access);
      ns.push(...ran.ns);
    }
    return { ns };
  }

  takeErrors(): Promise<Recorded> {
    return this.#raw.takeErrors();
  }

  async peek(chunk: number, words: readonly number[]): Promise<number[]> {
    const access = listed(this.#reached(chunk), words);
    await this.#fault.beforeRead?.(this.#raw, access);
    const values = await this.#raw.peek(access.chunk, words);
    await this.#fault.afterRead?.(this.#raw, access);
    return values;
  }

  async poke(chunk: number, entries: readonly Change[]): Promise<void> {
    const access = listed(
      this.#reached(chunk),
      entries.map(({ word }) => word),
    );
    await this.#raw.poke(access.chunk, entries);
    await this.#fault.afterWrite?.(this.#raw, access);
  }

  async hold(ms: number, loaded: boolean): Promise<void> {
    await this.#raw.hold(ms, loaded);
    await this.#fault.afterHold?.(this.#raw);
  }

  #reached(chunk: number): number {
    return this.#fault.reaches?.(chunk) ?? chunk;
  }
}

function rangeOf({ operation, chunk, start, count }: Op, chunks: readonly Chunk[]): { start: number; words: number } {
  // Pairs lie apart: what a swap reaches is taken to be the whole chunk.
  if (operation === 'swap') return { start: 0, words: (chunks[chunk] as Chunk).words };
  return { start: 4 * start, words: 4 * count };
}

const listed = (chunk: number, list: readonly number[]): Access => ({
  chunk,
  start: 0,
  words: 0,
  list,
  compared: false,
});
