import type { Kernel, Shape } from '../kernels/declaration.js';
import { workloadId } from '../kernels/shape.js';
import type { Calibration, Correctness, Reason } from '../reports/schema.js';
import { median } from '../reports/statistics/index.js';
import type { Sample } from './clock.js';
import { loadFault } from './faults/load-faults.js';
import { LoadSession } from './load/session.js';
import { correctnessOf, judge, NOT_CHECKED, OracleCache } from './oracles.js';
import type { Answer, Params, PrepareParams } from './protocol.js';
import { Refusal, refusalOf } from './refusal.js';
import type { Inputs, Subject, SubjectLoader } from './subject.js';

/** A sample lasts at least 2 ms, 1000 clock steps, 100 empty passes and 50 empty submissions, at most 100 ms. */
const SAMPLE_NS = { least: 2e6, most: 100e6, steps: 1000, overheads: 100, hostOverheads: 50 };

/** Untimed executions before a round, together about this long. */
const SPIN_UP_NS = 30e6;
/** Of one sample: a clock that stands still must not make a batch endless. */
const MOST_EXECUTIONS = 65536;

interface Prepared {
  subject: Subject;
  kernel: Kernel;
  shape: Shape;
  seeds: readonly [number, number];
  batch: number;
  /** Nanoseconds of one execution, from the warm-up. */
  ns: number;
}

/**
 * Verifies, warms up, times and verifies again: the one measuring loop, the same for our kernels on a
 * card and for every baseline. A kernel that fails any check gets no number.
 */
export class Measuring {
  readonly #loader: SubjectLoader;
  readonly #kernel: (id: string) => Kernel;
  readonly #calibration: () => Calibration;
  readonly #oracles = new OracleCache();
  readonly #prepared = new Map<number, Prepared>();
  /** Implementations whose odd shapes were verified, with the least nanoseconds per operation seen. */
  readonly #nsPerOperation = new Map<string, number>();

  readonly #sentinel: () => Promise<number | null>;
  #load: LoadSession | null = null;

  /** @param sentinel times it, where there is one */
  constructor(
    loader: SubjectLoader,
    kernel: (id: string) => Kernel,
    calibration: () => Calibration,
    sentinel: () => Promise<number | null> = async () => null,
  ) {
    this.#sentinel = sentinel;
    this.#loader = loader;
    this.#kernel = kernel;
    this.#calibration = calibration;
  }

  async prepare(params: PrepareParams): Promise<Answer<'prepare'>> {
    const kernel = this.#kernel(params.kernel);
    let subject: Subject | null = null;
    try {
      this.#loader.check(kernel, params.shape, params.implementation, params.tuning);
      await this.#verifyProbes(kernel, params);
      this.#refuseIfSlow(kernel, params, params.pilotSlack * params.budgetMs);
      const sets = this.#inputSets(kernel, params);
      const { shape, implementation, tuning, seeds } = params;
      subject = await this.#loader.load(kernel, shape, implementation, tuning, inputsFrom(kernel, shape, seeds, sets));
      const correctness = await this.#verify(subject, kernel, params.shape, params.seeds);
      this.#learn(kernel, params, await subject.sample(1), subject);
      this.#refuseIfSlow(kernel, params, params.budgetMs);
      const ns = await warmUp(subject, params.warmup);
      const batch = this.#batch(ns, subject);
      this.#prepared.set(params.handle, { subject, kernel, shape: params.shape, seeds: params.seeds, batch, ns });
      return {
        status: 'ready',
        reasons: [...subject.reasons],
        correctness,
        clock: subject.clock,
        tuning: { ...subject.tuning },
        batch,
        inputSets: sets,
        compileMs: subject.compileMs,
        deviceBytes: subject.deviceBytes,
        sampleNs: ns * batch,
        provenance: subject.provenance,
      };
    } catch (error) {
      await subject?.release();
      return unprepared(error, params, kernel);
    }
  }

  async round({ handle, samples, sentinel = 'none' }: Params<'round'>): Promise<Answer<'round'>> {
    const { subject, batch, kernel, shape, seeds, ns } = this.#held(handle);
    const sentinelNs: Answer<'round'>['sentinelNs'] = { before: null, after: null };
    const answer: Answer<'round'> = { samplesNs: [], hostSamplesNs: [], discarded: 0, sentinelNs, reasons: [] };
    // While others took their rounds this device idled and may have lowered its clock.
    await subject.sample(Math.max(1, Math.min(batch, Math.floor(SPIN_UP_NS / ns))));
    await subject.poison('outputs');
    if (sentinel === 'before' || sentinel === 'both') sentinelNs.before = await this.#sentinel();
    for (let i = 0; i < samples; i++) {
      const { gpuNs, hostNs } = await subject.sample(batch);
      if (subject.clock === 'gpu' && gpuNs === null) answer.discarded++;
      else {
        answer.samplesNs.push((gpuNs ?? hostNs) / batch);
        answer.hostSamplesNs.push(hostNs / batch);
      }
    }
    if (sentinel === 'after' || sentinel === 'both') sentinelNs.after = await this.#sentinel();
    // Judged round by round, so that each that is kept stands by itself, whatever happens to the process later.
    const oracle = this.#oracles.get(kernel, shape, seeds[subject.lastSet % 2] as number);
    answer.reasons = await afterTiming(() => judge(subject, oracle, 'after timing'));
    return answer;
  }

