import { keccakF1600 } from './keccak-f.js';

/**
 * Keccak with the padding of the competition's submission, pad10*1 without a suffix: first byte 0x01, last 0x80.
 * Ethereum was fixed on it before FIPS 202 put a suffix in front (0x06 for SHA-3), so OpenSSL's SHA-3 answers otherwise.
 */
const PADDING = 0x01;

/** Keccak-256 of bytes of any length: 32 bytes. */
export const keccak256 = (message: Uint8Array): Uint8Array => sponge(message, 32, PADDING);

/** Keccak-512 of bytes of any length: 64 bytes. */
export const keccak512 = (message: Uint8Array): Uint8Array => sponge(message, 64, PADDING);

/**
 * The sponge of FIPS 202, section 4, with capacity twice the output.
 * @param length of the output in bytes, at most 64
 * @param suffix the padding's first byte: 0x01 as Ethereum has it, 0x06 for SHA-3
 */
export function sponge(message: Uint8Array, length: number, suffix: number): Uint8Array {
  const rate = 200 - 2 * length;
  const blocks = Math.floor(message.length / rate) + 1;
  const padded = new Uint8Array(blocks * rate);
  padded.set(message);
  padded[message.length] = suffix;
  padded[padded.length - 1] = (padded[padded.length - 1] as number) | 0x80;
  const view = new DataView(padded.buffer);
  const state = new Int32Array(50);
  for (let at = 0; at < padded.length; at += rate) {
    for (let w = 0; w < rate / 4; w++) state[w] = (state[w] as number) ^ view.getInt32(at + 4 * w, true);
    keccakF1600(state);
  }
  const out = new DataView(new ArrayBuffer(length));
  for (let w = 0; w < length / 4; w++) out.setInt32(4 * w, state[w] as number, true);
  return new Uint8Array(out.buffer);
}

const PADDED_ROW = 0x80000000 | 0;
const state = new Int32Array(50);

/** Keccak-512 of 64 bytes held as 16 little-endian words, from `words[at]` on, in place. */
export function keccak512Words(words: Uint32Array | Int32Array, at: number): void {
  for (let i = 0; i < 16; i++) state[i] = words[at + i] as number;
  // The rate is 72 bytes: one lane of padding holds both the first and the last bit.
  state[16] = PADDING;
  state[17] = PADDED_ROW;
  state.fill(0, 18);
  keccakF1600(state);
  for (let i = 0; i < 16; i++) words[at + i] = state[i] as number;
}
