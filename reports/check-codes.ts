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
  'rate-decays': 'The longer the load lasts, the less the card does.',
  'sudden-drop': 'From one moment to the next the card did less, and it stayed so.',
  'rate-unsteady': 'After warm-up the worst of the load is too far below the best.',
  'rate-noisy': 'The rate scatters so much that little can be said of it: end what else uses the card or the host.',
  'pulsed-slow': 'Between rests the card does less than under steady load.',
  'no-plateau': 'Temperature or rate still moved when the time was up: choose a longer level.',
  'throttled-thermal': 'Heat holds the card back, by its own account.',
  'throttled-power': 'Power holds the card back, by its own account.',
  'power-limit-left': 'Somebody lowered the power limit and left it so: reset it, and measure again.',
  'hotspot-delta': 'The hottest place of the chip is much hotter than its edge: the cooler does not touch well.',
  'fan-stopped': 'A fan stands still though the card is hot.',
  'wrong-under-load': 'What the card computed under load is wrong.',
  'no-load': 'None of the workloads that load a card runs here.',
  'below-reference': 'The card does less than others of its model.',
  'reference-suspect':
    'The card does more than its reference says it can: the reference is wrong, or the card another.',
  'no-reference': 'There are no figures of others of this model to hold its own against.',
  'wrong-result': 'A kernel gave a wrong result, so its speed is none.',
  'not-measured': 'A figure is missing, for the reason given.',
  'not-built': 'This version does not make this check yet.',
} as const;
export type CheckReasonCode = keyof typeof checkReasons;