  async recheck({ handle }: Params<'recheck'>): Promise<Answer<'recheck'>> {
    const { subject, kernel, shape, seeds } = this.#held(handle);
    const seed = seeds[subject.lastSet % 2] as number;
    const oracle = this.#oracles.get(kernel, shape, seed);
    let maxError = 0;
    const reasons = await afterTiming(async () => {
      maxError = await judge(subject, oracle, 'after timing');
      await subject.checkInputs();
    });
    const correctness = reasons.length > 0 ? incorrect(oracle, [seed]) : correctnessOf(oracle, [seed], maxError);
    return { correctness, reasons };
  }

  /** Outputs are poisoned first, so that a recheck afterwards judges what the load itself computed. */
  async loadBegin({ handles, seed, fault: name, ...options }: Params<'loadBegin'>): Promise<Answer<'loadBegin'>> {
    const parts = handles.map((handle) => this.#held(handle));
    for (const { subject } of parts) await subject.poison('outputs');
    const fault = name === null ? null : loadFault(name, seed);
    this.#load = new LoadSession(
      parts.map(({ subject, ns }) => ({ clock: subject.clock, ns, sample: (count) => subject.sample(count) })),
      { ...options, fault, now: () => performance.now(), cpuNs },
    );
    return { counts: [...this.#load.counts], rehearsal: fault?.detail ?? null };
  }

  async loadStep(step: Params<'loadStep'>): Promise<Answer<'loadStep'>> {
    if (!this.#load) throw new Error('no load has begun');
    return this.#load.step(step);
  }

  async loadEnd(): Promise<void> {
    this.#load = null;
  }

  async release({ handle }: Params<'release'>): Promise<void> {
    await this.#prepared.get(handle)?.subject.release();
    this.#prepared.delete(handle);
  }

  #held(handle: number): Prepared {
    const held = this.#prepared.get(handle);
    if (!held) throw new Error(`nothing is prepared under handle ${handle}`);
    return held;
  }

  /** Published answers and odd shapes once per implementation and tuning, then the pilot, whose time predicts bigger ones. */
  async #verifyProbes(kernel: Kernel, params: PrepareParams): Promise<void> {
    if (this.#nsPerOperation.has(key(params))) return;
    await this.#verifyKnownAnswers(kernel, params);
    for (const shape of [...kernel.probes, kernel.pilot]) {
      const { implementation, tuning } = params;
      this.#loader.check(kernel, shape, implementation, tuning);
      const inputs = inputsFrom(kernel, shape, params.seeds, 2);
      const subject = await this.#loader.load(kernel, shape, implementation, tuning, inputs);
      try {
        await this.#verify(subject, kernel, shape, params.seeds);
        if (shape === kernel.pilot) this.#learn(kernel, { ...params, shape }, await subject.sample(1), subject);
      } finally {
        await subject.release();
      }
    }
  }

  async #verifyKnownAnswers(kernel: Kernel, { implementation, tuning }: PrepareParams): Promise<void> {
    for (const { name, input, oracle } of kernel.knownAnswers ?? []) {
      const { shape } = kernel.shapeOf(input);
      this.#loader.check(kernel, shape, implementation, tuning);
      const subject = await this.#loader.load(kernel, shape, implementation, tuning, { pair: [input, input], sets: 2 });
      try {
        await subject.poison('everything');
        await subject.once(0);
        await judge(subject, oracle, `known answer, ${name}`);
      } finally {
        await subject.release();
      }
    }
  }

  /**
   * Poisoned outputs, then the first seed; then the second seed over the first one's output, which a
   * kernel that keeps what it finds would leave in place; inputs unchanged, guards intact.
   */
  async #verify(
    subject: Subject,
    kernel: Kernel,
    shape: Shape,
    seeds: readonly [number, number],
  ): Promise<Correctness> {
    let maxError = 0;
    const what = workloadId(kernel, shape);
    await subject.poison('everything');
    for (const [set, seed] of seeds.entries()) {
      await subject.once(set);
      const oracle = this.#oracles.get(kernel, shape, seed);
      maxError = Math.max(maxError, await judge(subject, oracle, `${what}, seed ${seed}`));
    }
    await subject.checkInputs();
    return correctnessOf(this.#oracles.get(kernel, shape, seeds[0]), [...seeds], maxError);
  }

  #learn(kernel: Kernel, params: PrepareParams, sample: Sample, subject: Subject): void {
    const ns = (subject.clock === 'gpu' ? sample.gpuNs : null) ?? sample.hostNs;
    const perOperation = ns / kernel.work(params.shape).operations;
    const before = this.#nsPerOperation.get(key(params)) ?? Number.POSITIVE_INFINITY;
    // Small shapes fill a processor badly: the least seen predicts a bigger shape best.
    this.#nsPerOperation.set(key(params), Math.min(before, perOperation));
  }

