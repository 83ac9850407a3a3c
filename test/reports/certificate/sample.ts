import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildResult } from '../../../reports/build-result.js';
import { certify, parsePrivateKey } from '../../../reports/certificate/index.js';
import { openJournal, parseJournal } from '../../../reports/journal.js';
import type { Result } from '../../../reports/schema.js';
import { journalOf } from '../sample.js';

/** An Ed25519 key as PKCS#8 in PEM (RFC 8410, section 7) from its 32 bytes. */
export function pemOfSeed(seed: string): string {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}

/** Secret keys of RFC 8032, 7.1, TEST 1 and TEST 2, so that certificates here are the same every time. */
export const seller = parsePrivateKey(
  pemOfSeed('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
  'seller',
);
export const stranger = parsePrivateKey(
  pemOfSeed('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
  'stranger',
);

export const issuedAt = new Date('2026-11-24T12:00:00.000Z');
export const validUntil = new Date('2026-12-24T12:00:00.000Z');
export const challenge = 'b2f1 for the 3090';

/** The files of a run as they lie on disk, with a certificate over them. */
export function certified(of: Result, changes: Partial<Parameters<typeof certify>[0]> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-certificate-'));
  try {
    const journal = openJournal(join(folder, 'run.jsonl'));
    for (const record of journalOf(of)) journal.append(record);
    journal.close();
    const lines = readFileSync(journal.path);
    const { records, head } = parseJournal(lines, 'run.jsonl');
    const built = { ...buildResult(records, head), checks: of.checks, ...(of.verdict && { verdict: of.verdict }) };
    const result = Buffer.from(`${JSON.stringify(built, null, 2)}\n`);
    const input = { result, name: `${of.id}.json`, key: seller, challenge, issuedAt, validUntil, ...changes };
    const certificate = certify(input);
    return { ...certificate, certificate: Buffer.from(certificate.text), result, journal: lines, built };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
