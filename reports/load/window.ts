import { heldBackBy, type TelemetrySample, type ThrottleReason } from '../telemetry.js';

/** One window of load, and what the card said at its beginning. What is not told is null. */
export interface LoadWindowRecord {
  readonly phase: 'steady' | 'pulsed';
  /** Milliseconds since the load began. */
  readonly tMs: number;
  /** How often the same work was done per second of the card's time. */
  readonly rate: number;
  readonly reading: Pick<
    TelemetrySample,
    'powerWatts' | 'temperatureC' | 'clocksMHz' | 'fan' | 'throttleReasons'
  > | null;
}

export interface LoadFinding {
  readonly status: 'warn' | 'fail' | 'inconclusive';
  readonly code:
    | 'rate-decays'
    | 'sudden-drop'
    | 'rate-unsteady'
    | 'rate-noisy'
    | 'pulsed-slow'
    | 'no-plateau'
    | 'throttled-thermal'
    | 'throttled-power'
    | 'power-limit-left'
    | 'hotspot-delta'
    | 'fan-stopped'
    | 'telemetry-constant'
    | 'telemetry-lost'
    | 'no-time';
  readonly detail: string;
}

export const THERMAL: readonly ThrottleReason[] = ['thermal-software', 'thermal-hardware'];
/** Hardware that steps in has no choice. */
export const FORCED: readonly ThrottleReason[] = ['thermal-hardware', 'hardware-slowdown'];
export const POWER: readonly ThrottleReason[] = ['power-cap', 'current-limit', 'power-brake'];

/** What held the card back in these windows: of those in which it told, the share of each reason, greatest first. */
export function heldBack(windows: readonly LoadWindowRecord[]): { reason: ThrottleReason; share: number }[] {
  const told = windows.flatMap(({ reading }) => reading?.throttleReasons ?? null).filter((one) => one !== null);
  const readings = windows.filter(({ reading }) => reading?.throttleReasons).length;
  return heldBackBy
    .map((reason) => ({ reason, share: told.filter((one) => one === reason).length / Math.max(1, readings) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
