import { createHash } from 'node:crypto';

/** SHA-256 of each message by OpenSSL, through node:crypto: an oracle that this project did not write. */
export function sha256Reference(messages: readonly Uint8Array[]): Uint8Array[] {
  return messages.map((m) => new Uint8Array(createHash('sha256').update(m).digest()));
}
