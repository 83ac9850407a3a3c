import { createHash } from 'node:crypto';
import type { HashChains } from './programs.js';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

/**
 * The digest after `repeats` double hashes by OpenSSL, each digest put into the header in place of the previous
 * block's hash (bytes 4 … 35).
 * Source: FIPS 180-4; the header's fields as in the Bitcoin developer reference, "Block Headers".
 */
export function hashChain(header: Uint8Array, nonce: number, repeats: number): Uint8Array {
  const bytes = Buffer.from(header);
  bytes.writeUInt32LE(nonce, 76);
  for (let i = 0; i < repeats; i++) sha256(sha256(bytes)).copy(bytes, 4);
  return bytes.subarray(4, 36);
}

/** What each invocation of `sha256d.wgsl` leaves: the digest's words joined by exclusive or, plus its index. */
export function hashEnds(header: Uint8Array, { invocations, distinct, repeats }: HashChains): Uint32Array {
  const joined = Uint32Array.from({ length: distinct }, (_, nonce) => {
    const digest = Buffer.from(hashChain(header, nonce, repeats));
    return [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, i) => sum ^ digest.readUInt32BE(4 * i), 0);
  });
  return Uint32Array.from({ length: invocations }, (_, i) => (joined[i % distinct] as number) + i);
}
