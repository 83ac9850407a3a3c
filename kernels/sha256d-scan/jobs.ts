import { compress, INITIAL_STATE, K, round, sigma0, sigma1 } from '../sha256/compress.js';
import { bigEndianWords } from '../sha256/layout.js';
import type { ScanInput } from './reference.js';

/** What each variant's host side works out before a scan, as the words that the WGSL declares. */

/** The header's words up to the nonce; words 16 … 18 of them belong to its second block. */
const headerWords = (header: Uint8Array) => bigEndianWords(header).subarray(0, 19);

/** The first nonce, and how many follow it: there may be 2³², which no word holds. */
export const rangeWords = ({ firstNonce, count }: ScanInput): number[] => [firstNonce, count - 1];

/** Where `naive` starts: the header's words up to the nonce. */
export const naiveWords = ({ header }: ScanInput): Uint32Array => headerWords(header);

/** Where `midstate` and `unrolled` start: the midstate and the second block's words up to the nonce. */
export const midstateWords = ({ header }: ScanInput): number[] => [
  ...midstateOf(header),
  ...headerWords(header).subarray(16),
];

/** The chaining value after the header's first block, which the nonce does not reach. */
export function midstateOf(header: Uint8Array): Uint32Array {
  return compress(INITIAL_STATE, headerWords(header).subarray(0, 16));
}

/** Bits that are 0 in the digest's last word of every winner: those above the target's highest 1, byte-swapped. */
export function zeroBits(target: bigint): number {
  const top = Number(target >> 224n);
  const above = top === 0 ? 0xffffffff : Math.clz32(top) === 0 ? 0 : (0xffffffff << (32 - Math.clz32(top))) >>> 0;
  return Buffer.from(Uint32Array.of(above).buffer).swap32().readUInt32LE();
}

/** `struct Prepared` of shared/sha256d-job.wgsl. */
export function preparedWords({ header, target }: ScanInput): Uint32Array {
  const midstate = midstateOf(header);
  const w = Uint32Array.from({ length: 18 });
  w.set(headerWords(header).subarray(16));
  w[4] = 0x80000000;
  w[15] = 640;
  const at = (i: number) => w[i] as number;
  for (const t of [16, 17]) w[t] = at(t - 16) + sigma0(at(t - 15)) + at(t - 7) + sigma1(at(t - 2));
  const kw = (t: number) => (K[t] as number) + at(t);
  // With W3 left out: it is added to a and e, and in no other place, before the next round.
  let s: ArrayLike<number> = midstate;
  for (let t = 0; t < 4; t++) s = round(s, kw(t));
  const [a, b, c, d, e, f, g, h] = Array.from(s) as [number, number, number, number, number, number, number, number];
  const sums = [h + kw(4), d + h + kw(4), g + kw(5), c + g + kw(5), f + kw(6), b + f + kw(6)];
  const schedule = [
    ...[at(16), at(17), kw(16), kw(17)],
    ...[at(2) + at(11) + sigma1(at(16)), sigma0(at(4)) + at(12) + sigma1(at(17))],
    ...[sigma0(at(16)) + at(15), sigma0(at(17)) + at(16)],
  ];
  return Uint32Array.from([...midstate, a, b, c, d, e, f, g, h, ...sums, ...schedule, zeroBits(target), 0]);
}
