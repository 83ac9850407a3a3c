import { type Card, openCard } from '../../harness/card.js';
import { ProcessGone } from '../../harness/contestant-process.js';
import { InputError } from '../../kernels/errors.js';
import { type Journal, openJournal } from '../../reports/journal.js';
import type { StartRecord } from '../../reports/journal-records.js';
import type { Check, Device } from '../../reports/schema.js';
import { newResultId, type Store } from '../../reports/store.js';
import type { TelemetrySample } from '../../reports/telemetry.js';
import type { Overall } from '../../reports/verdict.js';
import { EXIT } from '../exit.js';
import { lockRun } from '../run/lock.js';
import { hostIdentity, toolIdentity } from '../run/provenance.js';
import { type Earlier, type RunOutcome, writeAll } from '../run/run.js';
import { CardKeeper } from './card-keeper.js';
import { LOCK_FOLDER, lockCard } from './lock.js';
import { ProcessFaults } from './process-faults.js';
import { QualifyRecorder } from './recorder.js';
import type { QualifySettings } from './settings.js';
import type { CheckContext, CheckOutcome, CheckStep, QualifyCheck } from './step.js';
import { STEPS } from './steps.js';
import { CardWatch } from './telemetry.js';
import { budgetsOf } from './times.js';
import { verdictOf } from './verdict.js';

export const SUITE = 'qualification';
const EXIT_OF: Readonly<Record<Overall, number>> = { PASS: EXIT.ok, FAIL: EXIT.no, INCONCLUSIVE: EXIT.noAnswer };

/** How far one card is. */
export interface Standing {
  readonly check: string;
  readonly what: string;
  /** Of the whole qualification. */
  readonly share: number;
  readonly leftMs: number;
  readonly sample: TelemetrySample | null;
}

export interface QualifyObserver {
  opened?(device: Device, journal: string, budgetMs: number, workerPid: number): void;
  begun?(check: string): void;
  ended?(check: Check): void;
  progress?(standing: Standing): void;
  warned?(text: string): void;
}

/** What tests put in place of the real thing, and whoever runs several cards together. */
export interface QualifyOptions {
  readonly signal?: AbortSignal;
  readonly steps?: readonly CheckStep[];
  readonly lockFolder?: string;
  openJournal?(path: string): Journal;
}

/**
 * Qualifies one card: its checks one after the other, each with a worker of its own, all into one journal. What happens
 * to a worker is a finding about the card.
 * @throws {EnvironmentError | InputError | StoreError} before anything is tested
 * @throws {JournalError} when the journal takes no more lines; what it has stays, and can be resumed
 */
export async function executeQualify(
  settings: QualifySettings,
  store: Store,
  observer: QualifyObserver = {},
  earlier: Earlier | null = null,
  options: QualifyOptions = {},
): Promise<RunOutcome> {
  const { signal = new AbortController().signal, steps: all = STEPS } = options;
  const steps = all.filter(({ id }) => settings.checks === null || settings.checks.includes(id));
  const wanted = {
    ...(settings.device !== null && { device: settings.device }),
    ...(settings.software !== null && { software: settings.software }),
  };
  const card = await openCard(wanted);
  const watch = await CardWatch.open(card.device, card.env, {
    ...{ fault: settings.fault, seed: settings.seed, periodMs: Math.min(1000, 1000 * settings.timeScale) },
    samples: (earlier?.records ?? []).flatMap((r) => (r.type === 'telemetry' ? [r.sample] : [])),
    events: telemetryEvents(earlier),
  });
  const releases: (() => void)[] = [];
  const keeper = new CardKeeper(card, {
    device: card.device.name,
    ...(settings.software !== null && { software: settings.software }),
  });
  const stop = new AbortController();
  const abort = () => {
    stop.abort();
    void keeper.kill();
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    if (earlier) refuseOtherCard(earlier, watch.device);
    releases.push(lockCard(watch.device, options.lockFolder ?? LOCK_FOLDER));
    const startedAt = earlier ? new Date(earlier.start.startedAt) : new Date();
    const id = earlier?.start.id ?? newResultId(startedAt, `qualify ${card.device.name}`);
    const path = store.journalPath(id);
    releases.push(lockRun(path));
    const recorder = new QualifyRecorder(
      (options.openJournal ?? openJournal)(path),
      startedAt,
      earlier?.records ?? [],
      abort,
    );
    try {
      recorder.append(startRecord(id, settings, startedAt));
      recorder.append({ type: 'device', device: watch.device, calibration: card.calibration });
      if (earlier?.truncated) recorder.event('journal-truncated', 'the last line was unfinished and is left out');
      if (earlier) recorder.event('resumed', `${recorder.checks.length} checks were finished before`);
      watch.begin(recorder.tMs, recorder.sample, recorder.telemetryEvent);
      const budgets = budgetsOf(steps, settings.level, card.device.software, settings.timeScale);
      const whole = [...budgets.values()].reduce((a, b) => a + b, 0);
      observer.opened?.(watch.device, path, whole, card.worker.pid ?? 0);
      for (const { detail, remedy } of watch.problems)
        if (!card.device.software) observer.warned?.(`${detail}${remedy ? `; ${remedy}` : ''}`);

      const opening = steps.flatMap(({ id, cardless }) => (cardless ? [] : [id]));
      const faults = new ProcessFaults(settings.fault, settings.seed, opening);
      let before = 0;
      for (const step of steps) {
        const budgetMs = budgets.get(step.id) as number;
        if (!recorder.has(step.id) && !stop.signal.aborted) {
          observer.begun?.(step.id);
          const context: Omit<CheckContext, 'card'> = {
            ...{ facts: watch.facts, telemetry: watch.samples, telemetryEvents: watch.events },
            ...{ policy: settings.policy, level: settings.level, rehearsal: card.device.software, budgetMs },
            ...{ seed: settings.seed, fault: settings.fault, earlier: [...recorder.checks], signal: stop.signal },
            readTelemetry: () => watch.read(),
            now: () => performance.now(),
            progress: (share, what) =>
              observer.progress?.({
                ...{ check: step.title, what, sample: watch.samples.at(-1) ?? null },
                share: (before + share * budgetMs) / whole,
                leftMs: whole - before - share * budgetMs,
              }),
          };
          const outcome = await performCheck(step, context, keeper, (open) =>
            faults.arm(open, step.id, (fault) => recorder.event('fault-struck', `${fault}, during ${step.id}`)),
          );
          // What was cut off is no outcome: it is made again.
          if (!stop.signal.aborted) {
            const check: QualifyCheck = { id: step.id, ...outcome };
            recorder.check(check);
            observer.ended?.(check);
          }
        }
        before += budgetMs;
      }
      await watch.stop();
      recorder.throwFailure();
      const interrupted = stop.signal.aborted;
      if (interrupted) recorder.event('interrupted', 'the qualification was interrupted');
      const verdict = verdictOf({
        ...{ checks: recorder.checks, device: watch.device, policy: settings.policy, level: settings.level },
        ...{ fault: settings.fault, challenge: settings.challenge, interrupted, now: startedAt },
      });
      recorder.append({ type: 'verdict', verdict });
      const exitCode = interrupted ? EXIT.interrupted : (EXIT_OF[verdict.overall] as number);
      recorder.append({ type: 'end', finishedAt: new Date().toISOString(), exitCode });
      return { ...(await writeAll(store, id)), exitCode };
    } finally {
      recorder.close();
    }
  } finally {
    signal.removeEventListener('abort', abort);
    for (const release of releases.reverse()) release();
    await watch.stop();
    await keeper.close();
  }
}

