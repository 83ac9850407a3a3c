import { execFile } from 'node:child_process';

/** Lines of the kernel's log that a driver of a card wrote, or why they cannot be read. */
export type KernelLog =
  | { readonly text: string; readonly source: string }
  | { readonly error: string; readonly remedy: string };

export type RunLogCommand = (
  file: string,
  args: readonly string[],
) => Promise<{ stdout: string; error: string | null }>;

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 2 ** 26;

const run: RunLogCommand = (file, args) =>
  new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' };
    execFile(file, [...args], { timeout: TIMEOUT_MS, maxBuffer: MOST_BYTES, env }, (error, stdout, stderr) => {
      resolve({ stdout, error: error === null ? null : stderr.trim().split('\n')[0] || error.message });
    });
  });

/** With stamps of seconds since the machine started, both. */
const COMMANDS: readonly (readonly [file: string, ...args: string[]])[] = [
  ['dmesg'],
  ['journalctl', '-k', '-b', '-o', 'short-monotonic', '--no-pager', '-q'],
];

/**
 * The kernel's log since the machine started, by `dmesg`, else by the journal. Both may need a permission; then `error`
 * has what each said.
 */
export async function readKernelLog(command: RunLogCommand = run): Promise<KernelLog> {
  const said: string[] = [];
  for (const [file, ...args] of COMMANDS) {
    const { stdout, error } = await command(file, args);
    if (error !== null) said.push(`${file}: ${error}`);
    // A journal that may not be read is empty and no error; a kernel always has said something.
    else if (stdout.trim() === '') said.push(`${file} tells nothing`);
    else return { text: stdout, source: file };
  }
  return { error: said.join('; '), remedy: 'sudo sysctl kernel.dmesg_restrict=0' };
}
