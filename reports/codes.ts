/** Why a measurement is not `valid`, or a note that travels with it. Closed: every code has a sentence in reasons.ts. */
export const reasonCodes = [
  'baseline-not-installed',
  'baseline-unsupported',
  'baseline-crashed',
  'external-failed',
  'not-verified',
  'silent-cpu-fallback',
  'other-adapter',
  'missing-feature',
  'exceeds-limit',
  'out-of-memory',
  'too-slow-for-adapter',
  'shader-error',
  'submission-error',
  'wrong-result',
  'writes-out-of-bounds',
  'mutates-input',
  'wrong-after-timing',
  'declaration-changed',
  'internal-error',
  'worker-died',
  'worker-hung',
  'device-lost',
  'interrupted',
  'clock-saturated',
  'too-few-rounds',
  'wide-interval',
  'drift',
  'two-modes',
  'clocks-disagree',
  'above-ceiling',
  'throttled',
  'host-clock',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** Codes that only inform: a measurement whose reasons are all notes is still `valid`. */
export const noteCodes = ['host-clock'] as const satisfies readonly ReasonCode[];

export function isNote(code: ReasonCode): boolean {
  return (noteCodes as readonly ReasonCode[]).includes(code);
}

/** Status of a measurement that has a summary, a rate and a correct output: valid when every reason is a note. */
export function statusOf(reasons: readonly { readonly code: ReasonCode }[]): 'valid' | 'unreliable' {
  return reasons.every(({ code }) => isNote(code)) ? 'valid' : 'unreliable';
}
