import { powerOfTwo } from './allocate.js';
import { type Chunk, movedBytes, type Op, type Sweep } from './memory.js';
import { type PatternOfAll, patternOf, type SweepStage, swapMasks } from './passes.js';

/** Before an operation's rate is known, pieces are this small: a slow adapter must not be asked for a second's work. */
const FIRST_BYTES = 16 * 2 ** 20;
/** Errors of one submission are counted in 32 bits. */
const MOST_BYTES = 2 ** 32;

/** Cuts sweeps into submissions that end in time. */
export class Batches {
  readonly #chunks: readonly Chunk[];
  readonly #maxOps: number;
  readonly #targetMs: number;
  /** Bytes per millisecond, by operation, of the most recent submission. */
  readonly #rates = new Map<Sweep, number>();

  /** @param targetMs what a submission should take at most */
  constructor(chunks: readonly Chunk[], maxOps: number, targetMs: number) {
    this.#chunks = chunks;
    this.#maxOps = maxOps;
    this.#targetMs = targetMs;
  }

  /** The next submission of a sweep: pieces of chunks in order, or null at its end. */
  *of(stage: SweepStage): Generator<Op[]> {
    let batch: Op[] = [];
    let bytes = 0;
    for (const chunk of this.#order(stage)) {
      const units = this.#units(stage, chunk);
      for (let start = 0; start < units; ) {
        const most = this.#mostBytes(stage.sweep);
        const op = this.#op(stage, chunk, start, Math.min(units, this.#count(stage.sweep, most)));
        // A rate that fell since leaves a start that a larger piece began; pieces stay multiples of their size.
        if (batch.length > 0 && (bytes + movedBytes(op) > most || batch.length === this.#maxOps)) {
          yield batch;
          batch = [];
          bytes = 0;
          continue;
        }
        batch.push(op);
        bytes += movedBytes(op);
        start += op.count;
      }
    }
    if (batch.length > 0) yield batch;
  }

  /** @param ms that a submission of these took, waiting included */
  took(batch: readonly Op[], ms: number): void {
    const bytes = batch.reduce((sum, op) => sum + movedBytes(op), 0);
    const [first] = batch;
    if (first && ms > 0) this.#rates.set(first.operation, bytes / ms);
  }

  #mostBytes(sweep: Sweep): number {
    const rate = this.#rates.get(sweep);
    return rate === undefined ? FIRST_BYTES : Math.min(MOST_BYTES, rate * this.#targetMs);
  }

  #count(sweep: Sweep, bytes: number): number {
    const perUnit = movedBytes({ operation: sweep, count: 2 ** 20 }) / 2 ** 20;
    return Math.max(256, powerOfTwo(bytes / perUnit));
  }

  #order({ descending }: SweepStage): number[] {
    const order = this.#chunks.map((_, i) => i);
    return descending ? order.reverse() : order;
  }

  #units({ sweep }: SweepStage, chunk: number): number {
    const vectors = (this.#chunks[chunk] as Chunk).words / 4;
    return sweep === 'swap' ? vectors / 2 : vectors;
  }

  #op({ sweep, before, after, swap }: SweepStage, index: number, start: number, wanted: number): Op {
    const chunk = this.#chunks[index] as Chunk;
    // The largest power of two that the start is a multiple of.
    const aligned = start === 0 ? wanted : Math.min(wanted, start & -start);
    const pattern = (all: PatternOfAll) => patternOf(all, index, chunk);
    return {
      operation: sweep,
      chunk: index,
      start,
      count: aligned,
      before: pattern(before),
      ...(after && { after: pattern(after) }),
      ...(swap !== undefined && { mask: swapMasks(chunk)[swap] as number }),
    };
  }
}
