import { statSync } from 'node:fs';
import { InputError } from '../../kernels/errors.js';
import { CHECK_SCHEMA_ID, type Check, type CheckComparison, type CheckSide, writeCheck } from '../../reports/check.js';
import { APART_MIN_EFFECT, type ComparedMeasurement, compareResults, sameCard } from '../../reports/compare.js';
import { isRated, isVerified } from '../../reports/groups.js';
import { isOurs } from '../../reports/names.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { newResultId, readResult, type Store } from '../../reports/store.js';
import { toolIdentity } from '../run/provenance.js';
import { executeRun, type RunOutcome } from '../run/run.js';
import { parseEntry } from '../suites/index.js';
import type { CheckObserver, CheckOutcome } from './check.js';
import { exitCodeOf, isWrong } from './conclude.js';
import { workingTree } from './git.js';
import { requireFreshBuild } from './revision.js';
import { type CheckSettings, saidOf } from './settings.js';

/** `--against` means a file, not a revision; a branch of such a name can be given as `refs/heads/…`. */
export const isResultFile = (against: string): boolean =>
  (against.endsWith('.json') && !against.startsWith('refs/')) ||
  statSync(against, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The working tree's kernels against a stored result: they are measured now, as `assay run` does, with the tunings of
 * then, and set beside what was measured at another time. That is weaker evidence than turns in one process, since the
 * machine was in another state: a difference under `APART_MIN_EFFECT` is never asked for.
 * @throws {InputError} when nothing in the result can be compared, or this is another card
 */
export async function checkAgainstResult(
  root: string,
  settings: CheckSettings,
  store: Store,
  observer: CheckObserver = {},
): Promise<CheckOutcome> {
  const stored = readResult(settings.against);
  if (settings.budgetSeconds !== null || settings.processes !== 1)
    throw new InputError('--budget and --processes are for another revision; against a result file use --rounds');
  requireFreshBuild(root, 'if-cloned');
  // An installed package has no revision, and git need not be there.
  const cloned = toolIdentity().commit !== null;
  const tree = cloned ? workingTree(root, null) : { commit: null, uncommitted: [], identical: false };
  const minEffect = Math.max(APART_MIN_EFFECT, settings.minEffect);
  const { wanted, unknown } = wantedOf(stored, settings);
  const rounds = settings.looks.at(-1) as number;
  const startedAt = new Date();
  const id = newResultId(startedAt, `check-${settings.suite}`);
  const file = store.resultPath(id);
  const run = await executeRun(runSettings(stored, wanted, rounds, settings), store, {
    opened: (device, calibration) => {
      refuseOtherCard(stored, device, settings.against);
      const { id, startedAt } = stored;
      observer.opened?.(
        { device, calibration, tree, file, minEffect },
        { ref: settings.against, commit: null, tree: null, result: { id, startedAt } },
      );
    },
    step: (done, total, what) => observer.step?.(done / Math.max(1, total), what),
  });
  const from = { ...stored, measurements: [...wanted] };
  const { compared, warnings } = compareResults(from, run.result, { minEffect });
  const comparisons = compared.flatMap((one) => comparisonOf(one) ?? []);
  const stopped = run.result.events.find(({ code }) => ENDINGS.includes(code)) ?? null;
  const check: Check = {
    ...{ schema: CHECK_SCHEMA_ID, id, tool: run.result.tool, startedAt: startedAt.toISOString() },
    finishedAt: new Date().toISOString(),
    ...{ host: run.result.host, device: run.result.device, calibration: run.result.calibration },
    against: {
      ref: settings.against,
      commit: null,
      tree: null,
      result: { id: stored.id, startedAt: stored.startedAt },
    },
    now: { commit: run.result.tool.commit, uncommitted: [...tree.uncommitted], identical: false },
    settings: {
      ...saidOf(settings),
      ...{ seed: stored.seed, minEffect, looks: [rounds], processes: 1, budgetSeconds: null },
    },
    ...{ vanished: unknown, comparisons, warnings: [...warnings] },
    stopped: stopped && { code: stopped.code as 'interrupted', detail: stopped.detail },
    exitCode: endingOf(run) ?? exitCodeOf(comparisons, unknown, settings.ambiguous),
  };
  writeCheck(file, check);
  return { check, file };
}

const ENDINGS = ['interrupted', 'worker-died', 'worker-hung', 'device-lost'];
const endingOf = ({ exitCode }: RunOutcome) => (exitCode === 5 || exitCode === 130 ? exitCode : null);

/** What the result measured of ours and the filters leave; and workloads that today's kernels do not have. */
function wantedOf(stored: Result, { workloads, families, variants, against }: CheckSettings) {
  const ours = stored.measurements.filter(
    (m) =>
      isOurs(m.implementation) &&
      isRated(m) &&
      (workloads.length === 0 || workloads.includes(m.workload)) &&
      (families === null || families.includes(m.family)) &&
      (typeof variants === 'string' || variants.includes(variantOf(m))),
  );
  if (ours.length === 0)
    throw new InputError(`--against ${against}: it has no rate of a kernel of ours that the filters leave`);
  const known = new Set([...new Set(ours.map(({ workload }) => workload))].filter(isKnown));
  const unknown = [...new Set(ours.flatMap(({ workload }) => (known.has(workload) ? [] : [`workload ${workload}`])))];
  if (known.size === 0)
    throw new InputError(`--against ${against}: today's kernels have none of its workloads: ${unknown.join(', ')}`);
  return { wanted: ours.filter(({ workload }) => known.has(workload)), unknown };
}

function isKnown(workload: string): boolean {
  try {
    return parseEntry(workload).length > 0;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

const variantOf = ({ implementation }: Pick<Measurement, 'implementation'>) => implementation.replace(/^assay\//, '');

function runSettings(stored: Result, wanted: readonly Measurement[], rounds: number, settings: CheckSettings) {
  return {
    ...{ suite: 'custom', workloads: [...new Set(wanted.map(({ workload }) => workload))], rounds, seed: stored.seed },
    ...{ mode: 'safe' as const, device: settings.device, software: settings.software, baselines: [] },
    variants: [...new Set(wanted.map(variantOf))],
    tunings: wanted.flatMap(({ workload, implementation, tuning }) =>
      Object.keys(tuning).length > 0
        ? [{ workload, implementation, tuning: { ...tuning }, source: 'tuned' as const, tunedOn: workload }]
        : [],
    ),
  };
}

function refuseOtherCard(stored: Result, device: Result['device'], against: string): void {
  if (!sameCard(stored.device, device))
    throw new InputError(
      `--against ${against}: it was measured on ${stored.device.name}, this is ${device.name}: choose the same with --device, or compare cards with \`assay compare\``,
    );
}

/** Null for what was measured along the way and is not in the stored result. */
function comparisonOf({ workload, family, from, to, ratio, clock, verdict, refusal }: ComparedMeasurement) {
  if (from === null) return null;
  const base = {
    ...{ workload, family, variant: variantOf(from), identical: false, processes: [] },
    before: sideOf(from),
    now: to ? sideOf(to) : NOT_TRIED,
  };
  const rounds = to?.rounds.length ?? 0;
  if (verdict && ratio) {
    const ended = verdict === 'ambiguous' ? ('rounds-used-up' as const) : ('decided' as const);
    return { ...base, verdict, ratio, clock, rounds, ended, changes: [] } satisfies CheckComparison;
  }
  const apart = to && isWrong(to.reasons) ? 'incorrect' : !to || to.rate === null ? 'gone' : 'changed';
  const changes = apart === 'changed' ? [{ what: 'work' as const, detail: refusal ?? 'not comparable' }] : [];
  return {
    ...base,
    verdict: apart,
    ratio: null,
    clock: null,
    rounds: 0,
    ended: null,
    changes,
  } satisfies CheckComparison;
}

const NOT_TRIED: CheckSide = {
  ...{ status: 'not-tried', reasons: [], tuning: {}, maxError: null, compileMs: null, rate: null, rounds: [] },
};

function sideOf(m: Measurement): CheckSide {
  const status = isVerified(m)
    ? 'correct'
    : isWrong(m.reasons)
      ? 'incorrect'
      : m.status === 'skipped'
        ? 'skipped'
        : 'failed';
  return {
    ...{ status, reasons: m.reasons.map((reason) => ({ ...reason })), tuning: { ...m.tuning } },
    maxError: status === 'correct' ? m.correctness.maxError : null,
    ...{ compileMs: m.compileMs ?? null, rate: status === 'correct' ? m.rate : null },
    rounds: m.rounds.map(({ index, samplesNs, hostSamplesNs }) => ({
      ...{ index, samplesNs: [...samplesNs], hostSamplesNs: [...hostSamplesNs] },
    })),
  };
}
