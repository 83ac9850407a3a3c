/** The checks of a qualification, in the order in which they are made. */
export const CHECK_IDS = [
  'identity',
  'memory',
  'compute',
  'signature',
  'load',
  'link',
  'health',
  'performance',
  'telemetry',
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** How long a qualification takes: 10 minutes, an hour, a night; on a software adapter a rehearsal of it. */
export { LEVELS, type Level } from '../../harness/memory-test/passes.js';
