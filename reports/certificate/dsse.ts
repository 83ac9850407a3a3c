import { z } from 'zod';
import { explainIssues } from '../validate.js';

/**
 * DSSE v1 (Dead Simple Signing Envelope, secure-systems-lab/dsse, protocol.md and envelope.md, 1.0.2), with exactly one
 * signature and one way to write it down.
 */
export interface Envelope {
  readonly payload: Uint8Array;
  /** DSSE leaves it unsigned; here it must be the fingerprint of the key, see `verify.ts`. */
  readonly keyid: string;
  readonly signature: Uint8Array;
}

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/**
 * The bytes that are signed: PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body, where LEN is the
 * number of bytes in decimal (protocol.md, "Signature Definition").
 */
export function pae(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** The envelope as a file, the same for the same contents. */
export function writeEnvelope({ payload, keyid, signature }: Envelope): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const signatures = [{ keyid, sig: base64(signature) }];
  return `${JSON.stringify({ payloadType: PAYLOAD_TYPE, payload: base64(payload), signatures }, null, 2)}\n`;
}

const envelope = z.strictObject({
  payloadType: z.literal(PAYLOAD_TYPE),
  payload: z.string(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).length(1),
});

export type Read<T> = { readonly ok: true; readonly value: T } | Unreadable;

export interface Unreadable {
  readonly ok: false;
  /** `altered`: it is one, and not as it was written. */
  readonly fault: 'malformed' | 'altered';
  readonly detail: string;
}

const malformed = (detail: string): Unreadable => ({ ok: false, fault: 'malformed', detail });

/**
 * Reads an envelope, and only as `writeEnvelope` writes it, byte for byte. So what no signature covers (white space, order
 * and escapes of JSON, spare bits of base64, fields that nobody knows) cannot be changed unseen either.
 */
export function readEnvelope(bytes: Uint8Array): Read<Envelope> {
  const json = readJson(bytes, 'a certificate');
  if (!json.ok) return json;
  const checked = envelope.safeParse(json.value);
  if (!checked.success) return malformed(explainIssues(checked.error, json.value).join('; '));
  const [signature] = checked.data.signatures as [{ keyid: string; sig: string }];
  const value = {
    payload: Buffer.from(checked.data.payload, 'base64'),
    keyid: signature.keyid,
    signature: Buffer.from(signature.sig, 'base64'),
  };
  if (!Buffer.from(writeEnvelope(value)).equals(bytes))
    return {
      ...{ ok: false, fault: 'altered' },
      detail: 'its bytes are not as Assay writes them: white space, base64 or the order of fields was changed',
    };
  return { ok: true, value };
}

/** UTF-8 and JSON, or what is wrong with it. @param what is expected, with its article */
export function readJson(bytes: Uint8Array, what: string): Read<unknown> {
  if (bytes.length === 0) return malformed(`is empty; expected ${what}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return malformed(`is not text in UTF-8; expected ${what}`);
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return malformed(`is not JSON; expected ${what}`);
  }
}
