import { randomWords } from '../../kernels/random.js';
import { type ComputeFault, computeFault } from '../faults/compute-faults.js';
import { FAULTS } from '../faults/names.js';
import type { FindKernel } from '../subject.js';
import { type ComputeCard, JobBench, type Looked } from './bench.js';
import { type Task, tasksFor } from './jobs.js';
import type { ComputeBurst, ComputeError, ComputeReport, ComputeState, ComputeTestOptions } from './report.js';

/** Milliseconds of one submission. A card's driver may give up after some seconds; answers should come sooner. */
const BURST_MS = { full: 50, small: 30 };
const MOST_EXECUTIONS = 256;
/** Errors that one answer carries of a burst. */
const LISTED = 16;

interface Running {
  readonly task: Task;
  readonly bench: JobBench;
  /** Of one execution, compared. */
  ms: number;
  readonly figures: Pick<ComputeReport['jobs'][number], 'executions' | 'words' | 'operations' | 'wrong' | 'nans'>;
}

/** The compute test on a card: kernels with known answers take turns, each word of each result is compared. */
export class ComputeSession {
  readonly #options: ComputeTestOptions;
  readonly #tasks: readonly Task[];
  readonly #running: readonly Running[];
  readonly #fault: ComputeFault | null;
  readonly #random: () => number;
  readonly #start = performance.now();
  #turn = 0;
  #bursts: ComputeBurst[] = [];
  #errors: ComputeError[] = [];

  private constructor(options: ComputeTestOptions, tasks: readonly Task[], running: readonly Running[]) {
    const { fault, seed, budgetMs } = options;
    this.#options = options;
    this.#tasks = tasks;
    this.#running = running;
    this.#fault = fault === undefined ? null : computeFault(fault, seed, budgetMs);
    this.#random = randomWords(seed ^ 0x9e3779b9);
  }

  /**
   * Works out what every word should be, and puts all of it on the device.
   * @throws {OutOfMemoryError | ShaderError}
   * @throws {BlindComparisonError} when the device's comparison does not find what was planted
   */
  static async open(card: ComputeCard, options: ComputeTestOptions, kernel: FindKernel): Promise<ComputeSession> {
    const tasks = tasksFor(card, options.size, options.seed, kernel);
    const running: Running[] = [];
    try {
      for (const task of tasks) {
        if (task.skipped !== null) continue;
        const bench = await JobBench.open(card, task.prepare());
        running.push({
          task,
          bench,
          ms: BURST_MS[options.size],
          figures: { executions: 0, words: 0, operations: 0, wrong: 0, nans: 0 },
        });
      }
      return new ComputeSession(options, tasks, running);
    } catch (error) {
      for (const { bench } of running) bench.release();
      throw error;
    }
  }

  /** Works for some `ms`, at least one submission. */
  async step(ms: number): Promise<void> {
    const until = performance.now() + ms;
    do await this.#burst(this.#running[this.#turn++ % this.#running.length] as Running);
    while (performance.now() < until);
  }

  /** What is known, and what is new since the last call. */
  take(): ComputeState {
    const [bursts, errors] = [this.#bursts, this.#errors];
    this.#bursts = [];
    this.#errors = [];
    return { report: this.#report(), bursts, errors };
  }

  close(): void {
    for (const { bench } of this.#running) bench.release();
  }

  async #burst(running: Running): Promise<void> {
    const { task, bench, figures } = running;
    const { comparison, expected, operations } = bench.job;
    const executions = Math.max(1, Math.min(MOST_EXECUTIONS, Math.floor(BURST_MS[this.#options.size] / running.ms)));
    const words = expected.length;
    const disturbance = this.#fault?.strike({ comparison, words, executions, elapsedMs: this.#elapsed() }) ?? null;
    const sampleAt = Math.floor((this.#random() / 2 ** 32) * words);
    const start = performance.now();
    const looked = await bench.burst(executions, disturbance, sampleAt);
    running.ms = Math.max((performance.now() - start) / executions, 1e-3);
    const atMs = this.#elapsed();
    const wrong = looked.wrong + uncompared(looked, executions * words);
    figures.executions += executions;
    figures.words += looked.compared;
    figures.operations += executions * operations;
    figures.wrong += wrong;
    figures.nans += looked.nans;
    this.#bursts.push({ job: task.id, atMs, executions, wrong, nans: looked.nans });
    for (const found of looked.found.slice(0, LISTED)) this.#errors.push({ job: task.id, atMs, ...found });
  }

  #elapsed(): number {
    return performance.now() - this.#start;
  }

  #report(): ComputeReport {
    const none = { executions: 0, words: 0, operations: 0, wrong: 0, nans: 0 };
    const { fault } = this.#options;
    return {
      elapsedMs: this.#elapsed(),
      jobs: this.#tasks.map((task) => ({
        ...{ id: task.id, about: task.about, skipped: task.skipped },
        ...(this.#running.find((one) => one.task === task)?.figures ?? none),
      })),
      rehearsal:
        this.#fault && fault !== undefined ? { fault, detail: `${FAULTS[fault]} Here: ${this.#fault.detail}.` } : null,
    };
  }
}

/** Words that should have been compared and were not, or twice, count as wrong: the comparison is computing too. */
const uncompared = ({ compared }: Looked, wanted: number) => Math.abs(compared - wanted);
