/** How messages and digests lie in GPU buffers, and the padding of FIPS 180-4, section 5.1.1. */

/** 64-byte blocks that a message of `length` bytes fills: its bytes, one 0x80, eight bytes of length. */
export function blockCount(length: number): number {
  return Math.floor((length + 8) / 64) + 1;
}

/** Messages padded and laid end to end as big-endian words, and the table of where each begins. */
export function packMessages(messages: readonly Uint8Array[]): { blocks: Uint32Array; table: Uint32Array } {
  const table = new Uint32Array(messages.length + 2);
  table[0] = messages.length;
  messages.forEach((m, i) => {
    table[i + 2] = (table[i + 1] as number) + blockCount(m.length);
  });
  const bytes = new Uint8Array((table[messages.length + 1] as number) * 64);
  const view = new DataView(bytes.buffer);
  messages.forEach((m, i) => {
    const start = (table[i + 1] as number) * 64;
    const end = (table[i + 2] as number) * 64;
    bytes.set(m, start);
    bytes[start + m.length] = 0x80;
    view.setUint32(end - 8, Math.floor(m.length / 0x20000000));
    view.setUint32(end - 4, (m.length << 3) >>> 0);
  });
  return { blocks: bigEndianWords(bytes), table };
}

/** Bytes, a multiple of four of them, as 32-bit words, first byte most significant. */
export function bigEndianWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4));
}

/** The inverse of `bigEndianWords`, from a GPU buffer's native words. */
export function wordsToBytes(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((w, i) => {
    view.setUint32(i * 4, w);
  });
  return bytes;
}

/** A GPU buffer's bytes as its 32-bit words, copied only when they are not aligned. */
export function asWords(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
