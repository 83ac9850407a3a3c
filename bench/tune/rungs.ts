/** How much of a search fits in the time there is. All times in milliseconds. */

export interface Costs {
  /** To verify and warm up one configuration. */
  readonly prepareMs: number;
  /** One round of one configuration, whatever goes with it included. */
  readonly roundMs: number;
}

/** Fewer rounds have no median worth the name; more are better spent on the final. */
export const ROUNDS = { least: 3, most: 12 } as const;
/** The final's: five make a t-interval, three a wide one when time is out; beyond twenty it hardly narrows. */
export const FINAL_ROUNDS = { least: 5, most: 20, outOfTime: 3 } as const;
/** Of the time for a variant; the rest is the final's. */
export const SEARCH_SHARE = 0.65;

/** Of the first preparation's time: one that finds its programs compiled and its odd shapes verified. */
export const AGAIN = 0.3;

/** Rungs of halving until one of `size` is left. */
export function rungCount(size: number): number {
  return Math.ceil(Math.log2(Math.max(1, size)));
}

/** Time that a search among `size` takes with the least rounds on every rung; the reference runs in every heat. */
export function searchMs(size: number, capacity: number, { prepareMs, roundMs }: Costs): number {
  let total = size * prepareMs;
  for (let left = size; left > 1; left = Math.ceil(left / 2)) {
    const heats = Math.ceil(left / capacity);
    total += (left + heats) * ROUNDS.least * roundMs;
    // Where not all are held at once, those that go on are prepared again, their programs compiled already.
    if (heats > 1) total += Math.ceil(left / 2) * prepareMs * AGAIN;
  }
  return total;
}

/** How many of `available` configurations can be searched in the time; at least one, so that something is tried. */
export function sampleSize(available: number, timeMs: number, capacity: number, costs: Costs): number {
  let size = 1;
  while (size < available && searchMs(size + 1, capacity, costs) <= timeMs) size++;
  return Math.min(size, available);
}

/**
 * Time for the rounds of the rung at hand: the same for each that is left, so that halving the field doubles the
 * rounds (Karnin, Koren and Somekh: Almost Optimal Exploration in Multi-Armed Bandits, ICML 2013).
 */
export function rungMs(size: number, timeMs: number): number {
  return timeMs / Math.max(1, rungCount(size));
}

/** Rounds of each of `size` configurations within a time, the reference's in every heat included. */
export function roundsIn(
  size: number,
  timeMs: number,
  capacity: number,
  { roundMs }: Pick<Costs, 'roundMs'>,
  most: number = ROUNDS.most,
): number {
  const turns = size + Math.ceil(size / capacity);
  return Math.min(most, ROUNDS.most, Math.max(ROUNDS.least, Math.floor(timeMs / (turns * roundMs))));
}

export function roundsOfFinal(arms: number, timeMs: number, roundMs: number, most: number = FINAL_ROUNDS.most): number {
  return Math.min(most, FINAL_ROUNDS.most, Math.max(FINAL_ROUNDS.least, Math.floor(timeMs / (arms * roundMs))));
}
