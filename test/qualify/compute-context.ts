import { DEFAULT_POLICY } from '../../bench/qualify/policy.js';
import type { CheckContext } from '../../bench/qualify/step.js';
import type { Card } from '../../harness/card.js';

/** What a check is given, for a check that is run by itself on a software adapter. */
export function contextFor(card: Card, changes: Partial<CheckContext> = {}): CheckContext {
  return {
    card,
    facts: {} as CheckContext['facts'],
    telemetry: [],
    readTelemetry: async () => null,
    policy: DEFAULT_POLICY,
    ...{ level: 'quick', rehearsal: true, budgetMs: 1000, seed: 1, fault: null, earlier: [] },
    signal: new AbortController().signal,
    now: () => performance.now(),
    progress: () => undefined,
    ...changes,
  };
}
