/** A target or boundary of proof of work as eight words, most significant first. */
export function targetWords(target: bigint): number[] {
  return Array.from({ length: 8 }, (_, i) => Number((target >> BigInt(224 - 32 * i)) & 0xffffffffn));
}
