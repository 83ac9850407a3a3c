import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const source = join(import.meta.dirname, 'fake-nvml.c');

export interface FakeNvml {
  readonly current: string;
  /** With the symbols of a driver of about 2013. */
  readonly old: string;
  /** How it behaves from now on: words of `fake-nvml.c`. */
  behave(...words: string[]): void;
  remove(): void;
}

/** Builds the fake library; null, with the reason, where there is no C compiler. */
export function buildFakeNvml(): FakeNvml | { readonly missing: string } {
  const folder = mkdtempSync(join(tmpdir(), 'assay-nvml-'));
  const build = (name: string, ...flags: string[]): string => {
    const library = join(folder, name);
    const args = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror', ...flags, '-o', library, source];
    const { status, stderr, error } = spawnSync('cc', args, { encoding: 'utf8' });
    if (error) throw error;
    if (status !== 0) throw new Error(`cc: ${stderr}`);
    return library;
  };
  const words = join(folder, 'behaviour');
  const behave = (...lines: string[]) => writeFileSync(words, `${lines.join('\n')}\n`);
  try {
    behave();
    process.env.FAKE_NVML = words;
    return {
      ...{ current: build('libfake.so'), old: build('libold.so', '-DOLD'), behave },
      remove: () => rmSync(folder, { recursive: true }),
    };
  } catch (error) {
    rmSync(folder, { recursive: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { missing: 'no C compiler: cc is not installed' };
    throw error;
  }
}
