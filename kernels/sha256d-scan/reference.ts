import { createHash } from 'node:crypto';

export interface ScanInput {
  /** 80 bytes as serialised; bytes 76 … 79 (the nonce) are ignored. */
  header: Uint8Array;
  firstNonce: number;
  /** Nonces tried: firstNonce, firstNonce + 1, … modulo 2³². */
  count: number;
  /** A hash, read as a little-endian number, wins when it is at most this. */
  target: bigint;
}
export interface ScanOutput {
  /** Winning nonces in scan order. */
  nonces: Uint32Array;
}

/**
 * SHA-256d (SHA-256 of the SHA-256) of an 80-byte header with `nonce` at byte 76, little-endian, by
 * OpenSSL; read as a little-endian 256-bit number, as Bitcoin compares it with the target.
 */
export function proofOfWork(header: Uint8Array, nonce: number): bigint {
  const bytes = Buffer.from(header);
  bytes.writeUInt32LE(nonce, 76);
  const inner = createHash('sha256').update(bytes).digest();
  const digest = createHash('sha256').update(inner).digest();
  return BigInt(`0x${digest.reverse().toString('hex')}`);
}

/** Nonces of the range whose hash is at most the target, in scan order; the range wraps at 2³². */
export function scanReference(header: Uint8Array, firstNonce: number, count: number, target: bigint): Uint32Array {
  const bytes = Buffer.from(header);
  const top = Number(target >> 224n);
  const hits: number[] = [];
  for (let i = 0; i < count; i++) {
    const nonce = (firstNonce + i) % 4294967296;
    bytes.writeUInt32LE(nonce, 76);
    const digest = createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest();
    // The last four bytes decide nearly always; the whole number is compared only when they may pass.
    if (digest.readUInt32LE(28) <= top && proofOfWork(bytes, nonce) <= target) hits.push(nonce);
  }
  return Uint32Array.from(hits);
}
