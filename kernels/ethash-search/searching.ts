import type { Oracle } from '../declaration.js';
import { cacheOf, type Geometry } from '../ethash/geometry.js';
import { FULL_CHECK, SAMPLE, samplePlaces } from '../ethash/hashing.js';
import { hashimoto, lightPages } from '../ethash/reference.js';
import { randomBytes, randomWords } from '../random.js';

/** What is searched, whatever the DAG. */
export interface SearchInput {
  /** 32 bytes: Keccak-256 of the header without mix hash and nonce. */
  headerHash: Uint8Array;
  /** 0 … 2⁶⁴ − 1. */
  firstNonce: bigint;
  /** Nonces tried: firstNonce, firstNonce + 1, … modulo 2⁶⁴; 1 … 2³². */
  count: number;
  /** The boundary, ⌊2²⁵⁶ ÷ difficulty⌋: a nonce wins when its final hash, read big-endian, is at most this. */
  target: bigint;
}

export interface SearchOutput {
  /** Winning nonces in scan order. */
  nonces: BigUint64Array;
}

/** Nonce number `offset` of a search. */
export const nonceAt = ({ firstNonce }: SearchInput, offset: number) => BigInt.asUintN(64, firstNonce + BigInt(offset));
/** The number of a nonce in a search: beyond 2³² − 1 it lies in none. */
const offsetOf = ({ firstNonce }: SearchInput, nonce: bigint) => Number(BigInt.asUintN(64, nonce - firstNonce));

/** The final hash as the number that is compared with the boundary (Yellow Paper, appendix J.4; section 4.4.4). */
export function finalNumber(geometry: Geometry, headerHash: Uint8Array, nonce: bigint): bigint {
  const { finalHash } = hashimoto(headerHash, nonce, geometry.datasetBytes, lightPages(cacheOf(geometry)));
  return BigInt(`0x${Buffer.from(finalHash).toString('hex')}`);
}

/** Winners of a long benchmark at most: far below the list's capacity. */
const EXPECTED_WINNERS = 16384;
/** One nonce in so many wins in a benchmark at least, so that a sample of 64 holds some. */
const RARITY = 16;

/**
 * A range that crosses the wrap at 2⁶⁴, for a random header. In a short one the boundary is the very hash of one of the
 * nonces, so that every check of a variant sees that equality wins. In longer ones winners are far more frequent than a
 * miner's, or the CPU, at 14 ms a hash, could not tell whether any is missing; next to the pages of sixteen hashes one
 * entry of a list costs nothing.
 */
export function searchInput(geometry: Geometry, count: number, seed: number): SearchInput {
  const headerHash = randomBytes(32, seed);
  const firstNonce = BigInt.asUintN(64, -BigInt(Math.ceil(count / 3)));
  const range = { headerHash, firstNonce, count, target: 0n };
  if (count <= FULL_CHECK) {
    const chosen = nonceAt(range, randomWords(seed)() % count);
    return { ...range, target: finalNumber(geometry, headerHash, chosen) };
  }
  const rarity = Math.max(RARITY, 2 ** Math.ceil(Math.log2(count / EXPECTED_WINNERS)));
  return { ...range, target: (1n << 256n) / BigInt(rarity) };
}

/** The whole range on the CPU, pages computed from the light cache. */
export function searchReference(geometry: Geometry, input: SearchInput): SearchOutput {
  const wins = (nonce: bigint) => finalNumber(geometry, input.headerHash, nonce) <= input.target;
  const range = Array.from({ length: input.count }, (_, offset) => nonceAt(input, offset));
  return { nonces: BigUint64Array.from(range.filter(wins)) };
}

/** The list of a long search is counted in so many parts. */
const PARTS = 64;
/** Of a long list so many winners are hashed again. */
const REHASHED = 32;

/** Judges a search by the CPU's hashes, of which it asks for the same few after every round. */
export function searchOracle(geometry: Geometry, input: SearchInput, seed: number): Oracle<SearchOutput> {
  const known = new Map<number, boolean>();
  return judgedSearch(input, seed, (offset) => {
    const won = known.get(offset) ?? finalNumber(geometry, input.headerHash, nonceAt(input, offset)) <= input.target;
    known.set(offset, won);
    return won;
  });
}

