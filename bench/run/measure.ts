import type { ContestantProcess } from '../../harness/contestant-process.js';
import { ProcessGone, RemoteError } from '../../harness/contestant-process.js';
import type { Answer } from '../../harness/protocol.js';
import { computesOnCpu, isOurs } from '../../reports/names.js';
import type { Calibration, Correctness, Measurement, Reason, ReasonCode } from '../../reports/schema.js';
import type { Workload } from '../suites/index.js';
import type { RunTunings } from '../tune/for-run.js';
import type { RateOfKernel } from './bounds.js';
import { absent, againstBaselines, type Begun, conclude, fieldsOf, unrated } from './conclude.js';
import type { Contestants } from './contestants.js';
import { prepareParams } from './prepare-params.js';
import type { Recorder } from './recorder.js';
import { MOST_SAMPLES_PER_ROUND, type Pace, type RunSettings } from './settings.js';
import { MOST_REPEATS, readingOf, type ThrottleWatch } from './throttle.js';

export interface MeasureContext {
  readonly contestants: Contestants;
  readonly recorder: Recorder;
  readonly settings: RunSettings;
  readonly pace: Pace;
  readonly calibration: Calibration;
  readonly tunings: RunTunings;
  /** Best rate of a ceiling's kernel among what this run has measured. */
  readonly rateOfKernel: RateOfKernel;
  readonly throttle: ThrottleWatch;
  /** Called before each preparation and each round; throws to stop the run. */
  step(workload: Workload, implementation: string, what: string): void;
  /** True once the run was interrupted: processes that die from then on were ended by us. */
  stopped(): boolean;
}

interface Running extends Begun {
  readonly process: ContestantProcess;
  readonly handle: number;
  readonly samples: number;
}

/** Longer than anything honest takes: only a hang is cut off. */
const PREPARE_TIMEOUT_MS = 240_000;
const ROUND_TIMEOUT_MS = 60_000;
/** A workload that kills the worker so often is left alone, so that the rest of the run can be finished. */
const MOST_DEATHS = 2;
const WRONG: readonly ReasonCode[] = ['wrong-result', 'wrong-after-timing', 'writes-out-of-bounds', 'mutates-input'];
let nextHandle = 1;

/**
 * Measures one workload with every implementation that can: verify and warm up each, then rounds
 * interleaved in alternating order, then verify each again. Every step is journalled when it is done.
 * @param who `if-ours-can`: when all of ours are skipped, the baselines are too, and a smaller shape is next
 * @returns false when it was left for a smaller shape
 * @throws {ProcessGone} when the card's worker died; a baseline that dies is a failed measurement
 */
export async function measureWorkload(
  context: MeasureContext,
  workload: Workload,
  who: 'whoever-can' | 'if-ours-can',
): Promise<boolean> {
  const { contestants, recorder, settings } = context;
  const implementations = contestants.implementations(workload).filter((id) => !recorder.final(workload.id, id));
  const running = await beginAll(context, workload, implementations.filter(isOurs));
  if (who === 'if-ours-can') await leaveToSmaller(context, workload, running);
  const peers = implementations.filter((id) => !isOurs(id));
  if (who === 'if-ours-can' && oursAreSkipped(context, workload)) {
    const reason: Reason = { code: 'too-slow-for-adapter', detail: `${TOO_FEW}, so a smaller shape is compared` };
    for (const peer of peers) recorder.measurement(absent(workload, peer, settings.mode, reason));
  } else running.push(...(await beginAll(context, workload, peers)));
  for (let index = 0; index < settings.rounds + throttledRounds(recorder, running); index++) {
    // The order alternates so that neither drift nor a neighbour's heat favours whoever comes first.
    const order = index % 2 === 0 ? [...running] : [...running].reverse();
    // A round that a killed run finished for some only is taken again for all: only neighbours in time compare.
    if (running.every((one) => roundsOf(recorder, one).some((r) => r.index === index))) continue;
    for (const one of order) {
      const again = index >= settings.rounds ? ', one more for a throttled one' : '';
      context.step(workload, one.implementation, `round ${index + 1} of ${settings.rounds}${again}`);
      if (!(await takeRound(context, one, index))) running.splice(running.indexOf(one), 1);
    }
  }
  const concluded: Measurement[] = [];
  for (const one of running) {
    const ended = await end(context, one);
    if (ended) concluded.push(ended);
  }
  // Peers that a resumed run finished earlier still count.
  const earlier = recorder.finals().filter((m) => m.workload === workload.id);
  for (const measurement of againstBaselines([...concluded, ...earlier]).slice(0, concluded.length))
    recorder.measurement(measurement);
  return who === 'whoever-can' || !smallerMayDo(context, workload);
}

