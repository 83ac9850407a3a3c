import { sha256 } from '../journal-chain.js';
import { parseResult } from '../store.js';
import { PAYLOAD_TYPE, pae, writeEnvelope } from './dsse.js';
import { type PrivateKey, sign } from './keys.js';
import { PREDICATE_TYPE, STATEMENT_TYPE, type Statement, summaryOf } from './statement.js';
import { verifyCertificate } from './verify.js';

export interface CertifyInput {
  /** The result file as it stands on disk. */
  readonly result: Uint8Array;
  /** Name of the file without its folder. */
  readonly name: string;
  readonly key: PrivateKey;
  readonly challenge: string | null;
  readonly issuedAt: Date;
  /** Null: without end. */
  readonly validUntil: Date | null;
}

export interface Certificate {
  /** What the file holds. */
  readonly text: string;
  readonly statement: Statement;
}

/**
 * Signs the exact bytes of a result.
 * @throws {ResultFileError} when they are no result
 */
export function certify({ result, name, key, challenge, issuedAt, validUntil }: CertifyInput): Certificate {
  const parsed = parseResult(Buffer.from(result).toString('utf8'), name);
  const statement: Statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: sha256(result) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      ...summaryOf(parsed),
      signer: { algorithm: 'Ed25519', publicKey: key.public.spki.toString('base64') },
      issuedAt: issuedAt.toISOString(),
      validUntil: validUntil?.toISOString() ?? null,
      challenge,
    },
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const signature = sign(pae(PAYLOAD_TYPE, payload), key);
  const text = writeEnvelope({ payload, keyid: key.public.fingerprint, signature });
  const check = verifyCertificate({ certificate: Buffer.from(text), result, key: key.public, now: issuedAt });
  if (check.outcome !== 'valid') throw new Error(`the certificate just made is not valid: ${check.detail}`);
  return { text, statement };
}
