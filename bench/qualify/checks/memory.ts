import { isMemoryFault } from '../../../harness/faults/names.js';
import type { MemoryReport } from '../../../harness/memory-test/report.js';
import type { MemoryState } from '../../../harness/protocol.js';
import type { CheckReasonCode } from '../../../reports/check-codes.js';
import { formatBytes as bytesText, formatSi } from '../../../reports/units.js';
import type { Policy } from '../policy.js';
import type { CheckContext, CheckOutcome, CheckStep } from '../step.js';

/** Milliseconds between two answers; shorter ones where the whole test is short. */
const STEP_MS = 1000;
/** A pause of the retention passes in a rehearsal: a program's memory loses nothing. */
const REHEARSAL_HOLD_MS = 100;
/** Errors that the result keeps, of those that the test lists. */
const KEPT_ERRORS = 256;

/** What is known of the memory besides the test's own report. */
export interface MemoryFacts {
  /** Bytes that the card has, or that a rehearsal was to take; null when nobody tells. */
  readonly totalBytes: number | null;
  readonly software: boolean;
}

export const memoryStep: CheckStep = {
  id: 'memory',
  title: 'Memory',
  about: 'Every word that the driver gives is written and read back, in eight patterns.',
  async run(context) {
    const { card, policy, level, rehearsal, seed, fault, budgetMs, signal } = context;
    const limitBytes = policy.memory.rehearsalMiB * 2 ** 20;
    const options = {
      ...{ seed, level },
      // A rehearsal is one loop, however long that takes: a busy host must not make it a matter of luck.
      ...(rehearsal ? { limitBytes, loops: 1, holdMs: Math.min(REHEARSAL_HOLD_MS, budgetMs / 50) } : { budgetMs }),
      ...(fault !== null && isMemoryFault(fault) && { fault }),
    };
    const errors: MemoryState['errors'] = [];
    let report: MemoryReport | null = null;
    try {
      for await (const state of card.memoryTest(options, Math.min(STEP_MS, budgetMs / 10))) {
        report = state.report;
        errors.push(...state.errors.slice(0, KEPT_ERRORS - errors.length));
        context.progress(shareOf(state, budgetMs), progressWords(state));
        if (signal.aborted) break;
      }
    } catch (error) {
      return refused(error as Error);
    }
    if (report === null) throw new Error('the memory test reported nothing');
    return judgeMemory(
      report,
      policy,
      { totalBytes: rehearsal ? limitBytes : totalBytesOf(context), software: rehearsal },
      errors,
    );
  },
};

const totalBytesOf = ({ facts, card }: CheckContext) => facts.vramBytes ?? card.device.vramBytes;

/** Of the budget, or of the loop where that is further. */
const shareOf = ({ report, progress }: MemoryState, budgetMs: number) =>
  Math.min(1, Math.max((report.wallSeconds * 1000) / budgetMs, report.loops === 0 ? progress.fraction : 0));

const progressWords = ({ report, progress }: MemoryState) =>
  [
    `loop ${progress.loop + 1}, ${progress.pass}`,
    report.gbPerS !== null && `${formatSi(report.gbPerS * 1e9, 'B/s')}`,
    report.errors > 0 && `${report.errors} ERRORS`,
  ]
    .filter(Boolean)
    .join(', ');

/** Errors by name: what the device refuses and what the test says of itself. Everything else is not ours to explain. */
function refused(error: Error): CheckOutcome {
  const code = ({ OutOfMemoryError: 'memory-refused', BlindTestError: 'memory-blind' } as const)[error.name];
  if (!code) throw error;
  return { status: 'inconclusive', reasons: [{ code, detail: error.message }], figures: {} };
}

/** With plain spaces, for what is stored. */
const formatBytes = (bytes: number) => bytesText(bytes).replaceAll('\u00a0', ' ');

type Found = { code: CheckReasonCode; detail: string };

