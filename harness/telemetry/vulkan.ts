import koffi from 'koffi';
import { plainName } from './match.js';
import type { CardIdentity } from './types.js';

/** A card as the Vulkan loader lists it. Dawn takes its adapters from the same list and passes on the name only. */
export interface VulkanDevice {
  readonly name: string;
  /** `vendor:device`; null where the vendor is no PCI vendor, as with programs. */
  readonly pciId: string | null;
  /** From VK_EXT_pci_bus_info; null where the driver lacks it. */
  readonly busAddress: string | null;
}

/** Numbers and layouts of 64-bit platforms: Vulkan specification, "Physical Device Enumeration", VK_EXT_pci_bus_info. */
const VK_API_VERSION_1_1 = (1 << 22) | (1 << 12);
const STYPE_APPLICATION_INFO = 0;
const STYPE_INSTANCE_CREATE_INFO = 1;
const STYPE_PROPERTIES_2 = 1000059001;
const STYPE_PCI_BUS_INFO = 1000212000;
/** VkPhysicalDeviceProperties2 has 840 bytes; drivers write no more. */
const PROPERTIES_2 = { size: 1024, vendorId: 24, deviceId: 28, name: 36, nameSize: 256 };
const BUS_INFO = { size: 32, domain: 16, bus: 20, device: 24, function: 28 };
/** VkExtensionProperties: a name of 256 bytes and a version. */
const EXTENSION = { size: 260, nameSize: 256 };

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const cString = (buffer: Buffer, from: number, size: number) => {
  const end = buffer.indexOf(0, from);
  return buffer.toString('utf8', from, end < 0 || end > from + size ? from + size : end);
};

/**
 * The cards that Vulkan drivers offer in this process's environment, in the loader's order. It loads drivers: call it
 * where a crash is survived.
 * @throws when the loader is not there or makes no instance
 */
export function vulkanDevices(library: string): VulkanDevice[] {
  const vulkan = koffi.load(library);
  const handle = 'uintptr_t';
  const create = vulkan.func('vkCreateInstance', 'int', ['void *', 'void *', koffi.out(koffi.pointer(handle))]);
  const destroy = vulkan.func('vkDestroyInstance', 'void', [handle, 'void *']);
  const list = vulkan.func('vkEnumeratePhysicalDevices', 'int', [handle, 'void *', 'void *']);
  const extensions = vulkan.func('vkEnumerateDeviceExtensionProperties', 'int', [
    ...[handle, 'void *', 'void *', 'void *'],
  ]);
  const properties = vulkan.func('vkGetPhysicalDeviceProperties2', 'void', [handle, 'void *']);

  const application = Buffer.alloc(48);
  application.writeUInt32LE(STYPE_APPLICATION_INFO, 0);
  application.writeUInt32LE(VK_API_VERSION_1_1, 44);
  const info = Buffer.alloc(64);
  info.writeUInt32LE(STYPE_INSTANCE_CREATE_INFO, 0);
  info.writeBigUInt64LE(koffi.address(application), 24);
  const made: (number | bigint)[] = [0];
  const code = create(info, null, made);
  if (code !== 0) throw new Error(`vkCreateInstance answers ${code}`);
  const instance = made[0];
  try {
    const count = Buffer.alloc(4);
    list(instance, count, null);
    const handles = Buffer.alloc(8 * count.readUInt32LE(0));
    list(instance, count, handles);
    return Array.from({ length: count.readUInt32LE(0) }, (_, i) => {
      const device = handles.readBigUInt64LE(8 * i);
      const many = Buffer.alloc(4);
      extensions(device, null, many, null);
      const names = Buffer.alloc(EXTENSION.size * many.readUInt32LE(0));
      extensions(device, null, many, names);
      const told = Array.from({ length: many.readUInt32LE(0) }, (_, at) =>
        cString(names, at * EXTENSION.size, EXTENSION.nameSize),
      );
      return describe(device, properties, told.includes('VK_EXT_pci_bus_info'));
    });
  } finally {
    destroy(instance, null);
  }
}

function describe(device: bigint, read: (...args: unknown[]) => unknown, hasBusInfo: boolean): VulkanDevice {
  const bus = Buffer.alloc(BUS_INFO.size);
  bus.writeUInt32LE(STYPE_PCI_BUS_INFO, 0);
  const properties = Buffer.alloc(PROPERTIES_2.size);
  properties.writeUInt32LE(STYPE_PROPERTIES_2, 0);
  if (hasBusInfo) properties.writeBigUInt64LE(koffi.address(bus), 8);
  read(device, properties);
  const vendor = properties.readUInt32LE(PROPERTIES_2.vendorId);
  const [domain, number, slot, part] = [BUS_INFO.domain, BUS_INFO.bus, BUS_INFO.device, BUS_INFO.function].map((at) =>
    bus.readUInt32LE(at),
  ) as [number, number, number, number];
  return {
    name: cString(properties, PROPERTIES_2.name, PROPERTIES_2.nameSize),
    // Above 0xffff are Khronos's own numbers for makers without a PCI id.
    pciId: vendor > 0xffff ? null : `${hex(vendor, 4)}:${hex(properties.readUInt32LE(PROPERTIES_2.deviceId), 4)}`,
    busAddress: hasBusInfo ? `${hex(domain, 4)}:${hex(number, 2)}:${hex(slot, 2)}.${part}` : null,
  };
}

/**
 * What Vulkan adds to an identity: the id where all cards of that name share it, the address where there is one such
 * card alone. What is known already stands.
 */
export function refineIdentity(identity: CardIdentity, devices: readonly VulkanDevice[]): CardIdentity {
  const exact = devices.filter(({ name }) => name === identity.name);
  const named = exact.length > 0 ? exact : devices.filter(({ name }) => plainName(name) === plainName(identity.name));
  const only = (values: readonly (string | null)[]) => (new Set(values).size === 1 ? (values[0] ?? null) : null);
  const pciId = identity.pciId ?? only(named.map((device) => device.pciId));
  return {
    ...identity,
    pciId,
    vendorId: identity.vendorId ?? pciId?.split(':')[0] ?? null,
    // Two drivers may offer one card twice, under the same address.
    busAddress: identity.busAddress ?? only(named.map((device) => device.busAddress)),
  };
}
