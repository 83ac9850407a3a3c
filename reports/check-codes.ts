/**
 * Why a qualification's check is not simply `pass`. Closed: every code has its sentence here, with what to do next.
 */
export const checkReasons = {
  'worker-died': 'The process that owns the card ended while the check was at it.',
  'worker-hung': 'The card did not answer in time.',
  'device-lost': 'The driver took the device away.',
  interrupted: 'The check was interrupted; `assay resume` goes on.',
  'no-time': 'There was no time for it: choose a longer level.',
  'no-telemetry': 'The card tells nothing about itself here; `assay doctor` says what is missing.',
  'telemetry-lost': 'Readings stopped while the check was at it.',
  'telemetry-constant': 'Readings do not change while the load does: they are not to be trusted.',
  rehearsal: 'A software adapter: a rehearsal, which says nothing about hardware.',
  'not-built': 'This version does not make this check yet.',
} as const;
export type CheckReasonCode = keyof typeof checkReasons;
