import type { RawMemory } from '../../harness/faults/faulty-memory.js';
import {
  type Change,
  compares,
  firstBlocks,
  movedBytes,
  type Op,
  type RecordedError,
} from '../../harness/memory-test/memory.js';
import { wordOf } from '../../kernels/memory-test/reference.js';

const CAPACITY = 512;

/** Memory in plain arrays, swept as the WGSL sweeps a card's. Its clock is the traffic: one byte is a nanosecond. */
export class SimulatedMemory implements RawMemory {
  readonly chunks: readonly { words: number }[];
  readonly blockWords: number;
  readonly maxOps = 8;
  readonly data: Uint32Array[];
  readonly log: string[] = [];
  #records: RecordedError[] = [];
  #count = 0;
  readonly #first: readonly number[];
  #blocks: Uint32Array;

  constructor(words: readonly number[], blockWords = 256) {
    this.chunks = words.map((each) => ({ words: each }));
    this.blockWords = blockWords;
    this.data = words.map((each) => new Uint32Array(each));
    this.#first = firstBlocks(this.chunks, blockWords);
    this.#blocks = new Uint32Array(this.#first.at(-1) as number);
  }

  async run(ops: readonly Op[]) {
    for (const op of ops) {
      this.log.push(`${op.operation} ${op.chunk}`);
      this.#one(op);
    }
    return { ns: ops.map((op) => movedBytes(op) * (1 + 4 * (op.burden ?? 0))) };
  }

  async takeErrors() {
    const taken = { count: this.#count, records: this.#records, blocks: this.#blocks };
    this.#records = [];
    this.#count = 0;
    this.#blocks = new Uint32Array(this.#blocks.length);
    return taken;
  }

  async peek(chunk: number, words: readonly number[]) {
    return words.map((word) => this.#chunk(chunk)[word] as number);
  }

  async poke(chunk: number, changes: readonly Change[]) {
    const data = this.#chunk(chunk);
    if (new Set(changes.map(({ word }) => word)).size !== changes.length) throw new Error('a word is listed twice');
    for (const { word, and, or, xor } of changes) data[word] = (((data[word] as number) & and) | or) ^ xor;
  }

  async alias(chunk: number, start: number, count: number, mask: number, onlySet: boolean) {
    const data = this.#chunk(chunk);
    for (let at = start; at < start + count; at++)
      if (!onlySet || at & mask) for (let j = 0; j < 4; j++) data[4 * (at ^ mask) + j] = data[4 * at + j] as number;
  }

  async hold() {}

  #chunk(chunk: number): Uint32Array {
    return this.data[chunk] as Uint32Array;
  }

  #one(op: Op): void {
    const { operation, start, count, before, after, mask = 0 } = op;
    const data = this.#chunk(op.reaches ?? op.chunk);
    if (operation === 'scrub') return;
    if (operation === 'swap') {
      for (let pair = start; pair < start + count; pair++) {
        const low = pair + (pair & ~(mask - 1));
        for (let j = 0; j < 4; j++) {
          const [a, b] = [4 * low + j, 4 * (low | mask) + j];
          [data[a], data[b]] = [data[b] as number, data[a] as number];
        }
      }
      return;
    }
    for (let at = start; at < start + count; at++) {
      let kept = false;
      for (let word = 4 * at; compares(op) && word < 4 * at + 4; word++) {
        const [expected, got] = [wordOf(before, word), data[word] as number];
        if (got === expected) continue;
        this.#count++;
        const block = (this.#first[op.chunk] as number) + Math.floor(word / this.blockWords);
        this.#blocks[block] = (this.#blocks[block] as number) + 1;
        if (this.#records.length < CAPACITY) {
          this.#records.push({ chunk: op.chunk, word, expected, got });
          kept = true;
        }
      }
      if (operation === 'verify' || kept) continue;
      for (let word = 4 * at; word < 4 * at + 4; word++) {
        if (operation === 'every-20th' && word % 20 !== before.extra) continue;
        if (operation === 'all-but-20th' && word % 20 === before.extra) continue;
        data[word] = wordOf(after ?? before, word);
      }
    }
  }
}
