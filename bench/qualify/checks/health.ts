import { type KernelLog, readKernelLog } from '../../../harness/telemetry/kernel-log.js';
import { driverReports, isOf } from '../../../reports/card-status/driver-log.js';
import { finding, outcomeOf } from '../../../reports/card-status/finding.js';
import { type HealthFacts, judgeHealth, tellsAnything } from '../../../reports/card-status/health.js';
import type { CheckContext, CheckOutcome, CheckStep } from '../step.js';
import { traitsOf } from './traits.js';

/** @param readLog where the driver's reports come from; tests give their own */
export function healthStepWith(readLog: () => Promise<KernelLog>): CheckStep {
  return {
    id: 'health',
    title: 'Health',
    about:
      'Memory and bus errors, replaced rows, the driver’s own reports, fan and heat: from the qualification’s first reading to one now.',
    async run(context: CheckContext): Promise<CheckOutcome> {
      const { card, facts, telemetry, policy, progress } = context;
      progress(0, 'reading the card’s counters');
      if (card.device.software) {
        const rehearsal = finding('note', 'rehearsal', 'a program has no counters');
        return { ...outcomeOf({ findings: [rehearsal], figures: {}, evidence: {} }), status: 'skipped' };
      }
      const readings = [...telemetry];
      const after = await context.readTelemetry();
      const log = await ownReports(await readLog(), facts.busAddress);
      const before = readings.find(tellsAnything) ?? null;
      const lastMs = Math.max(after?.tMs ?? 0, readings.at(-1)?.tMs ?? 0);
      const judged = judgeHealth(
        {
          ...{ before, after, readings, log, eccEnabled: facts.eccEnabled, traits: traitsOf(context) },
          // The kernel stamps its lines by the clock that this one reads, which stands while the machine sleeps.
          startS: Number(process.hrtime.bigint()) / 1e9 - (before ? (lastMs - before.tMs) / 1e3 : 0),
        },
        policy.health,
      );
      progress(1, 'read');
      const outcome = outcomeOf(judged);
      // Nothing at all could be asked: that is not the card's fault, and no finding.
      return before === null && after === null && 'error' in log ? { ...outcome, status: 'skipped' } : outcome;
    },
  };
}

export const healthStep = healthStepWith(readKernelLog);

async function ownReports(log: KernelLog, busAddress: string | null): Promise<HealthFacts['log']> {
  if ('error' in log) return log;
  if (busAddress === null)
    return { error: 'the card’s PCI address is not known', remedy: '`assay doctor` says what telemetry lacks' };
  return { reports: driverReports(log.text).filter((report) => isOf(report, busAddress)) };
}
