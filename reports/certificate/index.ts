/**
 * The signed statement over a result: made, checked and explained, from bytes to bytes. Touches no file and asks no clock.
 */
export { type Certificate, type CertifyInput, certify } from './certify.js';
export { DOES_NOT_PROVE, explainVerification, PROVES } from './explain.js';
export {
  generateKeys,
  isSignedBy,
  KeyFileError,
  type PrivateKey,
  type PublicKey,
  parseFingerprint,
  parsePrivateKey,
  parsePublicKey,
  sign,
} from './keys.js';
export { type Statement, type Summary, subjectOf } from './statement.js';
export { type Outcome, outcomes, type Verification, type VerifyInput, verifyCertificate } from './verify.js';
