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
  'compute-wrong':
    'Results were wrong now and then: the card must not be used. Try lower clocks, or more voltage, to see whether it is their fault.',
  'compute-lane': 'The same lane of workgroups was wrong each time: a broken part of the chip.',
  'compute-nan': 'Results were not numbers.',
  'compute-hot': 'Results were right at first and wrong later, under load: look at cooling, clocks and power supply.',
  'compute-refused': 'The card gave no memory for the test.',
  'compute-blind': 'The card’s own comparison missed errors that were planted for it.',
  'restricted-fma': 'Multiply-add in f32 is held back far below multiplication and addition.',
  'restricted-f32': 'All f32 arithmetic is held back far below integer arithmetic.',
  'restricted-dot4': 'The dot product of int8 is held back.',
  'restricted-matrix': 'The matrix units are held back.',
  'restricted-link': 'The link is as slow as that of a card made for mining, or of a riser.',
  'signature-unmeasured': 'Too little could be measured to tell a restricted card.',
  'not-built': 'This version does not make this check yet.',
} as const;
export type CheckReasonCode = keyof typeof checkReasons;
