import { edgeOf, judgeSteady, type SteadyVerdict } from '../../../reports/load/steady.js';
import { judgeTold } from '../../../reports/load/told.js';
import { type LoadFinding, type LoadWindowRecord, percent } from '../../../reports/load/window.js';
import { median } from '../../../reports/statistics/index.js';
import type { LoadPolicy } from '../load-policy.js';
import type { CheckContext, CheckOutcome, CheckStep } from '../step.js';
import { type LoadRun, runLoad } from './load-run.js';
import { type Held, holdFirst, releaseAll } from './prepared.js';

/** Arithmetic (on matrix units where there are any), memory, and integers; the first part that runs of each. */
const PARTS = {
  card: [
    ['matmul/f16/m2048-n2048-k2048', 'matmul/f32/m2048-n2048-k2048'],
    ['copy/n268435456 > copy/n33554432'],
    ['sha256d-scan/n16777216'],
  ],
  rehearsal: [['matmul/f32/m128-n128-k128'], ['copy/n1048576'], ['sha256d-scan/n4096']],
};
/** A shorter load says nothing: the windows that the verdict wants, and some. */
const LEAST_WINDOWS = 40;
const PREPARE_BUDGET_MS = 10_000;

export const loadStep: CheckStep = {
  id: 'load',
  title: 'Load',
  about: 'Whether the card holds its speed, warm and under changing load, and what it says of itself meanwhile.',
  async run(context) {
    const { card, seed, rehearsal, budgetMs, now, progress } = context;
    const policy = policyFor(context);
    const began = now();
    progress(0, 'preparing what loads the card');
    const held: Held[] = [];
    const refused: string[] = [];
    try {
      for (const entries of PARTS[rehearsal ? 'rehearsal' : 'card'])
        for (const entry of entries) {
          const options = { handle: held.length + 1, seed, budgetMs: PREPARE_BUDGET_MS, rotationBytes: 0 };
          const part = await holdFirst(card, entry, options);
          if ('handle' in part) {
            held.push(part);
            break;
          }
          if (part.refused.status === 'failed')
            return ended('fail', 'wrong-under-load', `before any load: ${part.refused.reasons.map((r) => r.detail)}`);
          refused.push(`${entry}: ${part.refused.reasons.map(({ detail }) => detail).join('; ')}`);
        }
      if (held.length === 0) return ended('inconclusive', 'no-load', refused.join('; '));
      const leastMs = LEAST_WINDOWS * policy.windowMs;
      if (budgetMs < leastMs)
        return ended('inconclusive', 'no-time', `${budgetMs.toFixed(0)} ms were given, ${leastMs} are needed`);
      // A slow preparation makes the check longer, not worse.
      const loadMs = Math.max(leastMs, budgetMs - (now() - began));
      return judged(context, policy, await runLoad(context, held, loadMs, policy), refused);
    } finally {
      await releaseAll(card, held);
    }
  },
};

function policyFor({ policy: { load }, rehearsal }: CheckContext): LoadPolicy {
  return rehearsal ? { ...load, ...load.rehearsal } : load;
}

