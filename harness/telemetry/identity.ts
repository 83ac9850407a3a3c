import type { Device } from '../../reports/schema.js';
import { busAddressOf } from './match.js';
import type { CardFacts, CardIdentity, Telemetry } from './types.js';

/** Dawn's words for vendors, and their PCI ids. */
const VENDORS: Readonly<Record<string, string>> = { nvidia: '10de', amd: '1002', intel: '8086' };

/** The card's address, where the environment pins Vulkan to one (Mesa's device selection, forced). */
function pinnedAddress(env: NodeJS.ProcessEnv): string | null {
  if (env.MESA_VK_DEVICE_SELECT_FORCE_DEFAULT_DEVICE !== '1') return null;
  const parts = /^pci-([0-9a-f]{4})_([0-9a-f]{2})_([0-9a-f]{2})_([0-7])$/i.exec(env.DRI_PRIME ?? '');
  return parts && busAddressOf(`${parts[1]}:${parts[2]}:${parts[3]}.${parts[4]}`);
}

/** The id that the environment restricts Vulkan to: `MESA_VK_DEVICE_SELECT=10de:2204!`. */
function pinnedId(env: NodeJS.ProcessEnv): string | null {
  return /^([0-9a-f]{4}:[0-9a-f]{4})!$/i.exec(env.MESA_VK_DEVICE_SELECT ?? '')?.[1]?.toLowerCase() ?? null;
}

/**
 * What can be known of the card that a WebGPU adapter is: vendor and name from Dawn, id and slot where the environment
 * pins them. Published ids of a model of that name are not taken: such lists lack some, and one id serves several models.
 * @param env of the process that opened the adapter
 */
export function identityOf(
  device: Pick<Device, 'name' | 'vendor' | 'software'> & Partial<Pick<Device, 'identity'>>,
  env: NodeJS.ProcessEnv = process.env,
): CardIdentity {
  const pciId = device.identity?.pciId?.toLowerCase() ?? pinnedId(env);
  return {
    name: device.name,
    vendorId: VENDORS[device.vendor.toLowerCase()] ?? pciId?.split(':')[0] ?? null,
    pciId,
    busAddress: device.identity?.busAddress ?? pinnedAddress(env),
    software: device.software,
  };
}

/** The device, with what telemetry knows of the card itself. Readings that are made up tell nothing of it. */
export const withFacts = (device: Device, { source, facts }: Pick<Telemetry, 'source' | 'facts'>): Device =>
  source === null || source === 'rehearsal' ? device : { ...device, ...deviceFacts(facts, source) };

/** The same facts in the words of a result's device. */
export function deviceFacts(
  facts: CardFacts,
  source: string,
): Pick<Device, 'identity' | 'vramBytes' | 'powerLimitWatts'> {
  const { pciId, subsystemId, busAddress, uuidHash, vbios, vramBytes, powerLimitWatts } = facts;
  return { identity: { pciId, subsystemId, busAddress, uuidHash, vbios, source }, vramBytes, powerLimitWatts };
}
