import { setTimeout as sleep } from 'node:timers/promises';
import { LOAD_FAULTS, type LoadFaultName } from '../../../harness/faults/load-faults.js';
import type { LoadWindowRecord } from '../../../reports/load/window.js';
import { median } from '../../../reports/statistics/index.js';
import type { TelemetrySample } from '../../../reports/telemetry.js';
import type { LoadPolicy } from '../load-policy.js';
import type { CheckContext } from '../step.js';
import { type Held, nameOf, recheck } from './prepared.js';

/** A window's worth of patience, and a card's that is nearly hung. */
const STEP_TIMEOUT_MS = 60_000;
/** Readings at rest, before and after. */
const REST_READINGS = 4;
const LEAST_WINDOWS = { steady: 32, pulsed: 6 };
/** Times the time that a load was to last. */
const MOST_OVERRUN = 2;
/** Of a window: work between rests, and rests in turn, so that clocks meet several rhythms. */
const PULSE = { busy: 0.12, rests: [0.06, 0.12, 0.3] };

export interface LoadRun {
  readonly windows: readonly LoadWindowRecord[];
  readonly rest: readonly TelemetrySample[];
  readonly loaded: readonly TelemetrySample[];
  /** Readings that did not come though some did. */
  readonly lost: number;
  /** What is wrong with outputs that the load left. */
  readonly wrong: readonly string[];
  readonly discarded: number;
  /** Of each part, operations per second in the median steady window. */
  readonly parts: readonly { workload: string; variant: string; unit: string; rate: number | null }[];
  /** What a fault did; null without one. */
  readonly rehearsal: string | null;
}

type Timing = Pick<LoadPolicy, 'windowMs' | 'submissionMs' | 'steadyShare'>;

/** Collects readings, and counts those that do not come once any did. */
class Readings {
  readonly rest: TelemetrySample[] = [];
  readonly loaded: TelemetrySample[] = [];
  lost = 0;
  readonly #context: CheckContext;
  constructor(context: CheckContext) {
    this.#context = context;
  }

  async take(into: 'rest' | 'loaded'): Promise<TelemetrySample | null> {
    const reading = await this.#context.readTelemetry();
    if (reading) this[into].push(reading);
    else if (this.rest.length + this.loaded.length > 0) this.lost++;
    return reading;
  }

  async atRest(everyMs: number): Promise<void> {
    for (let i = 0; i < REST_READINGS && !this.#context.signal.aborted; i++) {
      if (!(await this.take('rest')) && this.rest.length === 0) return;
      await sleep(everyMs);
    }
  }
}

/**
 * Rest, steady load, pulses, rest; outputs are judged after each load. An abort ends it with what is known.
 * @param totalMs of both loads
 * @throws {ProcessGone}
 */
export async function runLoad(
  context: CheckContext,
  held: readonly Held[],
  totalMs: number,
  { windowMs, submissionMs, steadyShare }: Timing,
): Promise<LoadRun> {
  const { card, signal, seed, now } = context;
  const readings = new Readings(context);
  await readings.atRest(windowMs);
  const fault = (LOAD_FAULTS as readonly string[]).includes(context.fault ?? '')
    ? (context.fault as LoadFaultName)
    : null;
  const steadyMs = steadyShare * totalMs;
  const { counts, rehearsal } = await card.worker.call(
    'loadBegin',
    { handles: held.map(({ handle }) => handle), submissionMs, spanMs: steadyMs, fault, seed },
    STEP_TIMEOUT_MS,
  );
  const start = now();
  const windows: LoadWindowRecord[] = [];
  const partRates: number[][] = held.map(() => []);
  const wrong: string[] = [];
  let discarded = 0;
  const load = async (phase: LoadWindowRecord['phase'], untilMs: number) => {
    // On a busy machine windows are long: there are to be enough of them, within reason.
    const enough = (i: number, ms: number) =>
      ms >= untilMs && (i >= LEAST_WINDOWS[phase] || ms >= MOST_OVERRUN * untilMs);
    for (let i = 0; !enough(i, now() - start) && !signal.aborted; i++) {
      const rest = PULSE.rests[i % PULSE.rests.length] as number;
      const [busyMs, restMs] = phase === 'steady' ? [0, 0] : [PULSE.busy * windowMs, rest * windowMs];
      const tMs = now() - start;
      // The reading comes at the window's beginning, when the card has been at work for all the windows before.
      const [window, reading] = await Promise.all([
        card.worker.call('loadStep', { ms: windowMs, busyMs, restMs }, STEP_TIMEOUT_MS + windowMs),
        readings.take('loaded'),
      ]);
      discarded += window.discarded;
      // A software adapter's work is the processor's: what others take of it is not the adapter's doing.
      const ns = context.rehearsal ? window.cpuNs : window.ns;
      if (window.cycles === 0 || ns === 0) continue;
      const rate = (window.cycles * 1e9) / ns;
      windows.push({ phase, tMs, rate, reading });
      if (phase === 'steady')
        for (const [p, ns] of window.partNs.entries())
          partRates[p]?.push((operations(held[p] as Held) * (counts[p] as number) * window.cycles * 1e9) / ns);
      context.progress(Math.min(1, tMs / totalMs), said(phase, windows, reading));
    }
    wrong.push(...(await recheck(card, held)));
  };
  await load('steady', steadyMs);
  if (!signal.aborted) await load('pulsed', totalMs);
  await card.worker.call('loadEnd', {}, STEP_TIMEOUT_MS);
  if (readings.loaded.length > 0) await readings.atRest(2 * windowMs);
  const parts = held.map((one, p) => ({
    ...{ workload: nameOf(one), variant: one.variant, unit: `${one.workload.kernel.work(one.workload.shape).unit}/s` },
    rate: partRates[p]?.length ? median(partRates[p]) : null,
  }));
  const { rest, loaded, lost } = readings;
  return { windows, rest, loaded, lost, wrong, discarded, parts, rehearsal };
}

const operations = ({ workload: { kernel, shape } }: Held): number => kernel.work(shape).operations;

function said(phase: string, windows: readonly LoadWindowRecord[], reading: TelemetrySample | null): string {
  const best = Math.max(...windows.map(({ rate }) => rate));
  const now = (windows.at(-1) as LoadWindowRecord).rate / best;
  const heat = reading?.temperatureC.edge ?? null;
  const watts = reading?.powerWatts ?? null;
  const told = [heat === null ? '' : `, ${heat.toFixed(0)} °C`, watts === null ? '' : `, ${watts.toFixed(0)} W`];
  return `${phase} load at ${(100 * now).toFixed(0)} % of its best${told.join('')}`;
}
