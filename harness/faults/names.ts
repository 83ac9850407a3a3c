import { unknownName } from '../suggest.js';

/**
 * Every fault that can be rehearsed, as a user types it: `--rehearse stuck-bit`. A fault acts below the check that
 * should find it, so that the check runs as it always does; the seed chooses place and moment.
 */
export const FAULTS = {
  'stuck-bit': 'One bit of memory always reads 0, or always 1, whatever is written.',
  'intermittent-flip': 'Now and then a bit of memory flips and stays so until it is written again.',
  'address-line': 'An address line is stuck: two places of memory are one.',
  'faked-size': 'Memory ends before it says so: beyond the end it begins anew.',
  'retention-loss': 'Weak cells lose their charge when memory is left alone for a while.',
  'transfer-error': 'Now and then a bit is wrong on its way from memory, which itself is sound.',
  'host-memory': 'Part of what is said to be the card’s memory is the host’s, and slow.',
  'wrong-lane': 'One lane of every workgroup gives a wrong result.',
  'nan-lane': 'One lane of every workgroup gives NaN.',
  'hot-compute-error': 'Once warm, a result is wrong now and then.',
  'slow-decay': 'The rate sinks steadily under load.',
  'sudden-throttle': 'From one moment to the next the rate is a fraction of what it was.',
  'link-drop': 'The link to the host falls back to fewer lanes or an older generation.',
  'hung-dispatch': 'A dispatch never ends.',
  'device-lost': 'The driver takes the device away.',
  'worker-killed': 'The process that owns the card is killed.',
  'telemetry-vanishes': 'Readings of temperature, power and clocks stop coming.',
  'telemetry-constant': 'Readings never change, whatever the card does.',
} as const;
export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** Those that the memory test must find. */
export const MEMORY_FAULTS = [
  'stuck-bit',
  'intermittent-flip',
  'address-line',
  'faked-size',
  'retention-loss',
  'transfer-error',
  'host-memory',
] as const satisfies readonly FaultName[];
export type MemoryFaultName = (typeof MEMORY_FAULTS)[number];

/** @throws {InputError} that suggests the near one */
export function faultNamed(name: string): FaultName {
  if (Object.hasOwn(FAULTS, name)) return name as FaultName;
  throw unknownName('fault', name, FAULT_NAMES);
}

export const isMemoryFault = (name: FaultName): name is MemoryFaultName =>
  (MEMORY_FAULTS as readonly FaultName[]).includes(name);
