import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../harness/root.js';
import { PAYLOAD_TYPE, pae, readEnvelope, writeEnvelope } from '../../../reports/certificate/dsse.js';
import {
  certify,
  explainVerification,
  outcomes,
  sign,
  type VerifyInput,
  verifyCertificate,
} from '../../../reports/certificate/index.js';
import { ResultFileError } from '../../../reports/store.js';
import { hardwareResult, sampleResult, sampleVerdict } from '../sample.js';
import { certified, challenge, issuedAt, seller, stranger, validUntil } from './sample.js';

const whole = certified(hardwareResult());
const other = certified(sampleResult({ id: '20261123T104512Z-quick-0001' }));
const input: VerifyInput = { certificate: whole.certificate, result: whole.result, now: issuedAt };
const check = (changes: Partial<VerifyInput>) => verifyCertificate({ ...input, ...changes });
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

type Fields = { [field: string]: unknown };
/** Sets the field at a path, as `predicate.card.name`. */
function setField(of: Fields, path: string, value: unknown): void {
  const [last = '', ...rest] = path.split('.').reverse();
  const at = rest.reverse().reduce((within, field) => within[field] as Fields, of);
  at[last] = value;
}

/** The same certificate with something else in its payload, signed anew. */
function resigned(changes: Readonly<Record<string, unknown>>, key = seller): Buffer {
  const statement = structuredClone(whole.statement) as unknown as Fields;
  for (const [path, value] of Object.entries(changes)) setField(statement, path, value);
  return signedAs(JSON.stringify(statement), key);
}

function signedAs(statement: string, key = seller): Buffer {
  const payload = Buffer.from(statement);
  const signature = sign(pae(PAYLOAD_TYPE, payload), key);
  return Buffer.from(writeEnvelope({ payload, keyid: key.public.fingerprint, signature }));
}

