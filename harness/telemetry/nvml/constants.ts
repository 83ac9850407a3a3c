import type { ThrottleReason } from '../../../reports/telemetry.js';

/**
 * Numbers of NVIDIA's management library. Source: NVML API Reference Guide (docs.nvidia.com/deploy/nvml-api), whose
 * names they have here: nvmlReturn_t, nvmlTemperatureSensors_t, nvmlClockType_t, nvmlMemoryErrorType_t,
 * nvmlEccCounterType_t, "Field Value Enums", nvmlClocksEventReasons. NVML keeps them from driver to driver.
 */
export const NVML_SUCCESS = 0;
export const NVML_ERROR_UNINITIALIZED = 1;
export const NVML_ERROR_NOT_SUPPORTED = 3;
export const NVML_ERROR_NO_PERMISSION = 4;
export const NVML_ERROR_INSUFFICIENT_SIZE = 7;
export const NVML_ERROR_DRIVER_NOT_LOADED = 9;
export const NVML_ERROR_FUNCTION_NOT_FOUND = 13;
export const NVML_ERROR_GPU_IS_LOST = 15;
export const NVML_ERROR_RESET_REQUIRED = 16;
export const NVML_ERROR_LIB_RM_VERSION_MISMATCH = 18;

/** What NVML calls its answers, for people. */
export const NVML_ERRORS: Readonly<Record<number, string>> = {
  1: 'not initialised',
  2: 'invalid argument',
  3: 'not supported',
  4: 'insufficient permission',
  6: 'not found',
  7: 'insufficient size',
  8: 'external power cables not attached',
  9: 'driver not loaded',
  10: 'timed out',
  11: 'interrupt request issue',
  12: 'library not found',
  13: 'function not found',
  14: 'corrupted infoROM',
  15: 'GPU is lost',
  16: 'GPU requires reset',
  17: 'blocked by the operating system',
  18: 'driver and library have different versions',
  19: 'in use',
  999: 'unknown error',
};

export const NVML_TEMPERATURE_GPU = 0;
export const NVML_CLOCK_SM = 1;
export const NVML_CLOCK_MEM = 2;
export const NVML_MEMORY_ERROR_TYPE_CORRECTED = 0;
export const NVML_MEMORY_ERROR_TYPE_UNCORRECTED = 1;
export const NVML_VOLATILE_ECC = 0;
export const NVML_AGGREGATE_ECC = 1;
export const NVML_FEATURE_ENABLED = 1;
export const NVML_FI_DEV_MEMORY_TEMP = 82;

/** nvmlClocksEventReasons, before driver 535 nvmlClocksThrottleReasons; nvidia-smi prints the same mask. */
const CLOCK_EVENTS: readonly (readonly [bigint, ThrottleReason])[] = [
  [0x1n, 'idle'],
  [0x2n, 'application-clocks'],
  [0x4n, 'power-cap'],
  [0x8n, 'hardware-slowdown'],
  [0x10n, 'sync-boost'],
  [0x20n, 'thermal-software'],
  [0x40n, 'thermal-hardware'],
  [0x80n, 'power-brake'],
  [0x100n, 'display'],
];
const TOLD = CLOCK_EVENTS.reduce((all, [bit]) => all | bit, 0n);

export function throttleReasonsOf(mask: bigint): ThrottleReason[] {
  const reasons = CLOCK_EVENTS.filter(([bit]) => (mask & bit) !== 0n).map(([, reason]) => reason);
  return (mask & ~TOLD) === 0n ? reasons : [...reasons, 'other'];
}
