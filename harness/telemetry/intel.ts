import { existsSync } from 'node:fs';
import type { ThrottleReason } from '../../reports/telemetry.js';
import { type PciCard, readLink, readPcieErrors, slotFolder } from './pci.js';
import { labelled, SysfsFolder } from './sysfs.js';
import { type CardFacts, type Figures, noFigures, type Problems, type Telemetry, TelemetryLost } from './types.js';

/**
 * What limits the clock, by the ends of the drivers' file names (`throttle_reason_pl1` of i915, `reason_pl1` of xe).
 * Linux, drivers/gpu/drm/xe/xe_gt_throttle.c and i915/gt/intel_gt_sysfs_pm.c.
 */
const REASONS: Readonly<Record<string, ThrottleReason>> = {
  ...{ pl1: 'power-cap', pl2: 'power-cap', psys_pl1: 'power-cap', psys_pl2: 'power-cap' },
  ...{ pl4: 'current-limit', iccmax: 'current-limit', vr_tdc: 'current-limit', fastvmode: 'current-limit' },
  ...{ thermal: 'thermal-software', soc_thermal: 'thermal-software', mem_thermal: 'thermal-software' },
  ...{ soc_avg_thermal: 'thermal-software', ratl: 'thermal-software' },
  ...{ prochot: 'thermal-hardware', vr_thermalert: 'thermal-hardware', vr_thermal: 'thermal-hardware' },
  psys_crit: 'power-brake',
};

/** Null when no such file can be read. */
function readReasons(folder: SysfsFolder): ThrottleReason[] | null {
  const found = new Set<ThrottleReason>();
  let told = false;
  for (const file of folder.names()) {
    const reason = /^(?:throttle_)?reason_(\w+)$/.exec(file)?.[1];
    if (reason === undefined || reason === 'status') continue;
    const value = folder.number(file);
    if (value === null) continue;
    told = true;
    if (value !== 0) found.add(REASONS[reason] ?? 'other');
  }
  return told ? [...found] : null;
}

/** The graphics tile's folders of clock and of throttle reasons: they differ between the drivers. */
function clockFolders(card: PciCard, folder: SysfsFolder): { clock: SysfsFolder; file: string; throttle: SysfsFolder } {
  if (card.driver === 'xe') {
    const clock = folder.folder('tile0/gt0/freq0');
    return { clock, file: 'act_freq', throttle: clock.folder('throttle') };
  }
  const drm = folder.firstIn('drm', 'card') ?? folder;
  const gt = drm.folder('gt/gt0');
  // Before Linux 5.18 i915 had one clock per card and no reasons.
  const old = gt.names().length === 0;
  return { clock: old ? drm : gt, file: old ? 'gt_act_freq_mhz' : 'rps_act_freq_mhz', throttle: gt };
}

/** Watts of the sustained limit (PL1) in microwatts; 0 means that it is switched off. */
const limit = (hwmon: SysfsFolder | null, file: string) => hwmon?.number(file, 1e6) || null;

function readFacts(card: PciCard, hwmon: SysfsFolder | null, slot: SysfsFolder): CardFacts {
  return {
    ...{ name: null, uuidHash: null, vbios: null, vramBytes: null, eccEnabled: null },
    ...{ busAddress: card.busAddress, pciId: card.pciId, subsystemId: card.subsystemId, driver: card.driver },
    powerLimitWatts: limit(hwmon, 'power1_max') ?? limit(hwmon, 'power2_max'),
    powerDefaultLimitWatts: limit(hwmon, 'power1_rated_max') ?? limit(hwmon, 'power2_rated_max'),
    linkMax: readLink(slot, 'max'),
  };
}

/**
 * A card of Intel's, by the files of the kernel's driver. Documentation: Linux, Documentation/ABI/testing/
 * sysfs-driver-intel-i915-hwmon and sysfs-driver-intel-xe-hwmon. There is no power, only energy in microjoules
 * (1: the card, 2: the package), so power is the difference between two readings and null at the first.
 * @param nowMs a clock that never jumps, in milliseconds
 */
export function openIntel(
  card: PciCard,
  source: 'i915' | 'xe',
  problems: Problems,
  nowMs: () => number = () => performance.now(),
): Telemetry {
  const folder = new SysfsFolder(card.path, problems);
  const hwmon = folder.firstIn('hwmon', 'hwmon');
  const slot = slotFolder(card.path, problems);
  let before: { ms: number; joules: number } | null = null;
  const power = (joules: number | null): number | null => {
    const ms = nowMs();
    const last = before;
    before = joules === null ? null : { ms, joules };
    if (joules === null || last === null || ms <= last.ms) return null;
    // The counter starts anew when it overflows or the driver is loaded again.
    return joules < last.joules ? null : ((joules - last.joules) * 1000) / (ms - last.ms);
  };
  const read = (): Figures => {
    const { clock, file, throttle } = clockFolders(card, folder);
    const temperatures = hwmon ? labelled(hwmon, 'temp', 1e3, { 1: 'pkg', 2: 'pkg', 3: 'vram' }) : new Map();
    const energyJoules = hwmon?.number('energy1_input', 1e6) ?? hwmon?.number('energy2_input', 1e6) ?? null;
    return {
      ...noFigures(),
      energyJoules,
      powerWatts: power(energyJoules),
      temperatureC: { edge: temperatures.get('pkg') ?? null, hotspot: null, memory: temperatures.get('vram') ?? null },
      clocksMHz: { graphics: clock.number(file), memory: null },
      fan: { percent: null, rpm: hwmon?.number('fan1_input') ?? null },
      throttleReasons: readReasons(throttle),
      link: readLink(slot, 'current'),
      pcie: { replays: null, ...readPcieErrors(folder) },
    };
  };
  return {
    source,
    facts: readFacts(card, hwmon, slot),
    problems: problems.list,
    sample: async () => {
      if (!existsSync(card.path)) throw new TelemetryLost(`the card at ${card.busAddress} is gone from the PCI bus`);
      return read();
    },
    close: async () => {},
  };
}
