import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';

/**
 * Ed25519 keys (RFC 8032) in files as RFC 8410 has them: PKCS#8 and SubjectPublicKeyInfo, in PEM. A key's fingerprint is
 * the SHA-256 of its SubjectPublicKeyInfo in DER, so `openssl pkey -pubin -in FILE -outform DER | sha256sum` gives it.
 */
export interface PublicKey {
  readonly key: KeyObject;
  /** DER, 44 bytes. */
  readonly spki: Buffer;
  /** 64 lower-case hexadecimal digits. */
  readonly fingerprint: string;
}

export interface PrivateKey {
  readonly key: KeyObject;
  readonly public: PublicKey;
}

/** A key file is not what was asked for. The message names it and says what to do. */
export class KeyFileError extends Error {
  override name = 'KeyFileError';
}

/** RFC 8410, section 4: SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const SPKI_LENGTH = SPKI_PREFIX.length + 32;

export function generateKeys(): { privatePem: string; publicPem: string; fingerprint: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    fingerprint: described(publicKey).fingerprint,
  };
}

/** @param name of the file, for messages @throws {KeyFileError} */
export function parsePrivateKey(pem: string, name: string): PrivateKey {
  const label = onlyLabel(pem, name, 'private');
  if (label === 'PUBLIC KEY')
    throw new KeyFileError(
      `${name} is a public key; signing needs the private one that \`assay keygen\` wrote with it`,
    );
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (encrypted)
    throw new KeyFileError(
      `${name} is encrypted with a passphrase, which is not asked for here: decrypt it to where nobody else can read, \`openssl pkey -in ${name} -out FILE\``,
    );
  const key = load(name, 'a private', label, () => createPrivateKey(pem));
  return { key, public: described(createPublicKey(key)) };
}

/** @param name of the file, for messages @throws {KeyFileError} */
export function parsePublicKey(pem: string, name: string): PublicKey {
  const label = onlyLabel(pem, name, 'public');
  if (label.endsWith('PRIVATE KEY'))
    throw new KeyFileError(
      `${name} is a private key, which only its holder should have; checking needs the public one beside it: \`openssl pkey -in ${name} -pubout\` prints it`,
    );
  return described(load(name, 'a public', label, () => createPublicKey(pem)));
}

/** @returns null where the bytes are no Ed25519 key in the one way to write it */
export function publicKeyOf(spki: Buffer): PublicKey | null {
  if (spki.length !== SPKI_LENGTH || !spki.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX)) return null;
  return described(createPublicKey({ key: spki, format: 'der', type: 'spki' }));
}

/** @returns 64 bytes, R and S of RFC 8032, 5.1.6 */
export const sign = (message: Uint8Array, { key }: PrivateKey): Buffer => signBytes(null, message, key);

export const isSignedBy = (message: Uint8Array, signature: Uint8Array, { key }: PublicKey): boolean =>
  verifyBytes(null, message, key, signature);

/** As people write it: with colons, spaces, capitals, or `SHA256:` before it. @returns null when it is none */
export function parseFingerprint(text: string): string | null {
  const digits = text
    .replace(/^\s*sha-?256:/i, '')
    .replace(/[\s:]/g, '')
    .toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : null;
}

function described(key: KeyObject): PublicKey {
  const spki = key.export({ type: 'spki', format: 'der' });
  return { key, spki, fingerprint: createHash('sha256').update(spki).digest('hex') };
}

/** What the file says that it holds; a file of several things, or of none, is refused. */
function onlyLabel(pem: string, name: string, wanted: 'private' | 'public'): string {
  const expected = `expected an Ed25519 ${wanted} key in PEM, as \`assay keygen\` writes it`;
  if (pem.trim() === '') throw new KeyFileError(`${name} is empty; ${expected}`);
  const labels = [...pem.matchAll(/^-----BEGIN ([A-Z0-9 ]+)-----\s*$/gm)].map((match) => match[1] as string);
  if (labels.length > 1)
    throw new KeyFileError(`${name} holds ${labels.length} things (${labels.join(', ')}); ${expected}`);
  const [label] = labels;
  if (label === undefined) throw new KeyFileError(`${name} is not a key in PEM; ${expected}`);
  if (!label.endsWith('PRIVATE KEY') && label !== 'PUBLIC KEY')
    throw new KeyFileError(`${name} holds a ${label.toLowerCase()}; ${expected}`);
  return label;
}

function load(name: string, which: string, label: string, read: () => KeyObject): KeyObject {
  const hint = 'expected Ed25519, which `assay keygen` makes';
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    if (label === 'OPENSSH PRIVATE KEY')
      throw new KeyFileError(`${name} is a key in OpenSSH’s own format; ${hint}`, { cause: error });
    throw new KeyFileError(`${name} cannot be read as ${which} key: it is cut off or damaged; ${hint}`, {
      cause: error,
    });
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new KeyFileError(`${name} is ${which} key of the kind ${key.asymmetricKeyType}; ${hint}`);
  return key;
}
