import type { ComputeBurst, ComputeError, ComputeReport } from '../../../harness/compute-test/report.js';
import { RemoteError } from '../../../harness/contestant-process.js';
import { isComputeFault } from '../../../harness/faults/compute-faults.js';
import type { CheckReasonCode } from '../../../reports/check-codes.js';
import { type ComputeFinding, classifyComputeErrors } from '../../../reports/compute-errors.js';
import { poissonUpperLimit } from '../../../reports/statistics/index.js';
import type { Policy } from '../policy.js';
import type { CheckContext, CheckOutcome, CheckStep } from '../step.js';

const STEP_MS = 1000;
/** Wrong words that the result keeps, and slices of its time. */
const KEPT_ERRORS = 256;
const KEPT_SLICES = 120;
const CONFIDENCE = 0.95;

/** A stretch between two answers of the worker. */
export interface Slice {
  readonly atMs: number;
  readonly bursts: number;
  readonly wrong: number;
  /** Degrees Celsius at its end; null without telemetry. */
  readonly celsius: number | null;
}

export interface ComputeObserved {
  readonly report: ComputeReport;
  readonly bursts: readonly ComputeBurst[];
  readonly errors: readonly (ComputeError & { readonly celsius: number | null })[];
  readonly slices: readonly Slice[];
}

export const computeStep: CheckStep = {
  id: 'compute',
  title: 'Computing',
  about: 'Known hashes, integer and float products at full load; every word of every result is compared.',
  async run(context) {
    const { card, policy, rehearsal, seed, fault, budgetMs, signal } = context;
    const bursts: ComputeBurst[] = [];
    const errors: (ComputeError & { celsius: number | null })[] = [];
    const slices: Slice[] = [];
    const size = rehearsal ? 'small' : 'full';
    const options = { seed, size, budgetMs, ...(fault !== null && isComputeFault(fault) && { fault }) } as const;
    let report: ComputeReport | null = null;
    try {
      for await (const state of card.computeTest(options, Math.min(STEP_MS, Math.max(10, budgetMs / 20)))) {
        const celsius = celsiusOf(context);
        report = state.report;
        bursts.push(...state.bursts);
        errors.push(...state.errors.slice(0, KEPT_ERRORS - errors.length).map((error) => ({ ...error, celsius })));
        const wrong = state.bursts.reduce((sum, burst) => sum + burst.wrong, 0);
        slices.push({ atMs: report.elapsedMs, bursts: state.bursts.length, wrong, celsius });
        context.progress(Math.min(1, report.elapsedMs / budgetMs), progressWords(report));
        if (signal.aborted || report.elapsedMs >= budgetMs) break;
      }
    } catch (error) {
      return refused(error);
    }
    if (report === null) throw new Error('the compute test reported nothing');
    const outcome = judgeCompute({ report, bursts, errors, slices }, policy, rehearsal);
    if (!signal.aborted) return outcome;
    const reasons = [{ code: 'interrupted' as const, detail: '' }, ...outcome.reasons];
    return { ...outcome, status: outcome.status === 'fail' ? 'fail' : 'inconclusive', reasons };
  },
};

const celsiusOf = ({ telemetry }: CheckContext): number | null => {
  const at = telemetry.at(-1)?.temperatureC;
  return at?.hotspot ?? at?.edge ?? null;
};

function progressWords({ jobs }: ComputeReport): string {
  const wrong = jobs.reduce((sum, job) => sum + job.wrong, 0);
  const { length } = jobs.filter(({ skipped }) => skipped === null);
  return `${length} kernels${wrong > 0 ? `, ${wrong} WRONG WORDS` : ''}`;
}

function refused(error: unknown): CheckOutcome {
  if (!(error instanceof RemoteError)) throw error;
  const code = ({ OutOfMemoryError: 'compute-refused', BlindComparisonError: 'compute-blind' } as const)[error.name];
  if (!code) throw error;
  // A card whose comparison does not see a planted error computes wrong already.
  const status = code === 'compute-blind' ? 'fail' : 'inconclusive';
  return { status, reasons: [{ code, detail: error.message }], figures: {} };
}

