import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../kernels/errors.js';
import { generateKeys } from '../../reports/certificate/index.js';
import { explainIoError } from '../../reports/io-errors.js';
import { makeFolder } from '../../reports/make-folder.js';
import { StoreError } from '../../reports/store.js';
import { outFolder, parseFlags } from '../flags.js';

export const PRIVATE_NAME = 'assay-key.pem';
export const PUBLIC_NAME = 'assay-key.pub.pem';

const options = z.object({ out: outFolder });

/** `assay keygen`: a pair of keys in two files, neither of which was there before. @returns the exit code */
export function keygen(flags: unknown): number {
  const { out } = parseFlags(options, flags);
  const [privatePath, publicPath] = [join(out, PRIVATE_NAME), join(out, PUBLIC_NAME)];
  for (const path of [privatePath, publicPath])
    if (existsSync(path))
      throw new InputError(
        `${path} exists already and is never overwritten: what it signed could not be checked or signed again; choose another folder with --out DIR`,
      );
  const { privatePem, publicPem, fingerprint } = generateKeys();
  try {
    makeFolder(out, 0o700);
    writeNew(privatePath, privatePem, 0o600);
    try {
      writeNew(publicPath, publicPem, 0o644);
    } catch (error) {
      // Half a pair would be in the way of the next try.
      rmSync(privatePath, { force: true });
      throw error;
    }
  } catch (error) {
    throw new StoreError(
      `the keys cannot be written to ${out}: ${explainIoError(error)}; choose another folder with --out DIR`,
      { cause: error },
    );
  }
  process.stdout.write(
    `private key  ${privatePath}   keep it to yourself, and a copy of it in a safe place\npublic key   ${publicPath}   for whoever checks your certificates\nfingerprint  ${fingerprint}\n`,
  );
  return 0;
}

/** Never over a file that is there, whoever made it meanwhile. */
function writeNew(path: string, text: string, mode: number): void {
  const fd = openSync(path, 'wx', mode);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}