/** Rounds to take again: of the implementation that was throttled most often, so that all have as many neighbours. */
function throttledRounds(recorder: Recorder, running: readonly Running[]): number {
  const counts = running.map((one) => roundsOf(recorder, one).filter((r) => r.excluded === 'throttled').length);
  return Math.min(MOST_REPEATS, Math.max(0, ...counts));
}

/** Whether a smaller shape could be measured where this one was not. */
function smallerMayDo(context: MeasureContext, workload: Workload): boolean {
  const { recorder, contestants } = context;
  if (!oursAreSkipped(context, workload)) return false;
  // What the adapter lacks for this shape it lacks for every other, and nobody else is waiting to be measured.
  return contestants
    .implementations(workload)
    .some((id) => !isOurs(id) || recorder.final(workload.id, id)?.reasons[0]?.code !== 'missing-feature');
}

const TOO_BIG: readonly ReasonCode[] = ['too-slow-for-adapter', 'exceeds-limit', 'out-of-memory'];
const TOO_FEW = 'at most half of our variants fit in the time and memory allowed';

/**
 * Variants are compared where most of them fit, as the tuner has it too: what the fastest alone can do says little of the
 * others. Those that were ready are given back then, and are no more.
 * @param ready of ours, before anybody else's
 */
async function leaveToSmaller(context: MeasureContext, workload: Workload, ready: Running[]): Promise<void> {
  const { recorder, contestants, settings } = context;
  const tooBig = contestants
    .ours(workload)
    .filter((id) => TOO_BIG.includes(recorder.final(workload.id, id)?.reasons[0]?.code as ReasonCode)).length;
  // Rounds that an earlier part of the run took stay.
  const begun = ready.some((one) => roundsOf(recorder, one).length > 0);
  if (ready.length === 0 || tooBig < ready.length || begun) return;
  for (const one of ready.splice(0)) {
    await one.process.call('release', { handle: one.handle }, ROUND_TIMEOUT_MS);
    const reason: Reason = {
      code: 'too-slow-for-adapter',
      detail: `it fits, but ${TOO_FEW}: a smaller shape is compared`,
    };
    recorder.measurement(absent(workload, one.implementation, settings.mode, reason));
  }
}

function oursAreSkipped({ recorder, contestants }: MeasureContext, workload: Workload): boolean {
  return contestants.ours(workload).every((ours) => recorder.final(workload.id, ours)?.status === 'skipped');
}

/** Those that are verified and warmed up; the others have their last word. */
async function beginAll(
  context: MeasureContext,
  workload: Workload,
  implementations: readonly string[],
): Promise<Running[]> {
  const { recorder, settings } = context;
  const running: Running[] = [];
  for (const implementation of implementations) {
    if (recorder.deaths(workload.id, implementation) >= MOST_DEATHS) {
      const detail = `the worker died ${MOST_DEATHS} times while it was at this`;
      recorder.measurement(absent(workload, implementation, settings.mode, { code: 'worker-died', detail }, 'failed'));
      continue;
    }
    context.step(workload, implementation, 'verifying');
    const begun = await begin(context, workload, implementation);
    if (begun) running.push(begun);
  }
  return running;
}

