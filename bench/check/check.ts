import { openCard } from '../../harness/card.js';
import { ProcessGone } from '../../harness/contestant-process.js';
import { loadRevisionKernels } from '../../harness/revision-kernels.js';
import { kernels } from '../../kernels/index.js';
import { kernelName } from '../../kernels/shape.js';
import { CHECK_SCHEMA_ID, type Check, writeCheck } from '../../reports/check.js';
import type { Calibration, Device, Reason } from '../../reports/schema.js';
import { newResultId, type Store } from '../../reports/store.js';
import { hostIdentity, toolIdentity } from '../run/provenance.js';
import { CardArena } from '../tune/card-arena.js';
import { Interrupted, type OpenTuneCard, Workbench } from '../tune/workbench.js';
import { concludeAll, exitCodeOf, someDied } from './conclude.js';
import { vanished } from './declarations.js';
import { resolveRevision, type WorkingTree, workingTree } from './git.js';

import { chooseWorkloads, pairsOf } from './pairs.js';
import { measureInProcesses } from './processes.js';
import { buildRevision, requireFreshBuild } from './revision.js';
import { type CheckSettings, checkPace, SECONDS_PER_WORKLOAD, saidOf } from './settings.js';
import { type Standing, standingOf } from './standing.js';

/** What a check tells while it works; the terminal's progress line, or a test. */
export interface CheckObserver {
  opened?(opened: CheckOpened, against: Check['against']): void;
  /** @param share of the whole that is done, from 0 to 1 */
  step?(share: number, what: string): void;
}

export interface CheckOpened {
  readonly device: Device;
  readonly calibration: Calibration;
  readonly tree: WorkingTree;
  readonly file: string;
  /** What is asked for: a result file asks for more than a revision. */
  readonly minEffect: number;
}

export interface CheckOutcome {
  readonly check: Check;
  readonly file: string;
}

const LOAD_TIMEOUT_MS = 60_000;
/** The least rounds that a pair must have time for, to be tried at all. */
const LEAST_ROUNDS = 10;

/**
 * The working tree's kernels against those of another revision, on one card, in turns.
 * @param root of the package: a git clone
 * @param start when the command began, for the budget, on the clock of `performance.now`
 * @throws {InputError | EnvironmentError | StoreError} before anything is measured
 */
export async function executeCheck(
  root: string,
  settings: CheckSettings,
  store: Store,
  observer: CheckObserver = {},
  start: number = performance.now(),
): Promise<CheckOutcome> {
  const workloads = chooseWorkloads(settings.workloads, settings.families, settings.variants);
  const revision = resolveRevision(root, settings.against);
  const tree = workingTree(root, revision);
  requireFreshBuild(root);
  observer.step?.(0, `building the kernels of ${settings.against}`);
  const folder = buildRevision(root, revision);
  const before = await loadRevisionKernels(folder);
  const open: OpenTuneCard = async () => {
    const card = await openCard({
      ...(settings.device !== null && { device: settings.device }),
      ...(settings.software !== null && { software: settings.software }),
    });
    await card.worker.call('beside', { root: folder }, LOAD_TIMEOUT_MS);
    return card;
  };
  const bench = new Workbench(await open(), open);
  const interrupt = () => bench.interrupt();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const { device, calibration } = bench.card;
    const startedAt = new Date();
    const id = newResultId(startedAt, `check-${settings.suite}`);
    const file = store.resultPath(id);
    const against = { ...revision, result: null };
    observer.opened?.({ device, calibration, tree, file, minEffect: settings.minEffect }, against);
    const options = {
      ...{ variants: settings.variants, limits: bench.card.limits, seed: settings.seed },
      timeIdentical: settings.timeIdentical,
    };
    const ladders = workloads.map((rungs) => rungs.map((rung) => pairsOf(rung, before, options).map(standingOf)));
    const { minEffect, looks, processes } = settings;
    const budgetSeconds = settings.budgetSeconds ?? SECONDS_PER_WORKLOAD * ladders.length * processes;
    const standings: Standing[] = [];
    // What was named says what the check is about; a suite is about everything.
    const everything = settings.suite !== 'custom' && settings.families === null;
    const asked = everything ? null : workloads.flat().map(({ kernel }) => kernelName(kernel));
    const identity = { tool: toolIdentity(), host: hostIdentity(), vanished: vanished(before, kernels, asked) };
    const snapshot = (stopped: Reason | null, over: boolean): Check => {
      const comparisons = concludeAll(standings, settings, over);
      const code = exitCodeOf(comparisons, identity.vanished, settings.ambiguous);
      const died = stopped !== null || someDied(standings);
      return {
        ...{ schema: CHECK_SCHEMA_ID, id, ...identity, startedAt: startedAt.toISOString() },
        finishedAt: over ? new Date().toISOString() : null,
        ...{ device, calibration, against },
        now: { ...tree, uncommitted: [...tree.uncommitted] },
        settings: {
          ...saidOf(settings),
          ...{ seed: settings.seed, minEffect, looks: [...looks], processes, budgetSeconds },
        },
        ...{ comparisons, warnings: [], stopped },
        exitCode: stopped?.code === 'interrupted' ? 130 : died ? 5 : code,
      };
    };
    let at = 'the start';
    const arenas = new Map<string, CardArena>();
    const arenaOf = ({ pair: { workload } }: Standing) => {
      const known = arenas.get(workload.id);
      const pace = checkPace(device.software);
      const options = { seed: settings.seed, rounds: LEAST_ROUNDS, pace };
      const arena =
        known ??
        new CardArena(bench, workload, options, ({ implementation }, what) => {
          at = `${workload.id} ${implementation}: ${what}`;
        });
      arenas.set(workload.id, arena);
      return arena;
    };
    let stopped: Reason | null = null;
    try {
      const rules = { minEffect, looks, processes, start, budgetMs: 1000 * budgetSeconds };
      await measureInProcesses(ladders, standings, rules, {
        arenaOf,
        now: () => performance.now(),
        began: ({ pair }, share) => observer.step?.(share, `${pair.workload.id} ${pair.variant}`),
        // Killed at any moment, what was found so far is kept.
        ended: () => writeCheck(file, snapshot(null, false)),
        renew: () => bench.renew(),
      });
    } catch (error) {
      if (!(error instanceof Interrupted || error instanceof ProcessGone)) throw error;
      const code = error instanceof Interrupted ? 'interrupted' : error.how;
      stopped = { code, detail: `${at}: ${error instanceof Interrupted ? 'interrupted' : error.message}` };
    }
    const check = snapshot(stopped, true);
    writeCheck(file, check);
    return { check, file };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await bench.card.close();
  }
}
