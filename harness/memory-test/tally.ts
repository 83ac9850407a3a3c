import { poissonUpperLimit } from '../../reports/statistics/index.js';
import { countClasses, findingOf, type MemoryError } from './classify.js';
import { type Chunk, compares, firstBlocks, movedBytes, type Op, type Recorded } from './memory.js';
import { PASS_NAMES, type PassName } from './passes.js';
import { ChunkRates } from './rates.js';
import type { MemoryReport, PassFigures } from './report.js';

/** Errors that are kept; beyond this they are counted only. Some 5 MB of the host's memory. */
const MOST_KEPT = 16_384;
const TB = 1e12;

type Figures = { -readonly [K in keyof Omit<PassFigures, 'gbPerS'>]: PassFigures[K] };

/** Adds up what sweeps moved and found. Its memory does not grow with the card's. */
export class Tally {
  readonly errors: MemoryError[] = [];
  readonly #chunks: readonly Chunk[];
  readonly #blockWords: number;
  readonly #first: readonly number[];
  readonly #heat: Float64Array;
  readonly #rates: ChunkRates;
  readonly #passes: Map<PassName, Figures>;
  #heldBytes = 0;
  #peakRssBytes = 0;

  constructor(chunks: readonly Chunk[], blockWords: number) {
    this.#chunks = chunks;
    this.#blockWords = blockWords;
    this.#first = firstBlocks(chunks, blockWords);
    this.#heat = new Float64Array(this.#first.at(-1) as number);
    this.#rates = new ChunkRates(chunks.map(({ words }) => 4 * words));
    this.#passes = new Map(
      PASS_NAMES.map((name) => [
        name,
        { name, finished: 0, comparedBytes: 0, movedBytes: 0, seconds: 0, errors: 0 } satisfies Figures,
      ]),
    );
  }

  swept(pass: PassName, ops: readonly Op[], ns: readonly (number | null)[], held: boolean): void {
    const figures = this.#passes.get(pass) as Figures;
    for (const [i, op] of ops.entries()) {
      const took = ns[i] ?? null;
      // Time that is not known may not make a rate: neither may its bytes.
      if (took !== null) {
        figures.movedBytes += movedBytes(op);
        figures.seconds += took / 1e9;
      }
      if (!compares(op)) continue;
      figures.comparedBytes += 16 * op.count;
      if (held) this.#heldBytes += 16 * op.count;
    }
    this.#peakRssBytes = Math.max(this.#peakRssBytes, process.memoryUsage.rss());
  }

  /** One sweep over one chunk is complete. */
  rated(pieces: readonly { op: Op; ns: number | null }[]): void {
    this.#rates.add(pieces);
  }

  counted(pass: PassName, { blocks }: Recorded): void {
    const figures = this.#passes.get(pass) as Figures;
    for (const [i, wrong] of blocks.entries()) {
      this.#heat[i] = (this.#heat[i] as number) + wrong;
      figures.errors += wrong;
    }
  }

  /** How many more are kept. */
  get room(): number {
    return MOST_KEPT - this.errors.length;
  }

  confirmed(errors: readonly MemoryError[]): void {
    this.errors.push(...errors.slice(0, this.room));
  }

  finished(pass: PassName): void {
    (this.#passes.get(pass) as Figures).finished++;
  }

  get movedBytes(): number {
    return this.#sum('movedBytes');
  }

  figures(): Omit<
    MemoryReport,
    'seed' | 'level' | 'rehearsal' | 'endedBy' | 'coveredBytes' | 'reserveBytes' | 'loops' | 'wallSeconds' | 'done'
  > {
    const [moved, compared, seconds] = [this.movedBytes, this.#sum('comparedBytes'), this.#sum('seconds')];
    const errors = this.#sum('errors');
    const classes = countClasses(this.errors);
    return {
      passes: [...this.#passes.values()].map((figures) => ({
        ...figures,
        gbPerS: rate(figures.movedBytes, figures.seconds),
      })),
      movedBytes: moved,
      comparedBytes: compared,
      deviceSeconds: seconds,
      gbPerS: rate(moved, seconds),
      errors,
      recorded: this.errors.length,
      classes,
      finding: findingOf(classes, compared > 0 ? this.#heldBytes / compared : 0),
      bits: bitDirections(this.errors),
      displacements: displacementsOf(this.errors),
      heat: { blockBytes: 4 * this.#blockWords, blocks: this.#hotBlocks() },
      chunks: this.#rates.judge(),
      upperBoundPerTb: compared > 0 ? poissonUpperLimit(errors, 0.95) / (compared / TB) : null,
      peakRssBytes: this.#peakRssBytes,
    };
  }

  #sum(name: 'movedBytes' | 'comparedBytes' | 'seconds' | 'errors'): number {
    return [...this.#passes.values()].reduce((sum, figures) => sum + figures[name], 0);
  }

  #hotBlocks(): MemoryReport['heat']['blocks'] {
    return this.#chunks.flatMap((_, chunk) => {
      const first = this.#first[chunk] as number;
      return [...this.#heat.subarray(first, this.#first[chunk + 1])].flatMap((errors, block) =>
        errors > 0 ? [{ chunk, block, errors }] : [],
      );
    });
  }
}

const rate = (bytes: number, seconds: number) => (seconds > 0 ? bytes / seconds / 1e9 : null);

function bitDirections(errors: readonly MemoryError[]): MemoryReport['bits'] {
  const zeroToOne = new Array<number>(32).fill(0);
  const oneToZero = new Array<number>(32).fill(0);
  for (const { expected, first, class: kind } of errors) {
    if (kind === 'address') continue;
    for (let bit = 0; bit < 32; bit++) {
      if (((expected ^ first) >>> bit) & 1) {
        const counts = (first >>> bit) & 1 ? zeroToOne : oneToZero;
        counts[bit] = (counts[bit] as number) + 1;
      }
    }
  }
  return { zeroToOne, oneToZero };
}

/** So many are listed. */
const MOST_DISPLACEMENTS = 32;

function displacementsOf(errors: readonly MemoryError[]): MemoryReport['displacements'] {
  const counts = new Map<string, { chunks: number; xor: number; errors: number }>();
  for (const { origin } of errors) {
    if (!origin) continue;
    const key = `${origin.chunks}/${origin.xor}`;
    const one = counts.get(key) ?? { chunks: origin.chunks, xor: origin.xor, errors: 0 };
    one.errors++;
    counts.set(key, one);
  }
  return [...counts.values()].sort((a, b) => b.errors - a.errors).slice(0, MOST_DISPLACEMENTS);
}