/** One check, whatever becomes of it. */
async function performCheck(
  step: CheckStep,
  context: Omit<CheckContext, 'card'>,
  keeper: CardKeeper,
  opened: (card: Card) => void,
): Promise<CheckOutcome> {
  if (step.cardless) {
    const without = {
      ...context,
      get card(): Card {
        throw new Error(`the check ${step.id} has no card`);
      },
    };
    return step.run(without).catch(failedItself);
  }
  const card = await keeper.fresh();
  if (!(card instanceof ProcessGone)) {
    opened(card);
    try {
      const outcome = await step.run({ ...context, card });
      if (card.worker.gone === null || outcome.status === 'fail') return outcome;
      return gone(card.worker.gone, outcome);
    } catch (error) {
      return error instanceof ProcessGone
        ? gone(error)
        : card.worker.gone
          ? gone(card.worker.gone)
          : failedItself(error);
    } finally {
      await keeper.done();
    }
  }
  return gone(card);
}

const gone = ({ how, message }: ProcessGone, { figures, evidence }: Partial<CheckOutcome> = {}): CheckOutcome => ({
  ...{ status: 'fail', reasons: [{ code: how, detail: message }], figures: figures ?? {} },
  ...(evidence !== undefined && { evidence }),
});

function failedItself(error: unknown): CheckOutcome {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { status: 'inconclusive', reasons: [{ code: 'check-failed', detail: `${name}: ${message}` }], figures: {} };
}

function startRecord(id: string, settings: QualifySettings, startedAt: Date): StartRecord {
  return {
    ...{ type: 'start', id, tool: toolIdentity(), suite: SUITE, workloads: [], seed: settings.seed },
    ...{ mode: 'safe', rounds: 1, deviceSelector: settings.device, host: hostIdentity() },
    options: { qualify: { ...settings } },
    startedAt: startedAt.toISOString(),
  };
}

/** Checks of two cards are not one qualification. */
function refuseOtherCard({ start, records }: Earlier, now: Device): void {
  const record = records.find((r) => r.type === 'device');
  if (record?.type !== 'device') return;
  const { name, backend, driver, identity } = record.device;
  const was = { name, backend, driver, identifier: identity?.uuidHash ?? null };
  const is = { name: now.name, backend: now.backend, driver: now.driver, identifier: now.identity?.uuidHash ?? null };
  for (const field of ['name', 'backend', 'driver', 'identifier'] as const)
    if (was[field] !== is[field])
      throw new InputError(
        `the qualification ${start.id} is of a card whose ${field} is "${was[field]}", this one's is "${is[field]}"; put that card back, or start a new one`,
      );
}

function telemetryEvents(earlier: Earlier | null) {
  return (earlier?.records ?? []).flatMap((r) =>
    r.type === 'event' && (r.code === 'telemetry-lost' || r.code === 'telemetry-back')
      ? [{ tMs: r.tMs, code: r.code, detail: r.detail } as const]
      : [],
  );
}
