import type { ProbeResult } from '../../harness/environment/probe.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';
import { installMesa } from './remedies.js';

/** Dawn itself did not load, which is told once and not for every adapter. */
export const isLoadFailure = (result: ProbeResult) => result.status === 'failed' && result.code === 'not-loaded';

const notable: readonly [feature: string, words: string][] = [
  ['shader-f16', 'f16'],
  ['subgroups', 'subgroups'],
  ['chromium-experimental-subgroup-matrix', 'subgroup matrices'],
  ['timestamp-query', 'timestamps'],
];

/** The features that matter here, in words: what there is and what there is not. */
export function featureWords(features: readonly string[]): string {
  const has = notable.filter(([feature]) => features.includes(feature)).map(([, words]) => words);
  const lacks = notable.filter(([feature]) => !features.includes(feature)).map(([, words]) => words);
  return [has.join(', '), lacks.length > 0 ? `no ${lacks.join(', no ')}` : ''].filter((part) => part !== '').join('; ');
}

/** What drivers said while they were loaded, without Dawn's usual remarks. */
function complaint(log: string): string {
  const lines = log
    .split('\n')
    .filter((line) => /^(Warning|Error): /.test(line) && !line.includes('artificially reduced'));
  return [...new Set(lines.map((line) => line.replace(/^(Warning|Error): /, '')))].slice(0, 3).join('; ');
}

/** What the probes found, or why they found nothing. */
export function probeFindings({ report, distribution }: Facts): Finding[] {
  const findings: Finding[] = [];
  for (const { candidate, result } of report.probed) {
    const base = { id: 'adapter', title: 'Adapter' };
    if (result.status === 'failed' && !isLoadFailure(result)) {
      const detail = `${candidate.description}: the probe ${result.code === 'hung' ? 'hung' : 'failed'} (${result.message})`;
      const sound = report.drivers.filter(
        (driver) => driver.result.status === 'ok' && driver.result.adapters.length > 0,
      );
      const remedy =
        candidate.id === 'system' && sound.length > 0
          ? [`export VK_DRIVER_FILES=${sound.map(({ manifest }) => manifest.file).join(':')}`]
          : [];
      findings.push({ ...base, status: 'warn', detail, remedy });
    }
    if (result.status === 'ok' && result.adapters.length === 0) {
      const said = complaint(result.log);
      const detail = `${candidate.description} offers no adapter${said === '' ? '' : ` (${said})`}`;
      findings.push({
        ...base,
        status: 'warn',
        detail,
        remedy: candidate.id === 'system' ? installMesa(distribution) : [],
      });
    }
  }
  for (const adapter of report.adapters) {
    const kind = adapter.software ? 'software' : 'hardware';
    const detail = `${adapter.name}: ${kind}; ${featureWords(adapter.features)}${adapter.isDefault ? '; the default' : ''}`;
    findings.push({ id: 'adapter', title: 'Adapter', status: 'ok', detail, remedy: [] });
  }
  if (report.hidden.length > 0) {
    const detail = `${report.hidden.join(', ')}: further cards whose names do not set them apart; give each process one card, e.g. by MESA_VK_DEVICE_SELECT or DRI_PRIME`;
    findings.push({ id: 'adapter', title: 'Adapter', status: 'warn', detail, remedy: [] });
  }
  return findings;
}
