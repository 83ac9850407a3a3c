import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EnvironmentError } from '../harness/card.js';
import { explainIoError } from '../reports/io-errors.js';
import { StoreError } from '../reports/store.js';
import { thisDistribution } from './doctor/distribution.js';
import { installChromium } from './doctor/remedies.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const TIMEOUT_MS = 120_000;

/**
 * A Chromium or one of its kind: what `ASSAY_CHROMIUM` names, else the first on the path.
 * @throws {EnvironmentError} with the command that installs one
 */
export function findChromium(): string {
  const named = process.env.ASSAY_CHROMIUM;
  if (named !== undefined) {
    if (isProgram(named)) return named;
    throw new EnvironmentError(`ASSAY_CHROMIUM names ${named}, which is no program; unset it, or name a Chromium`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...PLACES].find(isProgram);
  if (found !== undefined) return found;
  throw new EnvironmentError(
    `--pdf needs Chromium, and none is on the path. Install one: ${installChromium(thisDistribution()).join(' && ')}\nOr write the page with --page FILE.html and print it from any browser.`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Prints a page as it is on paper.
 * @throws {EnvironmentError} when Chromium makes no PDF of it, {StoreError} when that cannot be written
 */
export function printToPdf(chromium: string, page: string, target: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'assay-pdf-'));
  try {
    const [from, to] = [join(folder, 'page.html'), join(folder, 'page.pdf')];
    writeFileSync(from, page);
    const { status, signal, error, stderr } = spawnSync(
      chromium,
      [
        ...['--headless', '--disable-gpu', '--no-pdf-header-footer', `--user-data-dir=${join(folder, 'profile')}`],
        // Chromium's sandbox refuses to run as root; the page is ours, has no script and fetches nothing.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...[`--print-to-pdf=${to}`, pathToFileURL(from).href],
      ],
      { encoding: 'utf8', timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
    );
    const pdf = readIfThere(to);
    if (pdf === null || !pdf.subarray(0, 5).equals(Buffer.from('%PDF-')) || status !== 0) {
      const why = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
      throw new EnvironmentError(
        `${chromium} made no PDF (${signal ?? `exit code ${status}`}${why && `: ${why}`}); write the page with --page FILE.html and print it from any browser`,
      );
    }
    writePdf(target, pdf);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function writePdf(target: string, pdf: Buffer): void {
  try {
    writeFileSync(target, pdf);
  } catch (error) {
    throw new StoreError(`--pdf ${target} cannot be written: ${explainIoError(error)}`, { cause: error });
  }
}
