import { Batches } from './batches.js';
import { confirm, placeName } from './confirm.js';
import type { MemoryUnderTest, Op } from './memory.js';
import { type Level, type Pass, type PassName, type PatternOfAll, passesOf, type SweepStage } from './passes.js';
import type { MemoryReport } from './report.js';
import { Tally } from './tally.js';

export interface TestOptions {
  readonly seed: number;
  readonly level: Level;
  /** Loops over all passes; as many as the budget allows where it is absent, or one without a budget. */
  readonly loops?: number;
  /** A pass that would outlast this is not begun; the first one always is. */
  readonly budgetMs?: number;
  /** In place of the level's: how long the retention passes leave memory alone, each of four times. */
  readonly holdMs?: number;
  /** What a submission should take at most. */
  readonly submissionMs: number;
}

export interface Progress {
  readonly loop: number;
  readonly pass: PassName;
  /** Of this loop's work, between 0 and 1; pauses count as nothing. */
  readonly fraction: number;
}

/** Pauses are taken in pieces, so that whoever drives the test is asked again. */
const HOLD_PIECE_MS = 250;

/**
 * The memory test over chunks of memory, advanced a little at a time. What is known stays known when nobody advances
 * it any more.
 */
export class MemoryTest {
  readonly tally: Tally;
  readonly #memory: MemoryUnderTest;
  readonly #options: TestOptions;
  readonly #batches: Batches;
  readonly #work: AsyncGenerator<Progress, void>;
  #progress: Progress = { loop: 0, pass: 'address', fraction: 0 };
  #previous: PatternOfAll | null = null;
  #holding: PatternOfAll | null = null;
  #wrongBefore: ReadonlySet<string> = new Set();
  #loops = 0;
  #wallMs = 0;
  #done = false;
  /** A generator that threw says that it is done, which the test is not. */
  #failed = false;

  constructor(memory: MemoryUnderTest, options: TestOptions) {
    this.#memory = memory;
    this.#options = options;
    this.tally = new Tally(memory.chunks, memory.blockWords);
    this.#batches = new Batches(memory.chunks, memory.maxOps, options.submissionMs);
    this.#work = this.#loopsOfPasses();
  }

  get progress(): Progress {
    return this.#progress;
  }
  get done(): boolean {
    return this.#done;
  }

  /** Works for some `ms`, at least one submission. @throws what the device threw; what was found before stays */
  async step(ms: number): Promise<void> {
    if (this.#failed) throw new Error('the memory test failed before and cannot go on');
    const start = performance.now();
    const before = this.#wallMs;
    this.#failed = true;
    try {
      do {
        const { done, value } = await this.#work.next();
        this.#done ||= done === true;
        if (value) this.#progress = value;
        this.#wallMs = before + performance.now() - start;
      } while (!this.#done && performance.now() - start < ms);
      this.#failed = false;
    } finally {
      this.#wallMs = before + performance.now() - start;
    }
  }

  report(): Omit<MemoryReport, 'rehearsal' | 'endedBy' | 'reserveBytes'> {
    const { seed, level } = this.#options;
    return {
      seed,
      level,
      coveredBytes: this.#memory.chunks.reduce((sum, { words }) => sum + 4 * words, 0),
      loops: this.#loops,
      wallSeconds: this.#wallMs / 1000,
      done: this.#done,
      ...this.tally.figures(),
    };
  }

  async *#loopsOfPasses(): AsyncGenerator<Progress, void> {
    const { budgetMs, loops = budgetMs === undefined ? 1 : Number.POSITIVE_INFINITY } = this.#options;
    for (let loop = 0; loop < loops; loop++) {
      const passes = passesOf({ ...this.#options, loop });
      const total = passes.reduce((sum, { stages }) => sum + stages.length, 0);
      let before = 0;
      let whole = true;
      for (const pass of passes) {
        if (!this.#fits(pass)) {
          whole = false;
          continue;
        }
        for await (const stage of this.#pass(pass, loop))
          yield { loop, pass: pass.name, fraction: (before + stage) / total };
        before += pass.stages.length;
        this.tally.finished(pass.name);
      }
      if (!whole) return;
      this.#loops++;
    }
  }

  /** Whether the time left is enough, judged by the rate so far. */
  #fits({ stages }: Pass): boolean {
    const { budgetMs } = this.#options;
    const moved = this.tally.movedBytes;
    if (budgetMs === undefined || moved === 0) return true;
    const bytes = this.#memory.chunks.reduce((sum, { words }) => sum + 4 * words, 0);
    const predicted = stages.reduce((ms, stage) => {
      if ('holdMs' in stage) return ms + stage.holdMs;
      return ms + (bytes * (stage.sweep === 'step' || stage.sweep === 'swap' ? 2 : 1) * this.#wallMs) / moved;
    }, 0);
    return this.#wallMs + predicted <= budgetMs;
  }

  /** @yields how many of its stages are over */
  async *#pass({ name, stages }: Pass, loop: number): AsyncGenerator<number> {
    for (const [number, stage] of stages.entries()) {
      if ('holdMs' in stage) {
        for (let left = stage.holdMs; left > 0; left -= HOLD_PIECE_MS) {
          await this.#memory.hold(Math.min(left, HOLD_PIECE_MS), stage.loaded);
          yield number;
        }
        continue;
      }
      for await (const _ of this.#sweep(stage, name)) yield number;
      await this.#confirm(stage, name, loop);
      this.#remember(stage);
    }
  }

  async *#sweep(stage: SweepStage, pass: PassName): AsyncGenerator<void> {
    let pieces: { op: Op; ns: number | null }[] = [];
    for (const batch of this.#batches.of(stage)) {
      const start = performance.now();
      const { ns } = await this.#memory.run(batch);
      this.#batches.took(batch, performance.now() - start);
      this.tally.swept(pass, batch, ns, stage.held === true);
      for (const [i, op] of batch.entries()) {
        if (pieces.length > 0 && pieces[0]?.op.chunk !== op.chunk) {
          this.tally.rated(pieces);
          pieces = [];
        }
        pieces.push({ op, ns: ns[i] ?? null });
      }
      yield;
    }
    this.tally.rated(pieces);
  }

  async #confirm(stage: SweepStage, pass: PassName, loop: number): Promise<void> {
    if (stage.sweep !== 'verify' && stage.sweep !== 'step') return;
    const recorded = await this.#memory.takeErrors();
    // Counted before anything else is asked of a device that may be about to fail.
    this.tally.counted(pass, recorded);
    const found = { pass, loop, stage, previous: this.#previous, wrongBefore: this.#wrongBefore };
    const errors = await confirm(this.#memory, recorded.records, found, this.tally.room);
    this.tally.confirmed(errors);
    this.#wrongBefore = new Set(errors.map(placeName));
  }

  #remember({ before, after }: SweepStage): void {
    const now = after ?? before;
    if (this.#holding && this.#holding !== now) this.#previous = this.#holding;
    this.#holding = now;
  }
}