  #refuseIfSlow(kernel: Kernel, params: PrepareParams, mostMs: number): void {
    const ns = (this.#nsPerOperation.get(key(params)) ?? 0) * kernel.work(params.shape).operations;
    const predictedMs = (ns * params.minExecutions) / 1e6;
    if (predictedMs > mostMs)
      throw new Refusal(
        'skipped',
        'too-slow-for-adapter',
        `one execution takes about ${(ns / 1e9).toPrecision(2)} s here, ${params.minExecutions} of them ${(predictedMs / 1000).toPrecision(2)} s; the budget is ${params.budgetMs / 1000} s`,
      );
  }

  #inputSets(kernel: Kernel, params: PrepareParams): number {
    const { bytes } = kernel.work(params.shape);
    const wanted = bytes > 0 ? Math.ceil(params.rotationBytes / bytes) : 2;
    return Math.min(Math.max(2, wanted), params.maxInputSets);
  }

  #batch(ns: number, subject: Subject): number {
    const { resolutionNs, overheadNs } = this.#calibration();
    const hostOverheadNs = subject.hostOverheadNs ?? this.#calibration().hostOverheadNs;
    const target = Math.max(
      SAMPLE_NS.least,
      SAMPLE_NS.steps * resolutionNs,
      SAMPLE_NS.overheads * overheadNs,
      SAMPLE_NS.hostOverheads * hostOverheadNs,
    );
    const most = Math.min(MOST_EXECUTIONS, Math.max(1, Math.floor(SAMPLE_NS.most / ns)));
    return Math.min(most, Math.max(1, Math.ceil(target / ns)));
  }
}

/** @returns nanoseconds of one execution, on the subject's own clock, from the second half of the warm-up */
async function warmUp(subject: Subject, least: { executions: number; ms: number }): Promise<number> {
  const times: number[] = [];
  const start = performance.now();
  let count = 1;
  for (let done = 0; done < least.executions || performance.now() - start < least.ms; ) {
    const { gpuNs, hostNs } = await subject.sample(count);
    const ns = (subject.clock === 'gpu' ? gpuNs : null) ?? hostNs;
    times.push(ns / count);
    done += count;
    // Grows to about 20 ms, so that fast kernels are not warmed up by submissions alone.
    if (ns < 10e6) count *= 2;
  }
  return Math.max(1, median(times.slice(Math.floor(times.length / 2))));
}

function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return 1000 * (user + system);
}

function inputsFrom(kernel: Kernel, shape: Shape, [first, second]: readonly [number, number], sets: number): Inputs {
  return { pair: [kernel.input(shape, first), kernel.input(shape, second)], sets };
}

const key = ({ kernel, implementation, tuning }: PrepareParams) => JSON.stringify([kernel, implementation, tuning]);

/** @returns the refusal that `check` met, as a reason; nothing when all is right */
async function afterTiming(check: () => Promise<unknown>): Promise<Reason[]> {
  try {
    await check();
    return [];
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    const code = refusal.reason.code === 'wrong-result' ? 'wrong-after-timing' : refusal.reason.code;
    return [{ ...refusal.reason, code }];
  }
}

const incorrect = (oracle: { method: string; tolerance: Correctness['tolerance'] }, seeds: number[]): Correctness => ({
  status: 'incorrect',
  method: oracle.method,
  tolerance: oracle.tolerance,
  maxError: null,
  seeds,
});

/** @throws an error that is no refusal: a defect */
function unprepared(error: unknown, params: PrepareParams, kernel: Kernel): Answer<'prepare'> {
  const refusal = refusalOf(error);
  if (!refusal) throw error;
  const { code, detail } = refusal.reason;
  // To the owner of a card it is a finding what the memory would have been for.
  const note = ['exceeds-limit', 'out-of-memory'].includes(code) ? kernel.memoryNote?.(params.shape) : undefined;
  const reason: Reason = { code, detail: note === undefined ? detail : `${note} (${detail})` };
  const wrong = ['wrong-result', 'writes-out-of-bounds', 'mutates-input'].includes(code);
  return {
    status: refusal.status,
    reasons: [reason],
    correctness: wrong
      ? { ...NOT_CHECKED, status: 'incorrect', method: refusal.message, seeds: [...params.seeds] }
      : NOT_CHECKED,
    clock: 'host',
    tuning: params.tuning,
    batch: 0,
    inputSets: 0,
    compileMs: null,
    deviceBytes: null,
    sampleNs: null,
    provenance: null,
  };
}
