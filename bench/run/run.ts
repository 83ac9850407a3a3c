import { writeFileSync } from 'node:fs';
import { openCard } from '../../harness/card.js';
import { ProcessGone } from '../../harness/contestant-process.js';
import { InputError } from '../../kernels/errors.js';
import { buildResult } from '../../reports/build-result.js';
import { openJournal, readJournal } from '../../reports/journal.js';
import type { JournalRecord, StartRecord } from '../../reports/journal-records.js';
import { isOurs } from '../../reports/names.js';
import type { Reason, Result } from '../../reports/schema.js';
import { newResultId, type Store, writeResult } from '../../reports/store.js';
import { distinctSources, type ExternalSource } from '../baselines/external/index.js';
import { parseEntry, type Workload } from '../suites/index.js';
import { type ChosenRecord, RunTunings, tuningsFromCache } from '../tune/for-run.js';
import type { MeasuredRate } from './bounds.js';
import { absent } from './conclude.js';
import { Contestants, checkVariants, chooseBaselines, requireBaselines } from './contestants.js';
import { EXTERNAL_EVENT, loadFiles, measureExternals } from './externals.js';
import { lockRun } from './lock.js';
import { type MeasureContext, measureWorkload } from './measure.js';
import { hostIdentity, toolIdentity } from './provenance.js';
import { Recorder } from './recorder.js';
import { EXTERNAL_TIMEOUT_SECONDS, paceOf, type RunSettings } from './settings.js';
import { openRunTelemetry } from './telemetry.js';
import { ThrottleWatch } from './throttle.js';

/** What a run tells while it runs; the terminal's progress line, or a test. */
export interface RunObserver {
  opened?(
    device: Result['device'],
    calibration: Result['calibration'],
    journal: string,
    workerPid: number,
    tunings: readonly ChosenRecord[],
  ): void;
  /** Something is passed over that somebody may want to mend. */
  warned?(text: string): void;
  step?(done: number, total: number, what: string): void;
}

export interface RunOutcome {
  readonly result: Result;
  readonly exitCode: number;
  readonly files: { readonly journal: string; readonly json: string; readonly html: string };
}

/** Part of a run that an earlier process finished. */
export interface Earlier {
  readonly start: StartRecord;
  readonly records: readonly JournalRecord[];
  /** The process that wrote it was killed within a line, which is lost. */
  readonly truncated: boolean;
}

class Interrupted extends Error {
  override name = 'Interrupted';
}

/**
 * Measures a list of workloads on one card, with the baselines beside it, and writes journal, result and page.
 * @throws {EnvironmentError | InputError | StoreError} before anything is measured
 */