describe('a certificate', () => {
  test('is an in-toto statement over the bytes of the result', () => {
    const { digest, name } = whole.statement.subject[0] as { digest: { sha256: string }; name: string };
    expect(name).toBe('20261123T104512Z-quick-ab12.json');
    expect(digest.sha256).toBe(sha256(whole.result));
    expect(whole.statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'urn:assay:certificate:1',
      predicate: {
        kind: 'measurement',
        result: { schema: 'assay.result/1', id: '20261123T104512Z-quick-ab12', suite: 'quick' },
        card: { name: 'NVIDIA GeForce RTX 3090', pciId: '10de:2204', vbios: '94.02.26', software: false },
        ...{ verdict: null, policySha256: null, challenge },
        journal: { lines: whole.journal.toString().split('\n').length - 1 },
        ...{ issuedAt: issuedAt.toISOString(), validUntil: validUntil.toISOString() },
      },
    });
    expect(whole.statement.predicate.journal?.sha256Head).toBe(
      sha256(whole.journal.toString().match(/.*\n$/)?.[0] as string),
    );
  });

  test('is the same for the same input, and holds no private key', () => {
    expect(certified(hardwareResult()).text).toBe(whole.text);
    const secret = seller.key.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
    const envelope = readEnvelope(whole.certificate);
    expect(envelope.ok && Buffer.from(envelope.value.payload).toString()).not.toContain(
      secret.toString('base64').slice(4, 20),
    );
  });

  test('of a qualification has its verdict and the hash of its policy', () => {
    const policy = { schema: 'assay.policy/1' as const, name: 'p', memory: { leastCoverage: 0.9 } };
    const { statement } = certified({ ...hardwareResult(), verdict: sampleVerdict({ policy }) });
    expect(statement.predicate).toMatchObject({ kind: 'qualification', verdict: { overall: 'PASS', grade: 'B' } });
    expect(statement.predicate.verdict).not.toHaveProperty('policy');
    expect(statement.predicate.policySha256).toBe(
      sha256('{"schema":"assay.policy/1","name":"p","memory":{"leastCoverage":0.9}}'),
    );
  });

  test('is not made of what is no result', () => {
    const make = (result: Buffer) => certify({ result, name: 'r.json', key: seller, challenge, issuedAt, validUntil });
    expect(() => make(Buffer.from('{"schema":"assay.result/2"}'))).toThrow(ResultFileError);
    expect(() => make(whole.journal)).toThrow(/r\.json: is a journal, not a result/);
    expect(() => make(whole.result.subarray(0, 1000))).toThrow(/r\.json: is cut off/);
  });

  test('is verified by OpenSSL without Assay', (context) => {
    if (spawnSync('openssl', ['version']).error) context.skip('no openssl');
    const folder = mkdtempSync(join(tmpdir(), 'assay-openssl-'));
    try {
      const envelope = readEnvelope(whole.certificate);
      if (!envelope.ok) throw new Error(envelope.detail);
      const file = (name: string, text: string | Uint8Array) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const args = (signed: Uint8Array) => [
        ...['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey'],
        file('key.pem', seller.public.key.export({ type: 'spki', format: 'pem' })),
        ...['-in', file('signed', signed), '-sigfile', file('sig', envelope.value.signature)],
      ];
      const signed = pae(PAYLOAD_TYPE, envelope.value.payload);
      expect(spawnSync('openssl', args(signed), { encoding: 'utf8' })).toMatchObject({ status: 0 });
      signed[100] = (signed[100] as number) ^ 1;
      expect(spawnSync('openssl', args(signed)).status).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('the commands in docs/certificate.md check a certificate, and find a changed one', (context) => {
  for (const program of ['bash', 'openssl', 'jq', 'sha256sum'])
    if (spawnSync(program, ['--version']).error) context.skip(`no ${program}`);
  const page = readFileSync(join(packageRoot, 'docs', 'certificate.md'), 'utf8');
  const commands = /## Without Assay[\s\S]*?```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(commands.trim().split('\n')).toHaveLength(4);
  const folder = mkdtempSync(join(tmpdir(), 'assay-docs-'));
  const run = (certificate: Uint8Array, result: Uint8Array) => {
    writeFileSync(join(folder, 'ID.cert.json'), certificate);
    writeFileSync(join(folder, 'ID.json'), result);
    writeFileSync(join(folder, 'assay-key.pub.pem'), seller.public.key.export({ type: 'spki', format: 'pem' }));
    return spawnSync('bash', ['-ec', commands], { cwd: folder, encoding: 'utf8' });
  };
  try {
    expect(run(whole.certificate, whole.result)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/Signature Verified Successfully[\s\S]*ID\.json: OK/),
    });
    expect(run(whole.certificate, other.result).status).not.toBe(0);
    expect(run(certified(hardwareResult(), { key: stranger }).certificate, whole.result).status).not.toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('the outcome', () => {
  test('valid, with everything that can be compared', () => {
    const found = check({
      journal: whole.journal,
      key: seller.public,
      fingerprint: seller.public.fingerprint,
      challenge,
    });
    expect(found).toEqual({
      outcome: 'valid',
      detail: '',
      statement: whole.statement,
      fingerprint: seller.public.fingerprint,
    });
    expect(check({}).outcome).toBe('valid');
    expect(check({ now: validUntil }).outcome).toBe('valid');
  });

  const spaced = Buffer.from(whole.result.toString().replace('{', '{ '));
  const shifted = Buffer.from(whole.text.replace('  "payload"', '   "payload"'));
  test.each<[string, Partial<VerifyInput>, RegExp]>([
    ['altered', { result: spaced }, /the result was changed after it was signed: its SHA-256 is [0-9a-f]{64}, and/],
    ['altered', { result: Buffer.from('x') }, /the result was changed/],
    ['altered', { certificate: shifted }, /not as Assay writes them/],
    ['altered', { certificate: Buffer.from(whole.text.replace(/"sig": "./, '"sig": "A')) }, /signature does not fit/],
    [
      'altered',
      { certificate: Buffer.from(whole.text.replace(seller.public.fingerprint, stranger.public.fingerprint)) },
      /the key that it names is not the one that signed it/,
    ],
    ['wrong-key', { key: stranger.public }, /signed by [0-9a-f]{64}, and [0-9a-f]{64} was expected/],
    ['wrong-key', { fingerprint: stranger.public.fingerprint }, /was expected/],
    ['wrong-key', { key: seller.public, fingerprint: stranger.public.fingerprint }, /was expected/],
    ['result-does-not-match', { result: other.result }, /the result is 20261123T104512Z-quick-0001, and/],
    ['expired', { now: new Date(validUntil.getTime() + 1) }, /it was valid until 2026-12-24T12:00:00.000Z/],
    ['wrong-challenge', { challenge: 'another' }, /it answers "b2f1 for the 3090", and "another" was expected/],
    ['journal-broken', { journal: other.journal }, /the journal has \d+ lines|last line/],
    ['malformed', { certificate: whole.result }, /unknown field|expected/],
    ['malformed', { certificate: Buffer.from('hello') }, /is not JSON/],
  ])('%s: %o', (outcome, changes, detail) => {
    expect(check(changes).detail).toMatch(detail);
    expect(check(changes).outcome).toBe(outcome);
  });

  test('signed again by somebody else, it is theirs', () => {
    const certificate = certified(hardwareResult(), { key: stranger }).certificate;
    expect(check({ certificate }).fingerprint).toBe(stranger.public.fingerprint);
    expect(check({ certificate, key: seller.public }).outcome).toBe('wrong-key');
    // With the seller's key named in it, the signature is not that key's.
    const posed = resigned({}, stranger);
    expect(check({ certificate: posed }).outcome).toBe('altered');
  });

  test.each<[string, RegExp, Record<string, unknown>]>([
    ['result-does-not-match', /something else than the result of card$/, { 'predicate.card.name': 'RTX 4090' }],
    [
      'result-does-not-match',
      /of kind, verdict$/,
      { 'predicate.kind': 'qualification', 'predicate.verdict': { overall: 'PASS' } },
    ],
    ['result-does-not-match', /of journal$/, { 'predicate.journal': null }],
    ['malformed', /predicateType: expected "urn:assay:certificate:1"/, { predicateType: 'urn:assay:certificate:2' }],
    ['malformed', /_type: expected/, { _type: 'https://in-toto.io/Statement/v0.1' }],
    ['malformed', /subject/, { subject: [...whole.statement.subject, ...whole.statement.subject] }],
    ['malformed', /publicKey: expected an Ed25519 public key/, { 'predicate.signer.publicKey': 'AAAA' }],
    ['malformed', /publicKey/, { 'predicate.signer.publicKey': `${seller.public.spki.toString('base64')}=` }],
    ['malformed', /validUntil: expected an ISO 8601 time/, { 'predicate.validUntil': 'never' }],
  ])('%s where its signer says what does not fit: %s', (outcome, detail, changes) => {
    const found = check({ certificate: resigned(changes) });
    expect(found.detail).toMatch(detail);
    expect(found.outcome).toBe(outcome);
  });

  test('fields that nobody knows yet are signed and no hindrance; one that is given twice is', () => {
    expect(check({ certificate: resigned({ 'predicate.later': 1 }) }).outcome).toBe('valid');
    const twice = JSON.stringify(whole.statement).replace('"challenge":', '"challenge":"x","challenge":');
    expect(check({ certificate: signedAs(twice) })).toMatchObject({
      outcome: 'malformed',
      detail: expect.stringContaining('each field once'),
    });
  });

  test('without a challenge or an end', () => {
    const { certificate } = certified(hardwareResult(), { challenge: null, validUntil: null });
    expect(check({ certificate, now: new Date('2126-01-01') }).outcome).toBe('valid');
    expect(check({ certificate, challenge })).toMatchObject({
      outcome: 'wrong-challenge',
      detail: expect.stringContaining('it has none'),
    });
  });

  const lines = whole.journal.toString().match(/.*\n/g) as string[];
  test.each([
    ['its last line taken away', lines.slice(0, -1).join(''), /has \d+ lines, and the result was built from/],
    ['a line added', lines.join('') + lines.at(-1), /line \d+ of the journal is out of place/],
    ['two lines exchanged', [lines[1], lines[0], ...lines.slice(2)].join(''), /line 1 of the journal is out of place/],
    [
      'its last line changed',
      lines.join('').replace('"exitCode":0', '"exitCode":1'),
      /the last line of the journal is not/,
    ],
    ['an unfinished line', `${lines.join('')}{"type"`, /ends in the middle of a line/],
    ['no chain', lines.map((l) => `${l.replace(/,"prev":"[0-9a-f]*"\}\n$/, '}')}\n`).join(''), /no chain/],
    ['nothing in it', '', /no chain/],
  ])('journal-broken: %s', (_, text, detail) => {
    const found = check({ journal: Buffer.from(text) });
    expect(found.detail).toMatch(detail);
    expect(found.outcome).toBe('journal-broken');
  });

  test('journal-broken where the result keeps no hash of it', () => {
    const { journal: _, ...unchained } = whole.built;
    const result = Buffer.from(JSON.stringify(unchained));
    const { text } = certify({ result, name: 'old.json', key: seller, challenge, issuedAt, validUntil });
    const old = { certificate: Buffer.from(text), result, now: issuedAt };
    expect(verifyCertificate(old).outcome).toBe('valid');
    expect(verifyCertificate({ ...old, journal: whole.journal })).toMatchObject({
      outcome: 'journal-broken',
      detail: expect.stringContaining('keeps no hash of its journal'),
    });
  });

  test('has sentences of its own, each with what to do', () => {
    const said = outcomes.map((outcome) => explainVerification({ outcome, detail: 'so it is' }));
    expect(new Set(said.map(([first]) => first)).size).toBe(outcomes.length);
    for (const [i, sentences] of said.entries()) {
      expect(sentences[1]).toBe('So it is.');
      expect(sentences).toHaveLength(outcomes[i] === 'valid' ? 2 : 3);
    }
  });
});
