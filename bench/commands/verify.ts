import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../kernels/errors.js';
import {
  explainVerification,
  parseFingerprint,
  parsePublicKey,
  subjectOf,
  type Verification,
  verifyCertificate,
} from '../../reports/certificate/index.js';
import { json, parseFlags } from '../flags.js';
import { checkOutputs, humanStream, jsonOutput, writeOutputs } from '../outputs.js';
import { readFileOf } from '../read-file.js';
import { challenge } from './certify.js';

const options = z.object({
  key: z.string().min(1, '--key needs a file').optional(),
  fingerprint: z
    .string()
    .transform((text, context) => {
      const digits = parseFingerprint(text);
      if (digits !== null) return digits;
      context.addIssue('--fingerprint must be 64 hexadecimal digits, as `assay keygen` prints them');
      return z.NEVER;
    })
    .optional(),
  challenge: challenge.optional(),
  journal: z.string().min(1, '--journal needs a file').optional(),
  json: json.optional(),
});
type Given = z.infer<typeof options>;

/** `assay verify`. @returns the exit code: 0 valid, 1 anything else that was found */
export function verify(path: string, resultPath: string | undefined, flags: unknown): number {
  const given = parseFlags(options, flags);
  const certificate = readFileOf('certificate', path);
  const beside = resultPath ?? resultBeside(path);
  const result = readFileOf('result', beside);
  const journal = given.journal === undefined ? undefined : readFileOf('journal', given.journal);
  const key =
    given.key === undefined ? undefined : parsePublicKey(readFileOf('key', given.key).toString('utf8'), given.key);
  const outputs = jsonOutput(given.json);
  checkOutputs(outputs, [path, beside, ...[given.journal, given.key].filter((file) => file !== undefined)]);
  const found = verifyCertificate({
    ...{ certificate, result, now: new Date() },
    ...(journal && { journal }),
    ...(key && { key }),
    ...(given.fingerprint !== undefined && { fingerprint: given.fingerprint }),
    ...(given.challenge !== undefined && { challenge: given.challenge }),
  });
  writeOutputs(outputs, asJson(found, given, { certificate: path, result: beside }));
  humanStream(outputs).write(inWords(found, given));
  return found.outcome === 'valid' ? 0 : 1;
}

/** `ID.cert.json` lies beside `ID.json`. @throws {InputError} where it does not */
function resultBeside(path: string): string {
  const result = join(dirname(path), basename(path).replace(/(\.cert)?\.json$/, '.json'));
  if (result !== path && existsSync(result)) return result;
  throw new InputError(
    `the result that ${path} is about is not beside it: give it too, \`assay verify ${path} RESULT\`; a certificate says nothing without it`,
  );
}

function asJson(found: Verification, given: Given, files: Record<'certificate' | 'result', string>) {
  const { outcome, detail, statement, fingerprint } = found;
  return {
    ...{ schema: 'assay.verification/1', ...files, outcome, detail, sentences: explainVerification(found) },
    ...{ fingerprint, statement },
    compared: {
      key: given.key !== undefined || given.fingerprint !== undefined,
      challenge: given.challenge !== undefined,
      journal: given.journal !== undefined,
    },
  };
}

function inWords(found: Verification, given: Given): string {
  const { outcome, statement, fingerprint } = found;
  const lines = [`${outcome}: ${explainVerification(found).join(' ')}`];
  if (outcome !== 'valid' || statement === null) return `${lines.join('\n')}\n`;
  const { kind, result, card, issuedAt, validUntil, verdict, challenge: answers, journal } = statement.predicate;
  const fact = (name: string, text: string) => lines.push(`${name.padEnd(13)}${text}`);
  lines.push('');
  fact('card', `${card.name}${card.software ? ', a software adapter: it says nothing about hardware' : ''}`);
  fact('of', `${kind} ${result.id}${result.finishedAt === null ? ', which did not finish' : ''}`);
  if (typeof verdict?.overall === 'string') fact('verdict', verdict.overall);
  fact('result', `sha256 ${subjectOf(statement)}`);
  fact('issued', `${issuedAt}, valid ${validUntil === null ? 'without end' : `until ${validUntil}`}`);
  fact('signed by', String(fingerprint));
  if (given.key === undefined && given.fingerprint === undefined)
    fact('key', 'not compared: anybody can sign. Give --fingerprint HEX as the seller told you, or --key FILE');
  if (given.challenge === undefined)
    fact('challenge', answers === null ? 'none' : `not compared: it answers ${JSON.stringify(answers)}`);
  if (given.journal === undefined)
    fact('journal', journal === null ? 'the result keeps no hash of it' : 'not compared: give --journal FILE');
  return `${lines.join('\n')}\n`;
}