export async function executeRun(
  settings: RunSettings,
  store: Store,
  observer: RunObserver = {},
  earlier: Earlier | null = null,
): Promise<RunOutcome> {
  const ladders = settings.workloads.map(parseEntry);
  const workloads = ladders.flat();
  const chosen = chooseBaselines(settings.baselines);
  checkVariants(settings.variants, workloads);
  const closed = closedSources(earlier);
  const files = loadFiles(distinctSources(settings.externals ?? []), workloads, closed);
  const card = await openCard({
    ...(settings.device !== null && { device: settings.device }),
    ...(settings.software !== null && { software: settings.software }),
    mode: settings.mode,
  });
  const contestants = new Contestants(card, settings, chosen);
  const telemetry = await openRunTelemetry(card.device, card.env);
  let stopped = false;
  const stop = new AbortController();
  let unlock = () => {};
  const interrupt = () => {
    stopped = true;
    stop.abort();
    // A step may be minutes from its end: ending the processes ends it now.
    void contestants.kill();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await requireBaselines(contestants, settings.baselines);
    const startedAt = earlier ? new Date(earlier.start.startedAt) : new Date();
    const id = earlier?.start.id ?? newResultId(startedAt, settings.suite);
    if (earlier) refuseOtherDevice(earlier, card.device);
    const tunings = settings.tunings
      ? new RunTunings(settings.tunings)
      : tuningsFromCache(
          card,
          settings.mode,
          workloads,
          (workload) => contestants.ours(workload),
          (text) => observer.warned?.(text),
        );
    unlock = lockRun(store.journalPath(id));
    const journal = openJournal(store.journalPath(id));
    const recorder = new Recorder(journal, startedAt, earlier?.records ?? []);
    recorder.append(startRecord(id, settings, tunings, startedAt));
    recorder.append({ type: 'device', device: telemetry.device, calibration: card.calibration });
    if (earlier?.truncated) recorder.event('journal-truncated', 'the last line was unfinished and is left out');
    if (earlier) recorder.event('resumed', `${recorder.finals().length} measurements were finished before`);
    telemetry.begin(recorder);
    observer.opened?.(telemetry.device, card.calibration, journal.path, card.worker.pid ?? 0, tunings.records);

    let at = 'the start';
    const step = stepper(workloads, contestants, settings, observer, (what) => {
      if (stopped) throw new Interrupted();
      at = what;
    });
    const pace = paceOf(card.device.software);
    const rateOfKernel = (kernel: string) => bestRate(kernel, recorder);
    const context = {
      ...{ contestants, recorder, settings, pace, calibration: card.calibration, tunings, rateOfKernel },
      throttle: new ThrottleWatch(recorder.allRounds()),
      step: step.workload,
      stopped: () => stopped,
    };
    let exitCode: number | null = null;
    try {
      for (const rungs of ladders) await climbDown(context, rungs);
      const rated = new Set(recorder.finals().flatMap((m) => (m.rate ? [m.workload] : [])));
      await measureExternals(
        {
          ...{ recorder, settings, calibration: card.calibration, device: card.device.name, files, closed },
          ...{ signal: stop.signal, step: step.external },
        },
        workloads.filter(({ id }) => rated.has(id)),
      );
    } catch (error) {
      if (!(stopped || error instanceof ProcessGone)) throw error;
      const code = stopped ? 'interrupted' : (error as ProcessGone).how;
      const detail = `${at}: ${stopped ? 'the run was interrupted' : (error as ProcessGone).message}`;
      recorder.event(code, detail);
      recordUnmeasured(ladders, contestants, settings, recorder, at, { code, detail });
      exitCode = stopped ? 130 : 5;
    }
    exitCode ??= recorder.finals().some(isWrong) ? 1 : 0;
    await telemetry.stop();
    recorder.append({ type: 'end', finishedAt: new Date().toISOString(), exitCode });
    recorder.close();
    return { ...(await writeAll(store, id)), exitCode };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    unlock();
    await telemetry.stop();
    await contestants.close();
  }
}

/** Measures the biggest rung that one of ours can do in time; what was too big is in the result as skipped. */
async function climbDown(context: MeasureContext, rungs: readonly Workload[]): Promise<void> {
  for (const [i, workload] of rungs.entries()) {
    const last = i === rungs.length - 1;
    if (await measureWorkload(context, workload, last ? 'whoever-can' : 'if-ours-can')) return;
  }
}

/** Builds result and page from the journal as it stands on disk. */
export async function writeAll(store: Store, id: string): Promise<Omit<RunOutcome, 'exitCode'>> {
  const files = {
    journal: store.journalPath(id),
    json: store.resultPath(id),
    html: store.resultPath(id).replace(/json$/, 'html'),
  };
  const { records, head } = readJournal(files.journal);
  const result = buildResult(records, head);
  writeResult(files.json, result);
  // The chart library is the heaviest import of all and is needed only now.
  const { renderPage } = await import('../../reports/html/page.js');
  writeFileSync(files.html, renderPage(result));
  return { result, files };
}

/** A kernel of ours that was tried and gave no right answer. */
const isWrong = (m: { implementation: string; status: string }) => isOurs(m.implementation) && m.status === 'failed';

