import type { Facts } from './facts.js';
import type { Finding } from './finding.js';
import { installNvidiaTelemetry } from './remedies.js';
import { telemetryWords } from './telemetry.js';

/** Telemetry of each hardware adapter. Without it a card can be measured, and throttling cannot be told. */
export function telemetryFindings({ telemetry, distribution, nvidiaDriver, container }: Facts): Finding[] {
  return telemetry.map((standing) => {
    const { adapter, source, problems } = standing;
    const installed = problems.some(({ code }) => code === 'library-missing') && source === null && nvidiaDriver;
    const remedies = [
      ...problems.flatMap(({ remedy }) => remedy ?? []),
      ...(installed ? installNvidiaTelemetry(distribution, nvidiaDriver, container) : []),
    ];
    const gaps = source === null ? [] : problems.map(({ detail }) => detail);
    return {
      id: 'telemetry',
      title: 'Telemetry',
      status: source !== null && gaps.length === 0 ? 'ok' : 'warn',
      detail: [`${adapter}: ${telemetryWords(standing)}`, ...gaps].join('; '),
      remedy: remedies,
    };
  });
}
