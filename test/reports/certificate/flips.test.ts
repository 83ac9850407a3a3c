import { expect, test } from 'vitest';
import { verifyCertificate } from '../../../reports/certificate/index.js';
import { seeded } from '../../statistics/random.js';
import { sampleResult } from '../sample.js';
import { certified, issuedAt, seller } from './sample.js';

const FLIPS = 10_000;

/** A short run, so that many flips fall on each of its bytes' kinds and the test is quick. */
function files() {
  const result = sampleResult();
  result.measurements = result.measurements.slice(0, 4);
  const { certificate, result: bytes, journal } = certified(result);
  return { certificate, result: bytes, journal };
}

test(`any flipped bit of certificate, result or journal is found: ${FLIPS} of them`, () => {
  const sound = files();
  const verify = (changed: Partial<typeof sound>) =>
    verifyCertificate({ ...sound, ...changed, key: seller.public, now: issuedAt });
  expect(verify({}).outcome).toBe('valid');
  const random = seeded(20261124);
  const names = ['certificate', 'result', 'journal'] as const;
  const seen: Record<string, number> = {};
  for (let n = 0; n < FLIPS; n++) {
    const name = names[n % names.length] as (typeof names)[number];
    const bytes = Buffer.from(sound[name]);
    const bit = Math.floor(random() * 8 * bytes.length);
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    const { outcome } = verify({ [name]: bytes });
    if (outcome === 'valid') throw new Error(`bit ${bit & 7} of byte ${bit >> 3} of the ${name} was flipped unseen`);
    seen[`${name} ${outcome}`] = (seen[`${name} ${outcome}`] ?? 0) + 1;
  }
  expect(Object.keys(seen).sort()).toEqual([
    'certificate altered',
    'certificate malformed',
    'journal journal-broken',
    'result altered',
    'result result-does-not-match',
  ]);
});

test('every bit of a certificate', () => {
  const sound = files();
  for (let bit = 0; bit < 8 * sound.certificate.length; bit++) {
    const certificate = Buffer.from(sound.certificate);
    certificate[bit >> 3] = (certificate[bit >> 3] as number) ^ (1 << (bit & 7));
    const { outcome } = verifyCertificate({ certificate, result: sound.result, now: issuedAt });
    if (outcome === 'valid') throw new Error(`bit ${bit & 7} of byte ${bit >> 3} was flipped unseen`);
  }
});
