import { isDeepStrictEqual } from 'node:util';
import { checkChain, sha256 } from '../journal-chain.js';
import { parseResult, ResultFileError } from '../store.js';
import { PAYLOAD_TYPE, pae, readEnvelope } from './dsse.js';
import { isSignedBy, type PublicKey, publicKeyOf } from './keys.js';
import { readStatement, type Statement, signedSummary, subjectOf, summaryOf } from './statement.js';

/** How a check of a certificate ends. */
export const outcomes = [
  'valid',
  'altered',
  'wrong-key',
  'result-does-not-match',
  'expired',
  'wrong-challenge',
  'journal-broken',
  'malformed',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface VerifyInput {
  /** Files as they stand on disk. */
  readonly certificate: Uint8Array;
  readonly result: Uint8Array;
  /** Not compared where it is not given. */
  readonly journal?: Uint8Array;
  /** Whose signature is expected, as a key or by its fingerprint; without either anybody's will do. */
  readonly key?: PublicKey;
  readonly fingerprint?: string;
  readonly challenge?: string;
  readonly now: Date;
}

export interface Verification {
  readonly outcome: Outcome;
  /** What was found, in the middle of a sentence; empty when valid. */
  readonly detail: string;
  /** Null where none could be read. Signed by whoever `fingerprint` names only when the outcome is not about the signature. */
  readonly statement: Statement | null;
  readonly fingerprint: string | null;
}

/**
 * Checks a certificate against the result, and against all else that is given. Signature first: before it is right,
 * nothing that the certificate says is believed. The first thing that is wrong is the outcome.
 */
export function verifyCertificate(input: VerifyInput): Verification {
  const envelope = readEnvelope(input.certificate);
  if (!envelope.ok) return { outcome: envelope.fault, detail: envelope.detail, statement: null, fingerprint: null };
  const { payload, signature, keyid } = envelope.value;
  const read = readStatement(payload);
  if (!read.ok) return { outcome: read.fault, detail: read.detail, statement: null, fingerprint: null };
  const statement = read.value;
  const { publicKey } = statement.predicate.signer;
  const spki = Buffer.from(publicKey, 'base64');
  const key = spki.toString('base64') === publicKey ? publicKeyOf(spki) : null;
  const fail = (outcome: Outcome, detail: string): Verification => ({
    ...{ outcome, detail, statement },
    fingerprint: key?.fingerprint ?? null,
  });

  if (key === null) return fail('malformed', 'payload: predicate.signer.publicKey: expected an Ed25519 public key');
  if (!isSignedBy(pae(PAYLOAD_TYPE, payload), signature, key))
    return fail('altered', 'its signature does not fit what it says');
  if (keyid !== key.fingerprint) return fail('altered', 'the key that it names is not the one that signed it');
  const expected = input.key?.fingerprint ?? input.fingerprint ?? key.fingerprint;
  if ([expected, input.fingerprint ?? expected].some((one) => one !== key.fingerprint))
    return fail('wrong-key', `it is signed by ${key.fingerprint}, and ${expected} was expected`);

  const wrong =
    checkBytes(input.result, statement) ??
    (input.journal && checkJournal(input.journal, statement)) ??
    checkSummary(input.result, statement) ??
    checkChallenge(input.challenge, statement) ??
    checkTime(input.now, statement);
  return wrong ? fail(...wrong) : { outcome: 'valid', detail: '', statement, fingerprint: key.fingerprint };
}

type Wrong = [Outcome, string] | undefined;

function checkBytes(bytes: Uint8Array, statement: Statement): Wrong {
  const [signed, found] = [subjectOf(statement), sha256(bytes)];
  if (signed === found) return undefined;
  const { id } = statement.predicate.result;
  const other = idOf(bytes);
  const digests = `its SHA-256 is ${found}, and ${signed} was signed`;
  return other === null || other === id
    ? ['altered', `the result was changed after it was signed: ${digests}`]
    : ['result-does-not-match', `the result is ${other}, and ${id} was signed: ${digests}`];
}

/** A signer may not say of a result what does not stand in it. */
function checkSummary(bytes: Uint8Array, statement: Statement): Wrong {
  try {
    const result = parseResult(Buffer.from(bytes).toString('utf8'), 'the result');
    const [said, derived] = [signedSummary(statement), summaryOf(result)];
    const differs = (Object.keys(derived) as (keyof typeof derived)[]).filter(
      (field) => !isDeepStrictEqual(said[field], derived[field]),
    );
    if (differs.length > 0)
      return ['result-does-not-match', `the certificate says something else than the result of ${differs.join(', ')}`];
  } catch (error) {
    if (!(error instanceof ResultFileError)) throw error;
    return ['malformed', `these bytes were signed, but this version cannot read them: ${error.message}`];
  }
  return undefined;
}

/** The id of whatever result it may be; null where it is none. */
function idOf(bytes: Uint8Array): string | null {
  try {
    const { schema, id } = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof schema === 'string' && typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

function checkJournal(bytes: Uint8Array, { predicate: { journal } }: Statement): Wrong {
  const broken = (detail: string): Wrong => ['journal-broken', detail];
  const chain = checkChain(bytes);
  if (journal === null)
    return broken('the result keeps no hash of its journal, so no journal can be shown to be its own');
  if (chain.kind === 'none') return broken('no chain: the lines of this journal carry no hashes');
  if (chain.kind === 'broken') return broken(`line ${chain.line} of the journal is out of place: ${chain.why}`);
  if (chain.unfinished) return broken('the journal ends in the middle of a line');
  const { lines, sha256Head } = chain.head;
  if (lines !== journal.lines)
    return broken(`the journal has ${lines} lines, and the result was built from ${journal.lines}`);
  if (sha256Head !== journal.sha256Head)
    return broken('the last line of the journal is not the one that the result was built from');
  return undefined;
}

function checkChallenge(challenge: string | undefined, { predicate }: Statement): Wrong {
  if (challenge === undefined || challenge === predicate.challenge) return;
  const has = predicate.challenge === null ? 'has none' : `answers ${JSON.stringify(predicate.challenge)}`;
  return ['wrong-challenge', `it ${has}, and ${JSON.stringify(challenge)} was expected`];
}

function checkTime(now: Date, { predicate: { validUntil } }: Statement): Wrong {
  if (validUntil === null || now.getTime() <= Date.parse(validUntil)) return;
  return ['expired', `it was valid until ${validUntil}`];
}
