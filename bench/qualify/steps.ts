import { healthStep } from './checks/health.js';
import { identityStep } from './checks/identity.js';
import { linkStep } from './checks/link.js';
import { loadStep } from './checks/load.js';
import { memoryStep } from './checks/memory.js';
import { performanceStep } from './checks/performance.js';
import { telemetryStep } from './checks/telemetry.js';
import type { CheckId, CheckStep } from './step.js';

/** All checks in the order in which they are made. One that is built is one line here. */
export const STEPS: readonly CheckStep[] = [
  identityStep,
  memoryStep,
  notBuilt('compute', 'Does it compute right, cold and hot?'),
  notBuilt('signature', 'Are its units held back?'),
  loadStep,
  linkStep,
  healthStep,
  performanceStep,
  telemetryStep,
];

function notBuilt(id: CheckId, about: string): CheckStep {
  return {
    ...{ id, title: id, about, cardless: true },
    run: async () => ({ status: 'skipped', reasons: [{ code: 'not-built', detail: '' }], figures: {} }),
  };
}
