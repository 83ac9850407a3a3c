import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SysfsFolder } from './sysfs.js';
import type { Figures } from './types.js';
import { Problems } from './types.js';

/** A display device on the PCI bus, from sysfs. */
export interface PciCard {
  readonly busAddress: string;
  readonly pciId: string;
  readonly subsystemId: string | null;
  /** The kernel driver bound to it; null when none is. */
  readonly driver: string | null;
  /** The device's own folder, links resolved: its parents are the bridges above it. */
  readonly path: string;
}

/** Base class 0x03 of the PCI specification: display controllers. */
const DISPLAY = '0x03';
const ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;
const hex = (text: string | null) => text?.replace(/^0x/, '').toLowerCase() ?? null;

function linkTarget(path: string): string | null {
  try {
    return basename(readlinkSync(path));
  } catch {
    return null;
  }
}

/** Every display device that the kernel knows; none off Linux. */
export function listPciCards(sysfs: string, problems: Problems): PciCard[] {
  const root = join(sysfs, 'bus/pci/devices');
  let addresses: string[];
  try {
    addresses = readdirSync(root).filter((name) => ADDRESS.test(name));
  } catch {
    return [];
  }
  return addresses.sort().flatMap((busAddress): PciCard[] => {
    const path = realpathSync(join(root, busAddress));
    const folder = new SysfsFolder(path, problems);
    const [vendor, device] = [hex(folder.text('vendor')), hex(folder.text('device'))];
    if (!folder.text('class')?.startsWith(DISPLAY) || vendor === null || device === null) return [];
    const [subVendor, subDevice] = [hex(folder.text('subsystem_vendor')), hex(folder.text('subsystem_device'))];
    return [
      {
        ...{ busAddress, path, pciId: `${vendor}:${device}`, driver: linkTarget(join(path, 'driver')) },
        subsystemId: subVendor !== null && subDevice !== null ? `${subVendor}:${subDevice}` : null,
      },
    ];
  });
}

/** Gigatransfers per second of each PCI Express generation. */
const SPEEDS: Readonly<Record<string, number>> = {
  '2.5': 1,
  '5': 2,
  '5.0': 2,
  '8.0': 3,
  '16.0': 4,
  '32.0': 5,
  '64.0': 6,
};

/** `16.0 GT/s PCIe` is generation 4; `Unknown` is null. */
export function generationOf(speed: string | null): number | null {
  return SPEEDS[/^([\d.]+) GT\/s/.exec(speed ?? '')?.[1] ?? ''] ?? null;
}

/**
 * The folder whose link is the one in the slot. AMD's cards since Navi 10 and Intel's Arc carry a PCI switch: the
 * chip's own link ends at the switch and always runs at full width, so that an x1 riser shows at the upper port only.
 */
export function slotFolder(path: string, problems: Problems): SysfsFolder {
  const own = new SysfsFolder(path, problems);
  const lower = new SysfsFolder(dirname(path), problems);
  const upper = new SysfsFolder(dirname(lower.path), problems);
  const root = dirname(upper.path);
  const isBridge = (folder: SysfsFolder) =>
    ADDRESS.test(basename(folder.path)) &&
    folder.text('vendor') === own.text('vendor') &&
    folder.text('class')?.startsWith('0x0604') === true;
  // A switch has a port above and one below, and hangs on a port of somebody else.
  return isBridge(lower) && isBridge(upper) && ADDRESS.test(basename(root)) ? upper : own;
}

/** The slot's link: as it is, or with `max_` the best that it can be. */
export function readLink(folder: SysfsFolder, which: 'current' | 'max'): Figures['link'] {
  const width = folder.number(`${which}_link_width`);
  return {
    generation: generationOf(folder.text(`${which}_link_speed`)),
    // 0 and 255 are what a link that is down or not there reads as.
    width: width === null || width < 1 || width > 32 ? null : width,
  };
}

/** The kernel's counters of PCI Express errors (AER) of a device. */
export function readPcieErrors(folder: SysfsFolder): Pick<Figures['pcie'], 'correctable' | 'uncorrectable'> {
  const total = (file: string, word: string) => {
    const found = new RegExp(`^${word} (\\d+)$`, 'm').exec(folder.text(file) ?? '')?.[1];
    return found === undefined ? null : Number(found);
  };
  const nonFatal = total('aer_dev_nonfatal', 'TOTAL_ERR_NONFATAL');
  const fatal = total('aer_dev_fatal', 'TOTAL_ERR_FATAL');
  return {
    correctable: total('aer_dev_correctable', 'TOTAL_ERR_COR'),
    uncorrectable: nonFatal === null && fatal === null ? null : (nonFatal ?? 0) + (fatal ?? 0),
  };
}

/** PCI Express errors of the card at an address, for sources that do not count them. */
export function pcieErrorsAt(sysfs: string, busAddress: string | null): ReturnType<typeof readPcieErrors> {
  const none = { correctable: null, uncorrectable: null };
  return busAddress === null
    ? none
    : readPcieErrors(new SysfsFolder(join(sysfs, 'bus/pci/devices', busAddress), new Problems()));
}
