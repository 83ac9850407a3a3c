import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  generateKeys,
  isSignedBy,
  KeyFileError,
  parseFingerprint,
  parsePrivateKey,
  parsePublicKey,
  sign,
} from '../../../reports/certificate/index.js';
import { pemOfSeed } from './sample.js';

/** RFC 8032, section 7.1: secret key, public key, message, signature. */
const rfc8032 = [
  [
    'TEST 1',
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    'TEST 2',
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'TEST 3',
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

/** RFC 8410, sections 10.1 and 10.3. */
const alice = {
  public:
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n',
  private:
    '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n',
};

const hex = (text: string) => Buffer.from(text, 'hex');
const pem = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const message = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(KeyFileError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

describe('Ed25519', () => {
  test.each(rfc8032)('RFC 8032, %s', (_, secret, publicKey, text, signature) => {
    const key = parsePrivateKey(pemOfSeed(secret), 'k');
    expect(key.public.spki.subarray(-32).toString('hex')).toBe(publicKey);
    expect(sign(hex(text), key).toString('hex')).toBe(signature);
    expect(isSignedBy(hex(text), hex(signature), key.public)).toBe(true);
    expect(isSignedBy(hex(`${text}00`), hex(signature), key.public)).toBe(false);
  });

  test('S beyond the order of the group is no signature (RFC 8032, 5.1.7)', () => {
    const [, secret, , , signature] = rfc8032[0];
    // S + L for the same R.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const little = (bytes: Buffer) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
    const s = (little(hex(signature).subarray(32)) + order).toString(16).padStart(64, '0');
    const malleable = Buffer.concat([hex(signature).subarray(0, 32), hex(s).reverse()]);
    expect(isSignedBy(Buffer.alloc(0), malleable, parsePrivateKey(pemOfSeed(secret), 'k').public)).toBe(false);
  });
});

describe('key files', () => {
  test('RFC 8410’s example: the public key that belongs to the private one', () => {
    const key = parsePrivateKey(alice.private, 'k');
    expect(parsePublicKey(alice.public, 'p').fingerprint).toBe(key.public.fingerprint);
    expect(key.key.export({ type: 'pkcs8', format: 'pem' })).toBe(alice.private);
    expect(key.public.key.export({ type: 'spki', format: 'pem' })).toBe(alice.public);
  });

  test('what is generated is read again, and is another every time', () => {
    const [one, two] = [generateKeys(), generateKeys()];
    expect(one.fingerprint).not.toBe(two.fingerprint);
    expect(parsePrivateKey(one.privatePem, 'k').public.fingerprint).toBe(one.fingerprint);
    expect(parsePublicKey(one.publicPem, 'p').fingerprint).toBe(one.fingerprint);
    expect(() => parsePublicKey(one.publicPem.replaceAll('\n', '\r\n'), 'p')).not.toThrow();
  });

  test('the fingerprint is OpenSSL’s', (context) => {
    const der = spawnSync('openssl', ['pkey', '-pubin', '-outform', 'DER'], { input: alice.public });
    if (der.error) context.skip('no openssl');
    const digest = spawnSync('openssl', ['dgst', '-sha256', '-r'], { input: der.stdout, encoding: 'utf8' });
    expect(digest.stdout.slice(0, 64)).toBe(parsePublicKey(alice.public, 'p').fingerprint);
  });

  test('fingerprints as people write them', () => {
    const digits = '0123456789abcdef'.repeat(4);
    for (const text of [digits, digits.toUpperCase(), ` SHA256:${digits}\n`, digits.replace(/../g, '$&:').slice(0, -1)])
      expect(parseFingerprint(text)).toBe(digits);
    for (const text of ['', digits.slice(1), `${digits}0`, digits.replace('0', 'g')])
      expect(parseFingerprint(text)).toBeNull();
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = generateKeyPairSync('ed25519');
  const x = generateKeyPairSync('x25519');
  const pkcs8 = (key: typeof ed.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
  const spki = (key: typeof ed.publicKey) => key.export({ type: 'spki', format: 'pem' }) as string;
  const locked = ed.privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'p',
  }) as string;

  test.each([
    ['nothing', '', /k is empty; expected an Ed25519 private key in PEM, as `assay keygen` writes it/],
    ['white space', ' \n', /k is empty/],
    ['words', 'hello', /k is not a key in PEM/],
    ['bytes', '\u0000\u0001\ufffd', /k is not a key in PEM/],
    ['a public key', alice.public, /k is a public key; signing needs the private one/],
    ['an RSA key', pkcs8(rsa.privateKey), /k is a private key of the kind rsa; expected Ed25519, which `assay keygen`/],
    ['an RSA key in PKCS#1', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }) as string, /of the kind rsa/],
    ['an EC key', pkcs8(ec.privateKey), /of the kind ec; expected Ed25519/],
    ['an EC key in SEC 1', ec.privateKey.export({ type: 'sec1', format: 'pem' }) as string, /of the kind ec/],
    ['an X25519 key', pkcs8(x.privateKey), /of the kind x25519/],
    ['an encrypted key', locked, /k is encrypted with a passphrase.*openssl pkey -in k -out FILE/],
    ['an OpenSSH key', pem('OPENSSH PRIVATE KEY', 'b3BlbnNzaC1rZXktdjEAAAAA'), /OpenSSH’s own format/],
    ['a certificate', pem('CERTIFICATE', 'AAAA'), /k holds a certificate; expected an Ed25519 private key/],
    ['half a key', alice.private.replace(/\+K06.*/, ''), /cut off or damaged/],
    ['a key without its end', alice.private.split('-----END')[0] as string, /cut off or damaged/],
    ['two keys', alice.private + alice.private, /k holds 2 things \(PRIVATE KEY, PRIVATE KEY\)/],
  ])('to sign, %s is refused', (_, text, expected) => {
    expect(message(() => parsePrivateKey(text, 'k'))).toMatch(expected);
  });

  test.each([
    ['nothing', '', /p is empty; expected an Ed25519 public key/],
    [
      'the private key',
      alice.private,
      /p is a private key, which only its holder should have.*openssl pkey -in p -pubout/,
    ],
    ['the private key, encrypted', locked, /p is a private key/],
    ['an RSA key', spki(rsa.publicKey), /p is a public key of the kind rsa/],
    ['an EC key', spki(ec.publicKey), /of the kind ec/],
    ['a cut key', alice.public.replace('Z9w7', ''), /cut off or damaged/],
    ['a certificate', pem('CERTIFICATE', 'AAAA'), /p holds a certificate/],
  ])('to verify, %s is refused', (_, text, expected) => {
    expect(message(() => parsePublicKey(text, 'p'))).toMatch(expected);
  });

  test('SubjectPublicKeyInfo that Node writes has the length that RFC 8410 gives', () => {
    expect(createPublicKey(alice.public).export({ type: 'spki', format: 'der' })).toHaveLength(44);
  });
});
