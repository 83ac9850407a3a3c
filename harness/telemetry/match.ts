import type { CardIdentity, ProblemCode } from './types.js';

/** A card as a telemetry source knows it; null is what the source could not read. */
export interface SeenCard {
  readonly busAddress: string | null;
  readonly pciId: string | null;
  readonly name: string | null;
}

export type Match =
  | { readonly index: number }
  | { readonly code: Extract<ProblemCode, 'no-such-card' | 'identical-cards'>; readonly detail: string };

/** `00000000:01:00.0`, `0000:01:00.0` and `01:00.0` in any case as `0000:01:00.0`; null for anything else. */
export function busAddressOf(text: string): string | null {
  const parts = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/i.exec(text.trim());
  if (!parts) return null;
  const domain = Number.parseInt(parts[1] ?? '0', 16)
    .toString(16)
    .padStart(4, '0');
  return `${domain}:${parts[2]}:${parts[3]}.${parts[4]}`.toLowerCase();
}

/** Without case, vendor and what Mesa puts in parentheses. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\s*\(.*$/, '')
    .replace(/\b(?:nvidia|amd|ati|intel|corporation)\b/g, ' ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

const known = (card: SeenCard) => card.pciId ?? card.name ?? 'an unreadable card';
const at = (card: SeenCard) => `${known(card)} at ${card.busAddress ?? 'an unknown address'}`;

/**
 * Which of a source's cards the adapter is. The wrong card's figures are worse than none, so it answers only where
 * one card alone can be meant: at the known address, or the only one that neither id nor name rules out. A card that
 * could not be read might be any.
 */
export function matchCard(identity: CardIdentity, seen: readonly SeenCard[]): Match {
  const all = seen.map((card, index) => ({ card, index }));
  const wanted = busAddressOf(identity.busAddress ?? '');
  if (wanted !== null) {
    const there = all.find(({ card }) => card.busAddress !== null && busAddressOf(card.busAddress) === wanted);
    if (there) return { index: there.index };
    return { code: 'no-such-card', detail: `no card at ${wanted}; there ${list(seen)}` };
  }
  const left = all.filter(({ card }) => possible(identity, card));
  if (left.length === 1) return { index: (left[0] as { index: number }).index };
  if (left.length === 0) return { code: 'no-such-card', detail: `none is ${identity.name}; there ${list(seen)}` };
  return {
    code: 'identical-cards',
    detail: `${left.length} cards may be ${identity.name} (${left.map(({ card }) => at(card)).join(', ')}), and WebGPU does not tell which it uses`,
  };
}

function list(seen: readonly SeenCard[]): string {
  if (seen.length === 0) return 'is none';
  return `${seen.length === 1 ? 'is' : 'are'} ${seen.map(at).join(', ')}`;
}

function possible({ vendorId, pciId, name }: CardIdentity, card: SeenCard): boolean {
  if (card.pciId !== null) {
    const id = card.pciId.toLowerCase();
    if (vendorId !== null && !id.startsWith(`${vendorId}:`)) return false;
    if (pciId !== null) return id === pciId;
  }
  return card.name === null || plainName(card.name) === plainName(name);
}
