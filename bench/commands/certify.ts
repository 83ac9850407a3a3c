import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../kernels/errors.js';
import { certify as makeCertificate, parsePrivateKey } from '../../reports/certificate/index.js';
import { checkChain } from '../../reports/journal-chain.js';
import type { Result } from '../../reports/schema.js';
import { parseResult, writeWhole } from '../../reports/store.js';
import { findChromium, printToPdf } from '../chromium.js';
import { parseFlags, wholeNumber } from '../flags.js';
import { checkOutputs } from '../outputs.js';
import { readFileOf } from '../read-file.js';

const MOST_DAYS = 36500;
const DAY_MS = 86_400_000;
const file = (name: string) => z.string().min(1, `--${name} needs a file`);

/** Of ASCII only, so that what looks the same is the same. */
export const challenge = z
  .string()
  .regex(
    /^[!-~]([ -~]{0,254}[!-~])?$/,
    '--challenge must be 1 to 256 ASCII characters, without spaces at its ends; a buyer gets a good one from `openssl rand -hex 16`',
  );

const options = z.object({
  key: file('key'),
  challenge: challenge.optional(),
  validDays: wholeNumber('valid-days', 1, MOST_DAYS).optional(),
  output: file('output').optional(),
  force: z.boolean().default(false),
  page: file('page').optional(),
  pdf: file('pdf').optional(),
});

/** `assay certify`: signs a result. @returns the exit code */
export async function certify(path: string, flags: unknown): Promise<number> {
  const given = parseFlags(options, flags);
  const bytes = readFileOf('result', path);
  const result = parseResult(bytes.toString('utf8'), path);
  const key = parsePrivateKey(readFileOf('key', given.key).toString('utf8'), given.key);
  checkJournalBeside(path, result);
  const target = given.output ?? certificatePath(path);
  const chromium = given.pdf === undefined ? null : findChromium();
  checkTargets(path, target, given);

  const issuedAt = new Date();
  const { validDays } = given;
  const certificate = makeCertificate({
    ...{ result: bytes, name: basename(path), key, issuedAt, challenge: given.challenge ?? null },
    validUntil: validDays === undefined ? null : new Date(issuedAt.getTime() + validDays * DAY_MS),
  });
  writeWhole(target, certificate.text);
  if (given.page !== undefined || chromium !== null) {
    const { renderCertificate } = await import('../../reports/html/certificate.js');
    const page = renderCertificate(certificate, result, { result: path, certificate: target });
    if (given.page !== undefined) writeWhole(given.page, page);
    if (chromium !== null && given.pdf !== undefined) printToPdf(chromium, page, given.pdf);
  }
  warn(result, given.key);
  const { validUntil } = certificate.statement.predicate;
  const written = [
    ['certificate', target],
    ...(given.page === undefined ? [] : [['page', given.page]]),
    ...(given.pdf === undefined ? [] : [['pdf', given.pdf]]),
    ['fingerprint', key.public.fingerprint],
    ['valid', validUntil === null ? 'without end' : `until ${validUntil}`],
  ];
  process.stdout.write(written.map(([name = '', text]) => `${name.padEnd(13)}${text}\n`).join(''));
  return 0;
}

/** @throws {InputError | StoreError} before anything is written, where one file would take the place of another */
function checkTargets(path: string, target: string, given: z.infer<typeof options>): void {
  if (existsSync(target) && !given.force)
    throw new InputError(`${target} exists already: --force overwrites it, -o FILE writes another`);
  const kept = [path, given.key, journalPath(path)];
  if (existsSync(target)) checkOutputs([{ asked: `-o ${target}`, target }], kept);
  const printed = (['page', 'pdf'] as const).flatMap((name) => {
    const at = given[name];
    return at === undefined ? [] : [{ asked: `--${name} ${at}`, target: at }];
  });
  const same = printed.find((output) => resolve(output.target) === resolve(target));
  if (same) throw new InputError(`${same.asked} and the certificate go to the same file: give each a place of its own`);
  checkOutputs(printed, [...kept, target]);
}

/** `results/ID.json` → `results/ID.cert.json` */
export const certificatePath = (result: string): string => `${result.replace(/\.json$/, '')}.cert.json`;
const journalPath = (result: string): string => `${result.replace(/\.json$/, '')}.jsonl`;

/** A certificate whose journal cannot be shown would be of less worth than its signer thinks. */
function checkJournalBeside(path: string, { journal }: Result): void {
  const beside = journalPath(path);
  if (!journal || !existsSync(beside)) return;
  const chain = checkChain(readFileOf('journal', beside));
  if (chain.kind === 'whole' && !chain.unfinished && chain.head.sha256Head === journal.sha256Head) return;
  const why = chain.kind === 'broken' ? `line ${chain.line}: ${chain.why}` : 'it does not end where the result says';
  throw new InputError(
    `${path} and its journal ${beside} do not belong together (${why}): \`assay resume ${beside}\` makes the result anew, if the journal is whole`,
  );
}

function warn({ device, finishedAt }: Result, key: string): void {
  const say = (text: string) => process.stderr.write(`assay: ${text}\n`);
  if (finishedAt === null) say('the run of this result did not finish, and the certificate says so');
  if (device.software)
    say('this result is of a software adapter: it says nothing about hardware, and the certificate says so');
  const mode = statSync(key).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    say(`${key} can be read by others (mode ${mode.toString(8)}): chmod 600 ${key}`);
}
