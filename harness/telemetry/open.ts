import { openAmdgpu } from './amdgpu.js';
import { openIntel } from './intel.js';
import { matchCard } from './match.js';
import { commandRunner, openNvidiaSmi } from './nvidia-smi.js';
import { openNvml } from './nvml/source.js';
import { listPciCards, type PciCard } from './pci.js';
import {
  type CardIdentity,
  noTelemetry,
  Problems,
  type Telemetry,
  TelemetryLost,
  type TelemetryRoots,
} from './types.js';

const NVIDIA = '10de';

async function openNvidia(
  identity: CardIdentity,
  roots: TelemetryRoots,
  sysfs: string,
  problems: Problems,
): Promise<Telemetry | null> {
  const path = roots.nvml ?? (process.platform === 'win32' ? 'nvml.dll' : 'libnvidia-ml.so.1');
  try {
    // Here and not above: native code that may not fit this system is loaded only where there is such a card.
    const { NvmlLibrary } = await import('./nvml/library.js');
    const telemetry = openNvml(new NvmlLibrary(path), identity, sysfs, problems);
    // Where the library works and does not know which card is meant, its command does not either.
    if (telemetry || !problems.list.some(({ code }) => code === 'library-refuses')) return telemetry;
  } catch (error) {
    const message = (error as Error).message.split('\n')[0] ?? '';
    if (error instanceof TelemetryLost) {
      problems.add('card-lost', message);
      return null;
    }
    problems.add('library-missing', `${path} cannot be used: ${message}`);
  }
  return openNvidiaSmi(commandRunner(roots.nvidiaSmi ?? 'nvidia-smi'), identity, sysfs, problems);
}

/** Dawn tells a name only; the loader that it uses knows id and address. */
async function askVulkan(identity: CardIdentity, roots: TelemetryRoots, problems: Problems): Promise<CardIdentity> {
  const loader = { linux: 'libvulkan.so.1', win32: 'vulkan-1.dll' }[process.platform as string] ?? null;
  const path = roots.vulkan === undefined ? loader : roots.vulkan;
  if (path === null || identity.busAddress !== null) return identity;
  try {
    const { refineIdentity, vulkanDevices } = await import('./vulkan.js');
    return refineIdentity(identity, vulkanDevices(path));
  } catch (error) {
    const message = (error as Error).message.split('\n')[0];
    problems.add('library-missing', `${path} does not tell the card’s address: ${message}`);
    return identity;
  }
}

function openInSysfs(identity: CardIdentity, sysfs: string, problems: Problems): Telemetry | null {
  const cards = listPciCards(sysfs, problems);
  // The kernel knows no names for them.
  const match = matchCard(
    identity,
    cards.map(({ busAddress, pciId }) => ({ busAddress, pciId, name: null })),
  );
  if ('code' in match) {
    problems.add(match.code, `sysfs: ${match.detail}`);
    return null;
  }
  const card = cards[match.index] as PciCard;
  if (card.driver === 'amdgpu') return openAmdgpu(card, problems);
  if (card.driver === 'i915' || card.driver === 'xe') return openIntel(card, card.driver, problems);
  const driver = card.driver === null ? 'no kernel driver' : `the kernel driver ${card.driver}`;
  problems.add('no-source', `the card at ${card.busAddress} has ${driver}, which tells no telemetry`);
  return null;
}

/**
 * Telemetry of the card that an adapter is: NVML, else nvidia-smi; amdgpu's, i915's or xe's files. Never throws: a card
 * without has `source` null, and `problems` says what keeps it away. Call it in a process that may hang with the card
 * (`remoteTelemetry`); a driver's library is no place for whoever keeps time.
 */
export async function openTelemetry(named: CardIdentity, roots: TelemetryRoots = {}): Promise<Telemetry> {
  const problems = new Problems();
  const sysfs = roots.sysfs ?? '/sys';
  if (named.software) {
    problems.add('software-adapter', `${named.name} is a program: no card, no telemetry`);
    return noTelemetry(problems.list);
  }
  const identity = await askVulkan(named, roots, problems);
  if (identity.vendorId === null && identity.busAddress === null) {
    problems.add('unknown-vendor', `whose card ${identity.name} is cannot be told`);
    return noTelemetry(problems.list);
  }
  const telemetry =
    identity.vendorId === NVIDIA
      ? await openNvidia(identity, roots, sysfs, problems)
      : openInSysfs(identity, sysfs, problems);
  return telemetry ?? noTelemetry(problems.list);
}
