import { computeStep } from './checks/compute.js';
import { healthStep } from './checks/health.js';
import { identityStep } from './checks/identity.js';
import { linkStep } from './checks/link.js';
import { loadStep } from './checks/load.js';
import { memoryStep } from './checks/memory.js';
import { performanceStep } from './checks/performance.js';
import { signatureStep } from './checks/signature.js';
import { telemetryStep } from './checks/telemetry.js';
import type { CheckStep } from './step.js';

/** All checks in the order in which they are made. */
export const STEPS: readonly CheckStep[] = [
  identityStep,
  memoryStep,
  computeStep,
  signatureStep,
  loadStep,
  linkStep,
  healthStep,
  performanceStep,
  telemetryStep,
];
