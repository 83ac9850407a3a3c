import type { CardTraits } from '../cards/index.js';
import type { TelemetrySample } from '../telemetry.js';
import { CARD_XIDS, type DriverReport, wordsOf } from './driver-log.js';
import { type Finding, finding, type Judged } from './finding.js';
import type { HealthPolicy } from './policy.js';

export interface HealthFacts {
  /** The qualification's first reading; null without telemetry. */
  readonly before: TelemetrySample | null;
  /** One at its end; null when telemetry is lost. */
  readonly after: TelemetrySample | null;
  /** All readings between them, for extremes. */
  readonly readings: readonly TelemetrySample[];
  readonly eccEnabled: boolean | null;
  /** Of the model, where it is known. */
  readonly traits: CardTraits | null;
  /** The driver's reports on this card, or why they are not known. */
  readonly log: { readonly reports: readonly DriverReport[] } | { readonly error: string; readonly remedy: string };
  /** Seconds since the machine started at which the qualification did. */
  readonly startS: number;
}

/** What a counter has grown by; null when either reading lacks it. */
const growth = (before: number | null | undefined, after: number | null | undefined) =>
  before == null || after == null ? null : after - before;

const most = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
};

/** Bad states that the card tells, and what became worse while it was qualified. */
export function judgeHealth(facts: HealthFacts, policy: HealthPolicy): Judged {
  const { before, readings } = facts;
  const all = [...(before ? [before] : []), ...readings, ...(facts.after ? [facts.after] : [])];
  // Lost telemetry leaves the last reading that told anything: states of then are states still.
  const last = facts.after ?? readings.findLast(tellsAnything) ?? before;
  const grown = {
    eccCorrected: growth(before?.ecc.corrected, last?.ecc.corrected),
    eccUncorrected: growth(before?.ecc.uncorrected, last?.ecc.uncorrected),
    rowsRemapped: growth(before?.remappedRows.uncorrected, last?.remappedRows.uncorrected),
    pcieCorrectable: growth(before?.pcie.correctable, last?.pcie.correctable),
    pcieUncorrectable: growth(before?.pcie.uncorrectable, last?.pcie.uncorrectable),
    pcieReplays: growth(before?.pcie.replays, last?.pcie.replays),
  };
  const temperatures = (where: 'edge' | 'hotspot' | 'memory') => most(all.map((s) => s.temperatureC[where]));
  const figures = {
    ...grown,
    eccUncorrectedLifetime: last?.ecc.uncorrectedLifetime ?? null,
    rowsRemappedEver: last?.remappedRows.uncorrected ?? null,
    ...{ edgeMaxC: temperatures('edge'), hotspotMaxC: temperatures('hotspot') },
    ...{ memoryMaxC: temperatures('memory'), hotspotDeltaMaxC: most(all.map(hotspotDelta)) },
    fanMaxPercent: most(all.map(({ fan }) => fan.percent)),
    driverReports: 'reports' in facts.log ? facts.log.reports.length : null,
  };
  const findings = [
    ...(before === null ? [finding('inconclusive', 'no-telemetry', unasked(facts))] : []),
    ...(before !== null && facts.after === null
      ? [finding('inconclusive', 'telemetry-lost', 'there is no reading at the end')]
      : []),
    ...eccFindings(facts, last, grown, policy),
    ...rowFindings(last, grown.rowsRemapped, policy),
    ...busFindings(grown, policy),
    ...heatFindings(figures, policy),
    ...fanFindings(all, policy),
    ...logFindings(facts),
  ];
  return { findings, figures, evidence: { before, after: facts.after, log: facts.log } };
}

const unasked = ({ after }: HealthFacts) =>
  after === null ? 'counters and temperatures are not told' : 'there is no reading from the start to compare with';

/** A source that fell silent leaves readings of nulls. */
export function tellsAnything({ tMs: _, source: __, ...figures }: TelemetrySample): boolean {
  const tells = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.values(value).some(tells)
      : value !== null;
  return tells(figures);
}

function hotspotDelta({ temperatureC: { edge, hotspot } }: TelemetrySample): number | null {
  return edge === null || hotspot === null ? null : hotspot - edge;
}

type Grown = Readonly<
  Record<'eccCorrected' | 'eccUncorrected' | 'pcieCorrectable' | 'pcieUncorrectable', number | null>
> &
  Readonly<Record<string, number | null>>;

function eccFindings(
  { eccEnabled, traits }: HealthFacts,
  last: TelemetrySample | null,
  { eccCorrected, eccUncorrected }: Grown,
  policy: HealthPolicy,
): Finding[] {
  const findings: Finding[] = [];
  const { uncorrected, uncorrectedLifetime } = last?.ecc ?? { uncorrected: null, uncorrectedLifetime: null };
  if (eccEnabled === false && traits?.eccByDefault) findings.push(finding('warn', 'health-ecc-off', 'by its driver'));
  if (eccUncorrected !== null && eccUncorrected > 0)
    findings.push(finding('fail', 'health-ecc-uncorrected', `${eccUncorrected} while the qualification ran`));
  else if (uncorrected !== null && uncorrected > policy.eccUncorrected)
    findings.push(finding('fail', 'health-ecc-uncorrected', `${uncorrected} since the driver was loaded`));
  else if (uncorrectedLifetime !== null && uncorrectedLifetime > policy.eccUncorrectedLifetime)
    findings.push(finding('warn', 'health-ecc-uncorrected', `${uncorrectedLifetime} in the card’s life`));
  if (eccCorrected !== null && eccCorrected > policy.eccCorrectedDuring)
    findings.push(
      finding('warn', 'health-ecc-corrected', `${eccCorrected}, and ${policy.eccCorrectedDuring} are let pass`),
    );
  return findings;
}

