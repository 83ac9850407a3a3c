import { memoryStep } from './checks/memory.js';
import { telemetryStep } from './checks/telemetry.js';
import type { CheckId, CheckStep } from './step.js';

/** All checks in the order in which they are made. One that is built is one line here. */
export const STEPS: readonly CheckStep[] = [
  notBuilt('identity', 'Is it the card that it says?'),
  memoryStep,
  notBuilt('compute', 'Does it compute right, cold and hot?'),
  notBuilt('signature', 'Are its units held back?'),
  notBuilt('load', 'Does it hold its speed?'),
  notBuilt('link', 'Does its slot carry what it should?'),
  notBuilt('health', 'What do its counters say?'),
  notBuilt('performance', 'Is it as fast as its model?'),
  telemetryStep,
];

function notBuilt(id: CheckId, about: string): CheckStep {
  return {
    ...{ id, title: id, about, cardless: true },
    run: async () => ({ status: 'skipped', reasons: [{ code: 'not-built', detail: '' }], figures: {} }),
  };
}