function judged(context: CheckContext, policy: LoadPolicy, run: LoadRun, refused: readonly string[]): CheckOutcome {
  const { facts, signal, rehearsal } = context;
  const of = (phase: LoadWindowRecord['phase']) => run.windows.filter((window) => window.phase === phase);
  const [steady, pulses] = [of('steady'), of('pulsed')];
  const windowsPerMinute = 60_000 / policy.windowMs;
  const verdict = judgeSteady(steady, policy, {
    ...{ windows: policy.plateauWindows, windowsPerMinute },
    ...{ ratePercentPerMinute: policy.ratePercentPerMinute, celsiusPerMinute: policy.celsiusPerMinute },
  });
  const pulsed = pulsedShare(steady.slice(verdict.warmup), pulses);
  const findings: LoadFinding[] = [...verdict.findings];
  const slow = findings.some(({ status }) => status === 'fail');
  if (!slow && pulsed !== null && pulsed < policy.leastPulsed)
    findings.push({
      ...{ status: 'warn', code: 'pulsed-slow' },
      detail: `between rests it does ${percent(pulsed)} of the steady rate, less than ${percent(policy.leastPulsed, 0)}`,
    });
  const { powerLimitWatts, powerDefaultLimitWatts } = facts;
  const told = judgeTold({ ...run, windows: steady, powerLimitWatts, powerDefaultLimitWatts, slow }, policy);
  findings.push(...told.findings);
  const reasons: CheckOutcome['reasons'] = findings.map(({ code, detail }) => ({ code, detail }));
  let status = worst(findings);
  if (run.wrong.length > 0) {
    status = 'fail';
    reasons.unshift({ code: 'wrong-under-load', detail: run.wrong.join('; ') });
  }
  if (signal.aborted) {
    if (status !== 'fail') status = 'inconclusive';
    reasons.unshift({ code: 'interrupted', detail: `after ${run.windows.length} windows` });
  }
  if (run.loaded.length === 0 && !rehearsal) {
    if (status === 'pass') status = 'warn';
    reasons.push({ code: 'no-telemetry', detail: 'the rate alone was judged' });
  }
  if (rehearsal && reasons.length === 0) reasons.push({ code: 'rehearsal', detail: '' });
  return {
    ...{ status, reasons },
    figures: { ...verdict.figures, pulsedShare: pulsed, discardedCycles: run.discarded, ...told.figures },
    evidence: evidenceOf(run, verdict, refused),
  };
}

/** The median rate between rests, of the steady one after warm-up. The first pulses may wake the card. */
function pulsedShare(steady: readonly LoadWindowRecord[], pulses: readonly LoadWindowRecord[]): number | null {
  const rates = (windows: readonly LoadWindowRecord[]) => windows.map(({ rate }) => rate);
  if (steady.length < 3 || pulses.length < 4) return null;
  return median(rates(pulses.slice(1))) / median(rates(steady.slice(-pulses.length)));
}

/** An answer that is none outweighs a warning, and a fault both. */
function worst(findings: readonly LoadFinding[]): CheckOutcome['status'] {
  const order = ['fail', 'inconclusive', 'warn'] as const;
  return order.find((status) => findings.some((finding) => finding.status === status)) ?? 'pass';
}

/** The curve, by columns; rates as shares of the best. */
function evidenceOf({ windows, parts, rehearsal, rest }: LoadRun, verdict: SteadyVerdict, refused: readonly string[]) {
  const best = Math.max(...windows.map(({ rate }) => rate));
  const told = <T>(of: (reading: NonNullable<LoadWindowRecord['reading']>) => T) =>
    windows.map(({ reading }) => (reading ? of(reading) : null));
  return {
    ...{ parts, refused, rehearsal, restReadings: rest.length },
    ...{ course: verdict.course, warmupWindows: verdict.warmup, plateau: verdict.plateau },
    curve: {
      phase: windows.map(({ phase }) => phase),
      tMs: windows.map(({ tMs }) => Math.round(tMs)),
      rate: windows.map(({ rate }) => Number((rate / best).toFixed(4))),
      edgeC: windows.map(edgeOf),
      hotspotC: told((r) => r.temperatureC.hotspot),
      memoryC: told((r) => r.temperatureC.memory),
      powerWatts: told((r) => r.powerWatts),
      graphicsMHz: told((r) => r.clocksMHz.graphics),
      memoryMHz: told((r) => r.clocksMHz.memory),
      throttleReasons: told((r) => r.throttleReasons),
    },
  };
}

const ended = (
  status: CheckOutcome['status'],
  code: CheckOutcome['reasons'][number]['code'],
  detail: string,
): CheckOutcome => ({ status, reasons: [{ code, detail }], figures: {} });