function startRecord(id: string, settings: RunSettings, { records }: RunTunings, startedAt: Date): StartRecord {
  const { suite, workloads, seed, mode, rounds, device, software, variants, baselines } = settings;
  return {
    ...{ type: 'start', id, tool: toolIdentity(), suite, workloads: [...workloads], seed, mode, rounds },
    deviceSelector: device,
    options: {
      software,
      variants: typeof variants === 'string' ? variants : [...variants],
      baselines: baselines ? [...baselines] : null,
      externals: (settings.externals ?? []).map((source) => ({ ...source })),
      externalTimeoutSeconds: settings.externalTimeoutSeconds ?? EXTERNAL_TIMEOUT_SECONDS,
      tunings: records.map((record) => ({ ...record })),
    },
    host: hostIdentity(),
    startedAt: startedAt.toISOString(),
  };
}

/** Rounds of two drivers or two cards are not one measurement. */
function refuseOtherDevice(earlier: Earlier, now: Result['device']): void {
  const record = earlier.records.find((r) => r.type === 'device');
  if (record?.type !== 'device') return;
  for (const field of ['name', 'driver', 'backend'] as const)
    if (record.device[field] !== now[field])
      throw new InputError(
        `the run ${earlier.start.id} was measured with ${field} "${record.device[field]}", this is "${now[field]}"; choose the same with --device, or start a new run`,
      );
}

/** Numbers the steps for the progress line. Skipped implementations take no steps, so each workload has its own start. */
function stepper(
  workloads: readonly Workload[],
  contestants: Contestants,
  settings: RunSettings,
  observer: RunObserver,
  began: (at: string) => void,
) {
  const starts = new Map<Workload, number>();
  let total = 0;
  for (const workload of workloads) {
    starts.set(workload, total);
    total += contestants.implementations(workload).length * (settings.rounds + 1);
  }
  const measured = total;
  total += settings.externals?.length ?? 0;
  let done = 0;
  return {
    workload: (workload: Workload, implementation: string, what: string) => {
      began(`${workload.id} ${implementation}`);
      done = Math.max(done + 1, starts.get(workload) ?? 0);
      observer.step?.(Math.min(done, total), total, `${workload.id}: ${what}, ${implementation}`);
    },
    external: ({ name, kind, value }: ExternalSource) => {
      began(`external ${name}`);
      done = Math.max(done + 1, measured);
      observer.step?.(Math.min(done, total), total, `${name}: ${kind === 'file' ? 'reading' : 'running'} ${value}`);
    },
  };
}

/** Names of the external programs that an earlier part of the run has asked. */
function closedSources(earlier: Earlier | null): Set<string> {
  const events = (earlier?.records ?? []).filter((r) => r.type === 'event' && r.code === EXTERNAL_EVENT);
  return new Set(events.map((r) => (r.type === 'event' ? (r.detail.split(': ')[0] as string) : '')));
}

/** Best rate of a ceiling's kernel among what this run has measured. */
function bestRate(kernel: string, recorder: Recorder): MeasuredRate | null {
  let best: MeasuredRate | null = null;
  for (const m of recorder.finals())
    if (m.workload.startsWith(`${kernel}/`) && isOurs(m.implementation) && m.rate && m.rate.value > (best?.value ?? 0))
      best = { of: m.workload, value: m.rate.value };
  return best;
}

/** What the run did not come to is in the result too, with the reason. */
function recordUnmeasured(
  ladders: readonly (readonly Workload[])[],
  contestants: Contestants,
  settings: RunSettings,
  recorder: Recorder,
  at: string,
  reason: Reason,
): void {
  for (const rungs of ladders) {
    const current = rungs.find((w) => at.startsWith(`${w.id} `));
    const begun = rungs.some((w) => contestants.implementations(w).some((i) => recorder.final(w.id, i)));
    // Of a ladder that was not begun the biggest rung stands for what is missing; a finished one misses nothing.
    const missing = current ?? (begun ? undefined : rungs[0]);
    if (!missing) continue;
    for (const implementation of contestants.implementations(missing))
      if (!recorder.final(missing.id, implementation) && recorder.rounds(missing.id, implementation).length === 0)
        recorder.measurement(absent(missing, implementation, settings.mode, reason));
  }
}