function rowFindings(last: TelemetrySample | null, grown: number | null, policy: HealthPolicy): Finding[] {
  const rows = last?.remappedRows;
  if (!rows) return [];
  const findings: Finding[] = [];
  if (rows.failed) findings.push(finding('fail', 'health-remap-failed', 'by its driver'));
  if (rows.pending) findings.push(finding('warn', 'health-remap-pending', 'by its driver'));
  if (grown !== null && grown > 0)
    findings.push(finding('fail', 'health-rows-remapped', `${grown} while the qualification ran`));
  else if (rows.uncorrected !== null && rows.uncorrected > policy.rowsRemapped)
    findings.push(finding('warn', 'health-rows-remapped', `${rows.uncorrected} in the card’s life`));
  return findings;
}

function busFindings(grown: Grown, policy: HealthPolicy): Finding[] {
  const findings: Finding[] = [];
  const { pcieCorrectable, pcieUncorrectable } = grown;
  if (pcieUncorrectable !== null && pcieUncorrectable > 0)
    findings.push(finding('fail', 'health-pcie-uncorrectable', `${pcieUncorrectable} while the qualification ran`));
  if (pcieCorrectable !== null && pcieCorrectable > policy.pcieCorrectableDuring)
    findings.push(
      finding(
        'warn',
        'health-pcie-correctable',
        `${pcieCorrectable}, and ${policy.pcieCorrectableDuring} are let pass`,
      ),
    );
  const restarted = Object.entries(grown).filter(([, count]) => count !== null && count < 0);
  if (restarted.length > 0)
    findings.push(finding('inconclusive', 'health-counters-restarted', restarted.map(([name]) => name).join(', ')));
  return findings;
}

function heatFindings(
  figures: Readonly<Record<'edgeMaxC' | 'hotspotMaxC' | 'memoryMaxC' | 'hotspotDeltaMaxC', number | null>>,
  policy: HealthPolicy,
): Finding[] {
  const limits = [
    ['edge', figures.edgeMaxC, policy.edgeC],
    ['hottest point', figures.hotspotMaxC, policy.hotspotC],
    ['memory', figures.memoryMaxC, policy.memoryC],
  ] as const;
  const hot = limits.flatMap(([where, value, limit]) =>
    value !== null && value > limit ? [finding('warn', 'health-hot', `${where} ${value} °C, above ${limit} °C`)] : [],
  );
  const delta = figures.hotspotDeltaMaxC;
  if (delta === null || delta <= policy.hotspotDeltaC) return hot;
  return [
    ...hot,
    finding('warn', 'health-hotspot', `${delta} °C above the edge, and ${policy.hotspotDeltaC} °C are let pass`),
  ];
}

/** Cards without fans tell none; where fans are told in both ways, it is the turning that counts. */
function fanFindings(all: readonly TelemetrySample[], { fanNeededC, fanStillReadings }: HealthPolicy): Finding[] {
  const hot = all.filter(({ temperatureC: { edge } }) => edge !== null && edge >= fanNeededC);
  const still = hot.filter(({ fan }) => (fan.rpm ?? fan.percent) === 0);
  if (still.length < fanStillReadings) return [];
  return [
    finding('warn', 'health-fan-still', `in ${still.length} of ${hot.length} readings at ${fanNeededC} °C or more`),
  ];
}

/** A driver stamps its lines by a clock that can be off from ours by this. */
const STAMP_SLACK_S = 2;

function logFindings({ log, startS }: HealthFacts): Finding[] {
  if ('error' in log) return [finding('note', 'health-log-unreadable', `${log.error}; ${log.remedy}`)];
  const during = log.reports.filter(({ atS }) => atS !== null && atS >= startS - STAMP_SLACK_S);
  const earlier = log.reports.filter((report) => !during.includes(report));
  const ofCard = ({ xid }: DriverReport) => xid === null || xid in CARD_XIDS;
  return [
    // A program's mistake is reported too: while only this program ran, it is the card's or ours.
    ...counted(during.filter(ofCard), 'fail', 'health-driver-error'),
    ...counted(
      during.filter((report) => !ofCard(report)),
      'warn',
      'health-driver-error',
    ),
    ...counted(earlier.filter(ofCard), 'warn', 'health-driver-error-earlier'),
  ];
}

function counted(reports: readonly DriverReport[], weight: Finding['weight'], code: Finding['code']): Finding[] {
  const counts = new Map<string, number>();
  for (const report of reports) counts.set(wordsOf(report), (counts.get(wordsOf(report)) ?? 0) + 1);
  return [...counts].map(([words, count]) => finding(weight, code, count > 1 ? `${words} (${count} times)` : words));
}