/**
 * Up to 128 nonces: the winners must be exactly the CPU's. Of more, which it could not follow: winners are distinct and
 * in the range; of 64 nonces, the first, the last and one from each stretch between, exactly those are listed that win;
 * 32 of the list, evenly spread, do win; and the number of winners, and that in each of 64 equal parts, lies within six
 * standard deviations of the binomial expectation.
 * @param wins whether nonce number `offset` meets the target
 */
export function judgedSearch(
  input: SearchInput,
  seed: number,
  wins: (offset: number) => boolean,
): Oracle<SearchOutput> {
  const { count, target } = input;
  const all = count <= FULL_CHECK;
  const places = all ? Array.from({ length: count }, (_, i) => i) : samplePlaces(count, seed);
  for (const place of places) wins(place);
  return {
    method: all
      ? 'every nonce against the CPU'
      : `${SAMPLE} nonces and ${REHASHED} winners against the CPU, and the number of winners`,
    tolerance: { kind: 'exact' },
    check({ nonces }) {
      const wrong = (detail: string) => ({ correct: false, maxError: null, detail });
      if (!(nonces instanceof BigUint64Array)) return wrong('nonces must be a BigUint64Array');
      const outside = nonces.find((nonce) => offsetOf(input, nonce) >= count);
      if (outside !== undefined) return wrong(`nonce ${outside} lies outside the range`);
      const offsets = Uint32Array.from(nonces, (nonce) => offsetOf(input, nonce)).sort();
      const listed = new Set(offsets);
      if (listed.size !== offsets.length) return wrong('a winning nonce is listed twice');
      const named = (offset: number) => `nonce ${nonceAt(input, offset)} (number ${offset})`;
      for (const place of places)
        if (wins(place) !== listed.has(place))
          return wrong(`${named(place)} ${wins(place) ? 'wins and is missing' : 'does not win and is listed'}`);
      if (all) return { correct: true, maxError: 0 };
      const step = Math.max(1, Math.floor(offsets.length / REHASHED));
      const loser = offsets.find((offset, at) => at % step === 0 && !wins(offset));
      if (loser !== undefined) return wrong(`${named(loser)} does not win and is listed`);
      const odd = oddNumber(offsets, count, target);
      return odd === null ? { correct: true, maxError: 0 } : wrong(odd);
    },
  };
}

/** Where there are too many or too few winners to be chance. */
function oddNumber(offsets: Uint32Array, count: number, target: bigint): string | null {
  const chance = Number((target + 1n) >> 192n) / 2 ** 64;
  const unlikely = (found: number, tried: number) =>
    Math.abs(found - tried * chance) > 6 * Math.sqrt(tried * chance * (1 - chance));
  const about = (tried: number) => `expected about ${Math.round(tried * chance)}`;
  if (unlikely(offsets.length, count)) return `${about(count)} winners, got ${offsets.length}`;
  const parts = new Uint32Array(PARTS);
  for (const offset of offsets) {
    const part = Math.floor((offset * PARTS) / count);
    parts[part] = 1 + (parts[part] as number);
  }
  const at = parts.findIndex((found) => unlikely(found, count / PARTS));
  return at < 0 ? null : `part ${at + 1} of ${PARTS} holds ${parts[at]} winners, ${about(count / PARTS)}`;
}

/** Exactly these, in any order. */
export function exactly(...want: readonly bigint[]): Oracle<SearchOutput> {
  const text = (list: Iterable<bigint>) => [...list].sort((a, b) => Number(a > b) - Number(a < b)).join(', ');
  return {
    method: 'the published nonce and no other',
    tolerance: { kind: 'exact' },
    check: ({ nonces }) =>
      text(nonces) === text(want)
        ? { correct: true, maxError: 0 }
        : { correct: false, maxError: null, detail: `expected the winners [${text(want)}], got [${text(nonces)}]` },
  };
}