const CODES: Readonly<Record<ComputeFinding, CheckReasonCode>> = {
  nan: 'compute-nan',
  lane: 'compute-lane',
  hot: 'compute-hot',
  'now-and-then': 'compute-wrong',
};

/** What the compute test says of the card. Pure. */
export function judgeCompute(
  observed: ComputeObserved,
  policy: Pick<Policy, 'compute'>,
  software: boolean,
): CheckOutcome {
  const { report, bursts, errors, slices } = observed;
  const { leastBursts, hotLevel } = policy.compute;
  const asked = report.jobs.filter(({ skipped }) => skipped === null);
  const sum = (of: 'wrong' | 'nans' | 'words' | 'operations' | 'executions') =>
    asked.reduce((total, job) => total + job[of], 0);
  const bad = bursts.filter(({ wrong }) => wrong > 0);
  const finding = classifyComputeErrors(bursts, errors, hotLevel);
  const short = asked.filter(({ id }) => bursts.filter(({ job }) => job === id).length < leastBursts);
  const reasons: CheckOutcome['reasons'] = [];
  if (finding !== null) reasons.push({ code: CODES[finding], detail: wrongWords(observed) });
  if (short.length > 0) {
    const detail = `under ${leastBursts} submissions of ${short.map(({ id }) => id).join(', ')}`;
    reasons.push({ code: 'no-time', detail });
  }
  const status = finding !== null ? 'fail' : short.length > 0 ? 'inconclusive' : 'pass';
  if (software && reasons.length === 0) reasons.push({ code: 'rehearsal', detail: '' });
  const degrees = slices.flatMap(({ celsius }) => celsius ?? []);
  return {
    status,
    reasons,
    figures: {
      ...{ words: sum('words'), operations: sum('operations'), executions: sum('executions') },
      ...{ errors: sum('wrong'), nans: sum('nans'), wrongSubmissions: bad.length, submissions: bursts.length },
      firstErrorS: bad[0] ? bad[0].atMs / 1000 : null,
      firstErrorC: errors[0]?.celsius ?? null,
      hottestC: degrees.length > 0 ? Math.max(...degrees) : null,
      /** Submissions with an error per 10¹⁵ operations, at 95 %. */
      upperBoundPerPeta:
        sum('operations') > 0 ? poissonUpperLimit(bad.length, CONFIDENCE) / (sum('operations') / 1e15) : null,
      skipped: report.jobs.length - asked.length,
      seconds: report.elapsedMs / 1000,
    },
    evidence: { finding, rehearsal: report.rehearsal, jobs: report.jobs, errors, slices: thinned(slices) },
  };
}

function wrongWords({ bursts, errors, report }: ComputeObserved): string {
  const before = bursts.findIndex(({ wrong }) => wrong > 0);
  const bad = report.jobs.filter(({ wrong }) => wrong > 0);
  const wrong = bad.reduce((sum, job) => sum + job.wrong, 0);
  const nans = bad.reduce((sum, job) => sum + job.nans, 0);
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  const [error] = errors;
  const heat = typeof error?.celsius === 'number' ? ` at ${error.celsius} °C` : '';
  const which = error ? `; ${error.job}[${error.index}]: expected ${hex(error.expected)}, got ${hex(error.got)}` : '';
  const seconds = ((bursts[before]?.atMs ?? 0) / 1000).toFixed(1);
  const what = `${wrong} wrong words${nans > 0 ? `, ${nans} of them NaN,` : ''} in ${bad.map(({ id }) => id).join(', ')}`;
  return `${what}; first after ${seconds} s${heat} and ${before} right submissions${which}`;
}

/** Neighbours joined until few enough are left. */
function thinned(slices: readonly Slice[]): Slice[] {
  const each = Math.max(1, Math.ceil(slices.length / KEPT_SLICES));
  return Array.from({ length: Math.ceil(slices.length / each) }, (_, i) => {
    const part = slices.slice(i * each, (i + 1) * each);
    const { atMs, celsius } = part.at(-1) as Slice;
    const total = (of: 'bursts' | 'wrong') => part.reduce((sum, slice) => sum + slice[of], 0);
    return { atMs, bursts: total('bursts'), wrong: total('wrong'), celsius };
  });
}
