import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A sysfs of a machine, file by file; a value of null is a folder. */
export type Files = Readonly<Record<string, string | Buffer>>;

export interface TreeDevice {
  /** Path below `/sys/devices`, one PCI address per bridge: `pci0000:00/0000:00:01.0/0000:03:00.0`. */
  readonly path: string;
  readonly driver: string | null;
  readonly files: Files;
}

export interface Tree {
  readonly sysfs: string;
  /** Absolute path of a device's file. */
  file(address: string, name: string): string;
  write(address: string, name: string, value: string): void;
  /** As after `surprise removal`. */
  unplug(address: string): void;
  deny(address: string, name: string): void;
  remove(): void;
}

/** Builds `<root>/devices`, and `<root>/bus/pci/devices` with links to it, as the kernel lays them out. */
export function buildTree(devices: readonly TreeDevice[]): Tree {
  const sysfs = mkdtempSync(join(tmpdir(), 'assay-sysfs-'));
  chmodSync(sysfs, 0o755);
  const folders = new Map<string, string>();
  mkdirSync(join(sysfs, 'bus/pci/devices'), { recursive: true });
  for (const { path, driver, files } of devices) {
    const address = path.split('/').at(-1) as string;
    const folder = join(sysfs, 'devices', path);
    folders.set(address, folder);
    mkdirSync(folder, { recursive: true });
    for (const [name, value] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), value);
    }
    symlinkSync(folder, join(sysfs, 'bus/pci/devices', address));
    if (driver === null) continue;
    const bound = join(sysfs, 'bus/pci/drivers', driver);
    mkdirSync(bound, { recursive: true });
    symlinkSync(bound, join(folder, 'driver'));
  }
  const file = (address: string, name: string) => join(folders.get(address) as string, name);
  return {
    sysfs,
    file,
    write: (address, name, value) => writeFileSync(file(address, name), value),
    unplug: (address) => rmSync(folders.get(address) as string, { recursive: true }),
    deny: (address, name) => chmodSync(file(address, name), 0o000),
    remove: () => rmSync(sysfs, { recursive: true }),
  };
}

/** A port of a PCI bridge. */
export function bridge(path: string, vendor: string, width: number, speed: string): TreeDevice {
  const link = { current_link_width: `${width}\n`, current_link_speed: `${speed}\n` };
  const max = { max_link_width: '16\n', max_link_speed: '16.0 GT/s PCIe\n' };
  return {
    ...{ path, driver: 'pcieport' },
    files: { vendor: `${vendor}\n`, device: '0x1478\n', class: '0x060400\n', ...link, ...max },
  };
}