async function begin(context: MeasureContext, workload: Workload, implementation: string): Promise<Running | null> {
  const { contestants, recorder, settings, pace } = context;
  const { mode, seed, rounds } = settings;
  const entrant = await contestants.entrant(implementation);
  if ('absent' in entrant) {
    const status = entrant.absent.code === 'baseline-crashed' ? 'failed' : 'skipped';
    recorder.measurement(absent(workload, implementation, mode, entrant.absent, status));
    return null;
  }
  const handle = nextHandle++;
  const chosen = context.tunings.of(workload.id, implementation);
  const params = prepareParams(workload, implementation, chosen.tuning, handle, { seed, rounds, pace });
  let prepared: Answer<'prepare'>;
  try {
    prepared = await entrant.process.call('prepare', params, PREPARE_TIMEOUT_MS);
  } catch (error) {
    recorder.measurement(absent(workload, implementation, mode, reasonOf(error, implementation, context), 'failed'));
    return null;
  }
  const begun: Begun = { workload, implementation, mode, provenance: entrant.provenance, prepared, chosen };
  if (prepared.status !== 'ready') {
    recorder.measurement(unrated(begun, prepared.status, prepared.reasons));
    return null;
  }
  recorder.prepared(fieldsOf(begun));
  const wanted = Math.round((pace.roundMs * 1e6) / Math.max(1, prepared.sampleNs ?? 1));
  const samples = Math.min(MOST_SAMPLES_PER_ROUND, Math.max(1, wanted));
  return { ...begun, process: entrant.process, handle, samples };
}

/** @returns false when the implementation is out of the run */
async function takeRound(context: MeasureContext, one: Running, index: number): Promise<boolean> {
  const { recorder } = context;
  let reasons: Reason[];
  try {
    const timeout = ROUND_TIMEOUT_MS + (20 * one.samples * (one.prepared.sampleNs ?? 0)) / 1e6;
    const { handle, samples, process } = one;
    const sentinel = isOurs(one.implementation) ? 'both' : 'none';
    const {
      reasons: wrong,
      sentinelNs,
      ...taken
    } = await process.call('round', { handle, samples, sentinel }, timeout);
    if (wrong.length === 0) {
      const reading = readingOf(sentinelNs);
      recorder.round(one.workload.id, one.implementation, {
        ...{ index, ...taken },
        ...(reading && { sentinelNs: reading, ...(context.throttle.judge(reading) && { excluded: 'throttled' }) }),
      });
      return true;
    }
    reasons = wrong;
  } catch (error) {
    reasons = [reasonOf(error, one.implementation, context)];
  }
  const wrong: Correctness = { ...one.prepared.correctness, status: 'incorrect', maxError: null };
  const correctness = reasons.some(({ code }) => WRONG.includes(code)) ? wrong : one.prepared.correctness;
  recorder.measurement(unrated(one, 'failed', reasons, roundsOf(recorder, one), correctness));
  if (!one.process.gone) await one.process.call('release', { handle: one.handle }, ROUND_TIMEOUT_MS);
  return false;
}

async function end(context: MeasureContext, one: Running): Promise<Measurement | null> {
  const { recorder, calibration, rateOfKernel } = context;
  const rounds = roundsOf(recorder, one);
  try {
    const rechecked = await one.process.call('recheck', { handle: one.handle }, PREPARE_TIMEOUT_MS);
    await one.process.call('release', { handle: one.handle }, ROUND_TIMEOUT_MS);
    // The ceilings are the card's: they say nothing of what computes on the CPU.
    const rates = computesOnCpu(one.implementation) ? () => null : rateOfKernel;
    return conclude(one, rounds, rechecked, calibration, rates);
  } catch (error) {
    recorder.measurement(unrated(one, 'failed', [reasonOf(error, one.implementation, context)], rounds));
    return null;
  }
}

const roundsOf = (recorder: Recorder, one: Running) => recorder.rounds(one.workload.id, one.implementation);

/**
 * What an exception says about the measurement in hand.
 * @throws when it ends the run: the card's worker is gone, or the run was interrupted
 */
function reasonOf(error: unknown, implementation: string, { stopped }: MeasureContext): Reason {
  if (stopped()) throw error;
  if (isOurs(implementation)) {
    if (!(error instanceof RemoteError)) throw error;
    return { code: 'internal-error', detail: `${error.name}: ${error.message}` };
  }
  if (error instanceof ProcessGone)
    return { code: error.how === 'worker-hung' ? 'worker-hung' : 'baseline-crashed', detail: error.message };
  if (error instanceof RemoteError) return { code: 'baseline-crashed', detail: `${error.name}: ${error.message}` };
  throw error;
}
