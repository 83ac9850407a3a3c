import { deviceFacts } from '../../../harness/telemetry/index.js';
import { type CardTraits, cardTraits, findCard } from '../../../reports/cards/index.js';
import type { CheckContext } from '../step.js';

/** What is published of the card's model, by its PCI id where telemetry tells it; null where no reference knows it. */
export function traitsOf({ card, facts }: Pick<CheckContext, 'card' | 'facts'>): CardTraits | null {
  const { device } = card;
  const identity = facts.pciId === null ? device.identity : deviceFacts(facts, '').identity;
  const found = findCard({ ...device, identity, vramBytes: facts.vramBytes ?? device.vramBytes });
  return (found && cardTraits[found.card.id]) ?? null;
}
