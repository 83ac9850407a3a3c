import { median } from '../../reports/statistics/index.js';
import { movedBytes, type Op, type Sweep } from './memory.js';

/** A chunk under this part of the median rate is suspected to lie in host memory: its bus is slower by more than that. */
export const SUSPECT_BELOW = 0.5;
/** Its rate is judged from so many sweeps of an operation on. One stall of a busy machine must not decide. */
const LEAST_SWEEPS = 3;
/** Fewer chunks have no median worth the name. */
const LEAST_CHUNKS = 4;
/** A chunk smaller than this part of the largest is rated by its overhead, and not judged. */
const LEAST_PART = 1 / 8;

export interface ChunkRate {
  readonly chunk: number;
  readonly bytes: number;
  /** Of its best sweeps, over all operations; null before any was timed. */
  readonly gbPerS: number | null;
  /** Median over operations of its best rate to the median chunk's best; null where it is not judged. */
  readonly ratio: number | null;
  readonly suspect: boolean;
}

interface Best {
  sweeps: number;
  bytesPerNs: number;
}

/** How fast each chunk was swept, by operation. */
export class ChunkRates {
  readonly #bytes: readonly number[];
  readonly #best = new Map<Sweep, Best[]>();

  constructor(bytes: readonly number[]) {
    this.#bytes = bytes;
  }

  /** @param pieces all of one sweep over one chunk, with their times */
  add(pieces: readonly { op: Op; ns: number | null }[]): void {
    const [first] = pieces;
    if (!first || pieces.some(({ ns }) => ns === null || ns <= 0)) return;
    const ns = pieces.reduce((sum, piece) => sum + (piece.ns as number), 0);
    const bytes = pieces.reduce((sum, { op }) => sum + movedBytes(op), 0);
    const { operation, chunk } = first.op;
    const all = this.#best.get(operation) ?? this.#bytes.map(() => ({ sweeps: 0, bytesPerNs: 0 }));
    this.#best.set(operation, all);
    const best = all[chunk] as Best;
    best.sweeps++;
    best.bytesPerNs = Math.max(best.bytesPerNs, bytes / ns);
  }

  /** The best of several sweeps is what a chunk can do; what disturbs a sweep makes it slower, never faster. */
  judge(): ChunkRate[] {
    const largest = Math.max(...this.#bytes);
    const judged = this.#bytes.map((bytes) => bytes >= largest * LEAST_PART);
    const ratios: number[][] = this.#bytes.map(() => []);
    const enough = judged.filter(Boolean).length >= LEAST_CHUNKS;
    for (const all of this.#best.values()) {
      if (!enough || all.some(({ sweeps }, i) => judged[i] && sweeps < LEAST_SWEEPS)) continue;
      const middle = median(all.filter((_, i) => judged[i]).map(({ bytesPerNs }) => bytesPerNs));
      for (const [i, { bytesPerNs }] of all.entries()) if (judged[i]) ratios[i]?.push(bytesPerNs / middle);
    }
    return this.#bytes.map((bytes, chunk) => {
      const rates = [...this.#best.values()].map((all) => all[chunk]?.bytesPerNs ?? 0).filter((rate) => rate > 0);
      const all = ratios[chunk] as number[];
      const ratio = all.length > 0 ? median(all) : null;
      const gbPerS = rates.length > 0 ? Math.max(...rates) : null;
      return { chunk, bytes, gbPerS, ratio, suspect: ratio !== null && ratio < SUSPECT_BELOW };
    });
  }
}
