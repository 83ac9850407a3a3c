import type { ThrottleReason } from '../../reports/telemetry.js';

/**
 * The part of amdgpu's binary `gpu_metrics` that no other file tells: why the clock is held back.
 * Layouts: Linux, drivers/gpu/drm/amd/include/kgd_pp_interface.h, `gpu_metrics_v1_3`; only since 1.3 do bits of
 * `indep_throttle_status` mean the same on every chip. Bits: amd/pm/swsmu/inc/amdgpu_smu.h, `SMU_THROTTLER_*_BIT`.
 */
const FORMAT = { size: 120, format: 1, content: 3, throttle: 112 };

const bits = (from: number, to: number) => {
  let mask = 0n;
  for (let bit = from; bit <= to; bit++) mask |= 1n << BigInt(bit);
  return mask;
};

const REASONS: readonly (readonly [bigint, ThrottleReason])[] = [
  // PPT0–3, SPL, FPPT, SPPT, SPPT_APU.
  [bits(0, 7), 'power-cap'],
  // TDC_GFX … TDC_CVIP, EDC_CPU, EDC_GFX, APCC.
  [bits(16, 23), 'current-limit'],
  // TEMP_GPU … TEMP_LIQUID1.
  [bits(32, 43), 'thermal-software'],
  // VRHOT0, VRHOT1, PROCHOT_CPU, PROCHOT_GFX.
  [bits(44, 47), 'thermal-hardware'],
];
const TOLD = REASONS.reduce((all, [mask]) => all | mask, 0n);

/** Null for a table of another layout, and where the chip does not fill it in. */
export function readThrottleReasons(table: Buffer | null): ThrottleReason[] | null {
  if (table === null || table.length < 4) return null;
  const [size, format, content] = [table.readUInt16LE(0), table.readUInt8(2), table.readUInt8(3)];
  if (format !== FORMAT.format || content !== FORMAT.content) return null;
  if (size < FORMAT.size || table.length < FORMAT.size) return null;
  const status = table.readBigUInt64LE(FORMAT.throttle);
  // Fields that a chip does not have are filled with ones.
  if (status === 0xffff_ffff_ffff_ffffn) return null;
  const reasons = REASONS.filter(([mask]) => (status & mask) !== 0n).map(([, reason]) => reason);
  return (status & ~TOLD) === 0n ? reasons : [...reasons, 'other'];
}
