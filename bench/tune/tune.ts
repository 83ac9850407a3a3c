import { ProcessGone } from '../../harness/contestant-process.js';
import { sourceHash } from '../../harness/source-hash.js';
import { suitingVariants } from '../../kernels/choose.js';
import type { Variant } from '../../kernels/declaration.js';
import type { Calibration, Device, Reason, ReasonCode } from '../../reports/schema.js';
import { toolIdentity } from '../run/provenance.js';
import type { Workload } from '../suites/index.js';
import { addToCache, checkCacheWritable, readCache } from './cache.js';
import type { CacheEntry } from './cache-file.js';
import { CardArena } from './card-arena.js';
import { chooseTuning, damageWarning, type TuningIdentity } from './choose.js';
import { chooseShape } from './choose-shape.js';
import { isTooSlow, isTunable, type Look, lookAtDefault, weightOf } from './look.js';
import type { TuneOutcome, VariantOutcome, WorkloadOutcome } from './outcome.js';
import { LEAST_ROUNDS, type TuneSettings, tunePace } from './settings.js';
import { compareVariants, tuneOne } from './tune-workload.js';
import { Interrupted, type OpenTuneCard, Workbench } from './workbench.js';

/** What tuning tells while it works; the terminal's progress line, or a test. */
export interface TuneObserver {
  opened?(device: Device, calibration: Calibration, workerPid: number): void;
  /** @param doneMs of the time for everything, @param totalMs */
  step?(doneMs: number, totalMs: number, what: string): void;
  warned?(text: string): void;
}

/** Of the time for a workload: the comparison of its variants with each other. */
const COMPARISON_SHARE = 0.12;
/** Kept back for ending: a step that is under way is not cut off. */
const MARGIN = 0.04;
const WRONG: readonly ReasonCode[] = ['wrong-result', 'wrong-after-timing', 'writes-out-of-bounds', 'mutates-input'];

/**
 * Tunes workloads one after the other on one card, and keeps each variant's winner as soon as it is known.
 * @param ladders per kernel its shapes, biggest first: one of them is tuned, see `chooseShape`
 * @param start when the command began, for the budget, on the clock of `performance.now`
 * @throws {EnvironmentError | InputError | StoreError} before anything is measured
 */
export async function executeTune(
  ladders: readonly (readonly Workload[])[],
  settings: TuneSettings,
  open: OpenTuneCard,
  observer: TuneObserver = {},
  start: number = performance.now(),
): Promise<TuneOutcome> {
  const { cache } = settings;
  if (cache !== null) checkCacheWritable(cache);
  const bench = new Workbench(await open(), open);
  const { device, calibration } = bench.card;
  const tuner = new Tuner(bench, settings, observer, start, ladders.length);
  const interrupt = () => bench.interrupt();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    observer.opened?.(device, calibration, bench.card.worker.pid ?? 0);
    tuner.readKnown();
    let stopped: { reason: Reason; exitCode: number } | null = null;
    try {
      for (const [i, ladder] of ladders.entries()) await tuner.ladder(ladder, i);
    } catch (error) {
      stopped = whyStopped(error, tuner.at);
    }
    const { workloads } = tuner;
    const exitCode = stopped?.exitCode ?? (workloads.some(isWrong) ? 1 : 0);
    return { device, calibration, workloads, cache, stopped: stopped?.reason ?? null, exitCode };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await bench.card.close();
  }
}

/** @throws the error when it is none of the ends that leave something to show */
function whyStopped(error: unknown, at: string): { reason: Reason; exitCode: number } {
  if (error instanceof Interrupted)
    return { reason: { code: 'interrupted', detail: `${at}: interrupted` }, exitCode: 130 };
  if (error instanceof ProcessGone)
    return { reason: { code: error.how, detail: `${at}: ${error.message}` }, exitCode: 5 };
  throw error;
}

/** A configuration of ours that was tried and computed a wrong result. */
const isWrong = ({ variants, refused }: WorkloadOutcome) =>
  [...variants.flatMap((v) => v.refused), ...refused.map((r) => r.refusal)].some(({ reasons }) =>
    reasons.some(({ code }) => WRONG.includes(code)),
  );

class Tuner {
  readonly workloads: WorkloadOutcome[] = [];
  /** What is being done, for the message when it is cut off. */
  at = 'the start';
  readonly #bench: Workbench;
  readonly #settings: TuneSettings;
  readonly #observer: TuneObserver;
  readonly #start: number;
  readonly #totalMs: number;
  readonly #toolVersion = toolIdentity().version;
  #known: readonly CacheEntry[] = [];

  constructor(bench: Workbench, settings: TuneSettings, observer: TuneObserver, start: number, count: number) {
    this.#bench = bench;
    this.#settings = settings;
    this.#observer = observer;
    this.#start = start;
    this.#totalMs = count * settings.budgetSeconds * 1000;
  }

  readKnown(): void {
    const { cache } = this.#settings;
    if (cache === null) return;
    const { entries, damage } = readCache(cache);
    if (damage !== null) this.#observer.warned?.(damageWarning(cache, damage));
    this.#known = entries;
  }

