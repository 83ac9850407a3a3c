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
  'memory-stuck': 'Words stay wrong after they are rewritten: cells or data lines are stuck.',
  'memory-stored': 'Words were wrong until they were rewritten: memory does not keep what it is given.',
  'memory-transfer': 'Words were wrong when read and right when read again: the way from memory is at fault.',
  'memory-retention': 'Words were right at first and wrong after a pause: cells lose their charge.',
  'memory-address': 'Values lie where others belong: an address line is at fault.',
  'memory-size': 'Memory begins anew before its end: there is less of it than the card says.',
  'memory-host': 'Part of it is far slower than the rest, as the host’s memory is: it does not count as tested.',
  'memory-coverage': 'Too little of the card’s memory could be tested: end what else uses the card, and try again.',
  'memory-size-unknown': 'Nobody tells how much memory the card has, so how much of it was tested cannot be said.',
  'memory-refused': 'The card gives no memory.',
  'memory-blind': 'The test did not see errors that it had planted itself, so it proves nothing here.',
  'check-failed': 'The check itself failed: this is a defect of this program, or of the driver.',
  'not-built': 'This version does not make this check yet.',
} as const;
/** What a code means; an unknown one, of a later version, stands for itself. */
export const checkSentence = (code: string): string =>
  Object.hasOwn(checkReasons, code) ? checkReasons[code as CheckReasonCode] : code;

export type CheckReasonCode = keyof typeof checkReasons;
