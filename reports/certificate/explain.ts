import type { Outcome, Verification } from './verify.js';

interface Words {
  readonly sentence: string;
  /** What to do. */
  readonly next: string;
}

const words: Readonly<Record<Outcome, Words>> = {
  valid: {
    sentence: 'The holder of this key vouches for this result, and neither has been changed since.',
    next: '',
  },
  altered: {
    sentence: 'The certificate or the result was changed after it was signed.',
    next: 'Do not rely on it; ask whoever signed it for the original files, unpacked and unedited.',
  },
  'wrong-key': {
    sentence: 'Somebody else signed this than was expected.',
    next: 'Ask the seller for their fingerprint in another way than the one by which this certificate came.',
  },
  'result-does-not-match': {
    sentence: 'The certificate is of another result.',
    next: 'Give the result whose name the certificate has, or ask for the certificate of this one.',
  },
  expired: {
    sentence: 'The certificate was genuine and its time is over.',
    next: 'Ask for a new test of the card and a new certificate.',
  },
  'wrong-challenge': {
    sentence: 'The certificate does not answer this challenge: it may have been made for somebody else, or before.',
    next: 'Send the challenge again and ask for a certificate that `assay certify --challenge` made with it.',
  },
  'journal-broken': {
    sentence: 'The journal is not the one, whole and unchanged, from which the result was built.',
    next: 'Ask for the journal as the run left it; the certificate of the result can be checked without it.',
  },
  malformed: {
    sentence: 'This is not a certificate that can be read here.',
    next: 'See that it is the .cert.json file itself, whole; a newer version of Assay may have made it.',
  },
};

/** Each outcome in its own sentences: what it means, what was found, what to do. */
export function explainVerification({ outcome, detail }: Pick<Verification, 'outcome' | 'detail'>): string[] {
  const { sentence, next } = words[outcome];
  const found = detail && `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
  return [sentence, found, next].filter((part) => part !== '');
}

/** Where the paper ends, for whoever reads it and for the page. */
export const PROVES = [
  'Whoever holds the private key of this fingerprint signed these exact bytes, and they have not been changed since.',
  'What the certificate says of card, verdict and journal is what stands in the result.',
] as const;
export const DOES_NOT_PROVE = [
  'That the card was tested as it says, or at all: a signer can sign what they like, so it is worth what the signer’s word is worth.',
  'That the card in your hands is the card that was tested, or that it was not exchanged, used or damaged afterwards.',
  'That the key belongs to the seller, until they told you its fingerprint in another way than with this paper.',
  'Anything beyond the checks and workloads that are named. A challenge shows that it was signed after the challenge was known, not that the card was tested after it.',
] as const;
