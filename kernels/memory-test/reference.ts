/**
 * The patterns of the memory test on the CPU, word by word, and back from a word to the place where it belongs.
 * Everything here is exact arithmetic on unsigned 32-bit words.
 */

/** `hash`: mix(index ^ key). `walking-bits`: 1 << (index + extra). `modulo-20`: key where index % 20 = extra, else ~key. */
export type PatternKind = 'hash' | 'walking-bits' | 'modulo-20';

/** A pattern of one chunk. */
export interface Pattern {
  readonly kind: PatternKind;
  /** `hash`: of seed, pass and chunk. `modulo-20`: the value. */
  readonly key: number;
  /** Every word is complemented. */
  readonly inverted: boolean;
  /** `walking-bits`: the shift. `modulo-20`: the offset, under 20. */
  readonly extra: number;
  /** Blocks that have changed places: a word's index is joined with this by exclusive or. */
  readonly moved: number;
}

/**
 * The finaliser of MurmurHash3: every bit of the word depends on every bit of the argument, and no two arguments
 * give the same. Source: A. Appleby, MurmurHash3.cpp, `fmix32` (public domain).
 */
export function mix(x: number): number {
  let h = x >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The argument that `mix` makes this word of; the factors are the inverses of its own modulo 2³². */
export function unmix(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x7ed1b41d);
  // A shift of 13 undone: 26 bits are right after the first term, all 32 after the second.
  h = Math.imul(h ^ (h >>> 13) ^ (h >>> 26), 0xa5cb9243);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Key of a chunk in a pass: another seed, pass or chunk gives a key that has nothing to do with it. */
export function keyOf(seed: number, pass: number, chunk: number): number {
  return mix(mix(mix((seed + 0x9e3779b9) >>> 0) ^ ((pass + 0x7f4a7c15) >>> 0)) ^ ((chunk + 0x2545f491) >>> 0));
}

/** The word that belongs at an index of the chunk. */
export function wordOf({ kind, key, inverted, extra, moved }: Pattern, index: number): number {
  const at = (index ^ moved) >>> 0;
  const word =
    kind === 'hash'
      ? mix(at ^ key)
      : kind === 'walking-bits'
        ? 1 << ((at + extra) & 31)
        : at % 20 === extra
          ? key
          : ~key;
  return (inverted ? ~word : word) >>> 0;
}

/** The index at which a word of a `hash` pattern belongs; the others say too little, so they give null. */
export function placeOf({ kind, key, inverted, moved }: Pattern, word: number): number | null {
  if (kind !== 'hash') return null;
  return (unmix((inverted ? ~word : word) >>> 0) ^ key ^ moved) >>> 0;
}

/** Vector of a pattern as the WGSL takes it: key, inversion, extra, moved. */
export function patternParams({ key, inverted, extra, moved }: Pattern): [number, number, number, number] {
  return [key, inverted ? 0xffffffff : 0, extra, moved];
}