  /** Tunes the biggest rung on which this adapter can do most of the variants in time. Time that earlier ones left over is there for it too. */
  async ladder(rungs: readonly Workload[], index: number): Promise<void> {
    const budgetMs = this.#settings.budgetSeconds * 1000;
    const begun = performance.now();
    const deadline = this.#start + (index + 1) * budgetMs - MARGIN * budgetMs;
    const arenas = new Map(rungs.map((workload) => [workload, this.#arena(workload, budgetMs)]));
    const arenaOf = (workload: Workload) => arenas.get(workload) as CardArena;
    const [biggest] = rungs as [Workload];
    const { shape: workload, looks } = await chooseShape(rungs, this.#variants(biggest), (rung, variant, before) =>
      lookAtDefault(arenaOf(rung), variant, before),
    );
    await this.#workload(workload, arenaOf(workload), looks, begun, deadline);
  }

  async #workload(workload: Workload, arena: CardArena, looks: readonly Look[], begun: number, deadline: number) {
    const { seed, mostRounds } = this.#settings;
    const variants: VariantOutcome[] = [];
    const tunable = looks.filter(({ variant }) => isTunable(variant));
    // The fastest first, so that what the time is too short for is what matters least.
    const queue = tunable.filter((look) => !isTooSlow(look)).sort((a, b) => weightOf(b, looks) - weightOf(a, looks));
    const comparisonMs = looks.length > 1 ? COMPARISON_SHARE * (deadline - performance.now()) : 0;
    const entry = {
      workload: workload.id,
      variants,
      unfinished: tunable.map(({ variant }) => variant.id),
      refused: looks.flatMap(({ variant, candidate, refusal }) =>
        refusal && !queue.some((look) => look.variant === variant)
          ? [{ variant: variant.id, tuning: candidate.tuning, refusal }]
          : [],
      ),
      fastest: null as WorkloadOutcome['fastest'],
      seconds: 0,
    };
    this.workloads.push(entry);
    try {
      for (const [i, look] of queue.entries()) {
        const weights = queue.slice(i).map((l) => weightOf(l, looks));
        const share = (weights[0] as number) / weights.reduce((sum, w) => sum + w, 0);
        const now = performance.now();
        if (now + look.costs.prepareMs > deadline) break;
        const outcome = await tuneOne(arena, workload, look, {
          seed,
          deadline: now + Math.max(0, deadline - comparisonMs - now) * share,
          known: this.#knownTuning(workload, look.variant),
          mostRounds,
        });
        variants.push(outcome);
        entry.unfinished.splice(entry.unfinished.indexOf(outcome.variant), 1);
        await this.#keep(this.#entry(workload, look.variant, outcome));
      }
      entry.fastest = await compareVariants(arena, workload, looks, variants, { deadline, mostRounds });
    } finally {
      entry.seconds = (performance.now() - begun) / 1000;
    }
  }

  #arena(workload: Workload, budgetMs: number): CardArena {
    const { seed } = this.#settings;
    const pace = tunePace(this.#bench.card.device.software, budgetMs);
    return new CardArena(this.#bench, workload, { seed, rounds: LEAST_ROUNDS, pace }, ({ implementation }, what) => {
      this.at = `${workload.id} ${implementation}`;
      const done = Math.min(performance.now() - this.#start, this.#totalMs);
      this.#observer.step?.(done, this.#totalMs, `${this.at}: ${what}`);
    });
  }

  #variants({ kernel, shape }: Workload): readonly Variant<unknown, unknown>[] {
    const { variants } = this.#settings;
    // A kernel that tells its story in a dozen variants has few that are worth the time.
    if (variants === null) return suitingVariants(kernel, shape, 'shortlist', this.#bench.card.limits);
    return kernel.variants.filter(({ id }) => variants.includes(id));
  }

  #identity(): TuningIdentity {
    const { device, limits } = this.#bench.card;
    return { device, limits, mode: this.#settings.mode, toolVersion: this.#toolVersion };
  }

  #knownTuning(workload: Workload, variant: Variant<unknown, unknown>) {
    const { chosen } = chooseTuning(this.#known, workload, variant, this.#identity());
    return chosen.source === 'default' ? null : chosen.tuning;
  }

  /** Null when nothing was learned: only the default was looked at, or nothing runs. */
  #entry(workload: Workload, variant: Variant<unknown, unknown>, found: VariantOutcome): CacheEntry | null {
    const { winner, tried, spaceSize, decision, ratio, rounds } = found;
    if (winner === null || tried < 2) return null;
    const { device, limits, mode, toolVersion } = this.#identity();
    const differs = decision === 'faster' || decision === 'default-refused';
    return {
      ...{ device: device.name, driver: device.driver, backend: device.backend, mode, toolVersion },
      ...{ workload: workload.id, variant: variant.id, tuning: { ...winner }, differs },
      sourceHash: sourceHash(workload.kernel, variant, workload.shape, winner, limits),
      ratio: differs && ratio ? { value: ratio.ratio, low: ratio.low, high: ratio.high } : null,
      ...{ date: new Date().toISOString(), seed: this.#settings.seed, rounds, tried, spaceSize },
    };
  }

  async #keep(entry: CacheEntry | null): Promise<void> {
    const { cache } = this.#settings;
    if (cache === null || entry === null) return;
    const bad = await addToCache(cache, [entry]);
    if (bad !== null) this.#observer.warned?.(`tuning cache ${cache} was damaged; what it held is kept in ${bad}`);
  }
}
