import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readThrottleReasons } from './gpu-metrics.js';
import { type PciCard, readLink, readPcieErrors, slotFolder } from './pci.js';
import { labelled, SysfsFolder } from './sysfs.js';
import { type CardFacts, type Figures, noFigures, type Problems, type Telemetry, TelemetryLost } from './types.js';

/** The clock that a `pp_dpm_*` table marks with a star: `1: 1750Mhz *`. */
export function starredMHz(table: string | null): number | null {
  const found = /^\s*\w+:\s*(\d+)\s*mhz\s*\*/im.exec(table ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

/** `ue: 1` and `ce: 3` of a RAS error count. */
function rasCount(text: string | null, word: 'ue' | 'ce'): number | null {
  const found = new RegExp(`^${word}:\\s*(\\d+)$`, 'm').exec(text ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

/** hwmon has percent of the fan as a duty from 0 to `pwm1_max`, 255 where that is not told. */
function fanPercent(hwmon: SysfsFolder): number | null {
  const duty = hwmon.number('pwm1');
  return duty === null ? null : (100 * duty) / (hwmon.number('pwm1_max') ?? 255);
}

function readFacts(card: PciCard, folder: SysfsFolder, hwmon: SysfsFolder | null, slot: SysfsFolder): CardFacts {
  const unique = folder.text('unique_id');
  return {
    name: folder.text('product_name'),
    uuidHash: unique === null ? null : createHash('sha256').update(unique).digest('hex'),
    ...{ busAddress: card.busAddress, pciId: card.pciId, subsystemId: card.subsystemId },
    vbios: folder.text('vbios_version'),
    driver: 'amdgpu',
    vramBytes: folder.number('mem_info_vram_total'),
    powerLimitWatts: hwmon?.number('power1_cap', 1e6) ?? null,
    powerDefaultLimitWatts: hwmon?.number('power1_cap_default', 1e6) ?? null,
    linkMax: readLink(slot, 'max'),
    eccEnabled: null,
  };
}

/**
 * A card of AMD's, by the files of the kernel's driver. Documentation: Linux, Documentation/gpu/amdgpu/thermal.rst
 * (hwmon: power in microwatts, temperatures in millidegrees, clocks in hertz) and ras.rst.
 */
export function openAmdgpu(card: PciCard, problems: Problems): Telemetry {
  const folder = new SysfsFolder(card.path, problems);
  const hwmon = folder.firstIn('hwmon', 'hwmon');
  const slot = slotFolder(card.path, problems);
  const read = (): Figures => {
    const temperatures = hwmon ? labelled(hwmon, 'temp', 1e3, { 1: 'edge' }) : new Map<string, number>();
    const clocks = hwmon ? labelled(hwmon, 'freq', 1e6, { 1: 'sclk', 2: 'mclk' }) : new Map<string, number>();
    const errors = folder.text('ras/umc_err_count');
    return {
      ...noFigures(),
      // Discrete cards average; newer drivers have the momentary power instead.
      powerWatts: hwmon?.number('power1_average', 1e6) ?? hwmon?.number('power1_input', 1e6) ?? null,
      temperatureC: {
        edge: temperatures.get('edge') ?? null,
        hotspot: temperatures.get('junction') ?? null,
        memory: temperatures.get('mem') ?? null,
      },
      clocksMHz: {
        graphics: clocks.get('sclk') ?? starredMHz(folder.text('pp_dpm_sclk')),
        memory: clocks.get('mclk') ?? starredMHz(folder.text('pp_dpm_mclk')),
      },
      utilisationPercent: { graphics: folder.number('gpu_busy_percent'), memory: folder.number('mem_busy_percent') },
      fan: { percent: hwmon && fanPercent(hwmon), rpm: hwmon?.number('fan1_input') ?? null },
      throttleReasons: readThrottleReasons(folder.bytes('gpu_metrics')),
      link: readLink(slot, 'current'),
      pcie: { replays: folder.number('pcie_replay_count'), ...readPcieErrors(folder) },
      ecc: { ...noFigures().ecc, corrected: rasCount(errors, 'ce'), uncorrected: rasCount(errors, 'ue') },
      memoryUsedBytes: folder.number('mem_info_vram_used'),
    };
  };
  return {
    source: 'amdgpu',
    facts: readFacts(card, folder, hwmon, slot),
    problems: problems.list,
    sample: async () => {
      if (!existsSync(card.path)) throw new TelemetryLost(`the card at ${card.busAddress} is gone from the PCI bus`);
      return read();
    },
    close: async () => {},
  };
}
