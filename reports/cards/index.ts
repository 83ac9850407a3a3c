import type { Device } from '../schema.js';
import { amdCards } from './amd.js';
import { nvidiaCards } from './nvidia.js';
import type { CardReference } from './reference.js';

export { boardMakerOf, chipOf, miningModelOf } from './chips.js';
export { classifySignature, type MeasuredRatios, type SignatureFinding } from './classify-signature.js';
export { type CardReference, cardReference, type Figure, type FigureStatus } from './reference.js';
export { RATIO_NAMES, SIGNATURE_RATIOS, type SignatureRatio } from './signatures.js';
export { type CardTraits, cardTraits } from './traits.js';

/** Every model that this project has facts about. */
export const cards: readonly CardReference[] = [...nvidiaCards, ...amdCards];

/** How a device was recognised; a name is only what the driver says. */
export interface FoundCard {
  readonly card: CardReference;
  readonly by: 'pci-id' | 'name';
}

/** Cards that share a name differ in memory by more than what a driver keeps for itself. */
const MEMORY_SLACK = 0.12;

/**
 * The model that a device is, by its PCI id, else by the driver's name. Null for a software adapter, for an unknown
 * device, and where the device's memory is not the model's: another version of the same name.
 */
export function findCard({
  name,
  software,
  identity,
  vramBytes,
}: Pick<Device, 'name' | 'software' | 'identity' | 'vramBytes'>): FoundCard | null {
  if (software) return null;
  const fits = ({ vramBytes: own }: CardReference) =>
    vramBytes === null || own === null || Math.abs(vramBytes / own.value - 1) <= MEMORY_SLACK;
  const pciId = identity?.pciId?.toLowerCase();
  const found = (card: CardReference | undefined, by: FoundCard['by']) => (card && fits(card) ? { card, by } : null);
  const byId = pciId === undefined ? undefined : cards.find((card) => card.pciIds.includes(pciId));
  // An id that belongs to another model is not overruled by a name, which is easier to forge.
  if (byId) return found(byId, 'pci-id');
  return found(cardNamed(name) ?? undefined, 'name');
}

/** The model that a driver's name is of, whatever else the card says; null when no reference knows the name. */
export function cardNamed(name: string): CardReference | null {
  const plain = normalised(name);
  return cards.find((card) => [card.name, ...card.aliases].some((own) => normalised(own) === plain)) ?? null;
}

/** Without case, trade marks, the vendor, and what Mesa puts in parentheses: `Radeon RX 580 (RADV POLARIS10)`. */
function normalised(name: string): string {
  return name
    .toLowerCase()
    .replace(/\((?:r|tm)\)|[®™]/g, ' ')
    .replace(/\s*\(.*$/, '')
    .replace(/\b(?:nvidia|amd|ati|corporation)\b/g, ' ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