/** What a memory test's report says of the card. Pure. */
export function judgeMemory(
  report: MemoryReport,
  policy: Pick<Policy, 'memory'>,
  { totalBytes, software }: MemoryFacts,
  errors: MemoryState['errors'] = [],
): CheckOutcome {
  const suspectBytes = report.chunks.reduce((sum, { suspect, bytes }) => sum + (suspect ? bytes : 0), 0);
  const coveredBytes = report.coveredBytes - suspectBytes;
  const coveredShare = totalBytes === null ? null : Math.min(1, coveredBytes / totalBytes);
  const unfinished = report.passes.filter(({ finished }) => finished === 0).map(({ name }) => name);
  const wrong = errorReason(report);
  const doubts: Found[] = [];
  const notes: Found[] = [];
  if (suspectBytes > 0) {
    const slow = report.chunks
      .filter(({ suspect }) => suspect)
      .map(({ chunk, ratio }) => `chunk ${chunk} at ${Math.round(100 * (ratio ?? 0))} % of the median rate`);
    notes.push({ code: 'memory-host', detail: `${formatBytes(suspectBytes)}: ${slow.join(', ')}` });
  }
  if (coveredShare === null)
    doubts.push({ code: 'memory-size-unknown', detail: `${formatBytes(coveredBytes)} were tested` });
  else if (coveredShare < policy.memory.leastCoverage)
    doubts.push({
      code: 'memory-coverage',
      detail: `${formatBytes(coveredBytes)} of ${formatBytes(totalBytes as number)}, ${percent(coveredShare)}; at least ${percent(policy.memory.leastCoverage)} are needed`,
    });
  if (unfinished.length > 0) doubts.push({ code: 'no-time', detail: `not finished: ${unfinished.join(', ')}` });
  const status = wrong ? 'fail' : doubts.length > 0 ? 'inconclusive' : notes.length > 0 ? 'warn' : 'pass';
  const reasons = [...(wrong ? [wrong] : []), ...notes, ...doubts];
  return {
    status,
    reasons: software && reasons.length === 0 ? [{ code: 'rehearsal', detail: '' }] : reasons,
    figures: {
      ...{ coveredBytes, totalBytes, coveredShare, suspectBytes, reserveBytes: report.reserveBytes },
      ...{
        errors: report.errors,
        loops: report.loops,
        comparedBytes: report.comparedBytes,
        movedBytes: report.movedBytes,
      },
      ...{ gbPerS: report.gbPerS, upperBoundPerTb: report.upperBoundPerTb, seconds: report.wallSeconds },
    },
    evidence: {
      ...{ endedBy: report.endedBy, rehearsal: report.rehearsal, classes: report.classes, finding: report.finding },
      ...{ bits: report.bits, displacements: report.displacements.slice(0, 16), heat: report.heat },
      ...{
        chunks: report.chunks,
        passes: report.passes,
        recorded: report.recorded,
        errors: errors.slice(0, KEPT_ERRORS),
      },
    },
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function errorReason(report: MemoryReport): Found | null {
  if (report.errors === 0) return null;
  const { finding, classes, displacements } = report;
  const counts = Object.entries(classes).filter(([, n]) => n > 0);
  const words = counts.map(([name, n]) => `${n} ${name}`).join(', ');
  const detail = `${report.errors} wrong words${words && ` (${words} of those listed)`}`;
  if (finding === 'address') {
    // A whole number of chunks away and at the same place there: memory that begins anew.
    const [most] = displacements;
    const wraps = most !== undefined && most.chunks !== 0 && most.xor === 0;
    const by =
      most === undefined
        ? ''
        : wraps
          ? `; ${most.chunks} chunks away`
          : `; word index differs by ${most.xor.toString(16)} (hex)`;
    return { code: wraps ? 'memory-size' : 'memory-address', detail: detail + by };
  }
  return { code: finding === null ? 'memory-stored' : `memory-${finding}`, detail };
}
