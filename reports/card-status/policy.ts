import { z } from 'zod';

const fraction = z.number().min(0).max(1);
const celsius = z.number().min(20).max(150);
const amount = z.number().nonnegative();

/** What a card's identity is held against. */
export const identityPolicy = z.strictObject({
  /** Memory told may be so much below the model's: ECC inside GDDR takes a sixteenth, drivers keep a part. */
  vramShortfall: fraction,
  /** And so much above it. */
  vramExcess: fraction,
  /** A card that no reference knows is inconclusive; else it is told, and no more. */
  knownModelOnly: z.boolean(),
});
export type IdentityPolicy = z.infer<typeof identityPolicy>;
export const DEFAULT_IDENTITY: IdentityPolicy = { vramShortfall: 0.12, vramExcess: 0.03, knownModelOnly: true };

export const linkPolicy = z.strictObject({
  /** Least share of the link's raw rate, by its generation and width under load, that transfers reach. */
  leastShare: fraction,
  /** The rate falls by this factor within the check and stays there: the link dropped. */
  dropRatio: z.number().min(1.1).max(64),
  /** Transfers that the link repeats and errors that it corrects, per gigabyte moved. */
  replaysPerGigabyte: amount,
  /** Fewer than these are told by chance. */
  leastReplays: amount,
  /** What marketplaces ask of the slower way. */
  marketplaceBytesPerSecond: z.number().positive(),
});
export type LinkPolicy = z.infer<typeof linkPolicy>;
/** 2.85 GB/s is what Vast.ai's self-test asks. */
export const DEFAULT_LINK: LinkPolicy = {
  ...{ leastShare: 0.55, dropRatio: 1.8, replaysPerGigabyte: 0.1, leastReplays: 3 },
  marketplaceBytesPerSecond: 2.85e9,
};

export const healthPolicy = z.strictObject({
  /** Uncorrected memory errors since the driver was loaded, and in the card's life. */
  eccUncorrected: amount,
  eccUncorrectedLifetime: amount,
  /** Corrected ones while the qualification ran. */
  eccCorrectedDuring: amount,
  /** Rows that memory has replaced after uncorrected errors. */
  rowsRemapped: amount,
  /** PCI Express errors of the kernel's count while the qualification ran. */
  pcieCorrectableDuring: amount,
  edgeC: celsius,
  hotspotC: celsius,
  memoryC: celsius,
  /** Hottest point above the edge at one moment: dry paste or a cooler that sits badly. */
  hotspotDeltaC: z.number().min(5).max(80),
  /** A fan that stands still in so many readings of a card as hot as this. */
  fanNeededC: celsius,
  fanStillReadings: z.number().int().positive(),
});
export type HealthPolicy = z.infer<typeof healthPolicy>;
export const DEFAULT_HEALTH: HealthPolicy = {
  ...{ eccUncorrected: 0, eccUncorrectedLifetime: 0, eccCorrectedDuring: 10, rowsRemapped: 0 },
  ...{ pcieCorrectableDuring: 100, edgeC: 92, hotspotC: 110, memoryC: 106, hotspotDeltaC: 35 },
  ...{ fanNeededC: 70, fanStillReadings: 3 },
};
