import { DEFAULT_POLICY } from '../../bench/qualify/policy.js';
import type { CheckContext } from '../../bench/qualify/step.js';
import type { Card } from '../../harness/card.js';
import type { FaultName } from '../../harness/faults/names.js';
import { noFacts } from '../../harness/telemetry/types.js';

/** What a check is given; without telemetry unless a test adds some. */
export function checkContext(
  card: Card,
  more: Partial<CheckContext> & { fault?: FaultName | null } = {},
): CheckContext {
  return {
    ...{ card, facts: noFacts, telemetry: [], readTelemetry: async () => null, policy: DEFAULT_POLICY },
    ...{ level: 'quick', rehearsal: card.device.software, budgetMs: 15_000, seed: 1, fault: null, earlier: [] },
    ...{ signal: new AbortController().signal, now: () => performance.now(), progress: () => {} },
    ...more,
  };
}
