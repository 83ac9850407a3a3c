import { spawn } from 'node:child_process';

/** The command gave nothing that can be used. The message says how it ended and what it last said. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}

export interface CommandOptions {
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Ends the command, and everything that it started. */
  readonly signal: AbortSignal;
}

/** Samples are short: this is a program that prints something else, without end. */
const MOST_OUTPUT = 64 << 20;
/** Of standard error the end is enough: its last line is told. */
const KEPT_ERRORS = 8192;

/**
 * Runs a command line in the system's shell, as the user would have typed it.
 * @returns its standard output
 * @throws {CommandFailed} when it cannot be started, fails, is killed, is too slow or prints without end
 */
export function runCommand(command: string, { env, timeoutMs, signal }: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const ownGroup = process.platform !== 'win32';
    const child = spawn(command, {
      ...{ shell: true, detached: ownGroup, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
    });
    const output: Buffer[] = [];
    let size = 0;
    let errors = '';
    let cut: string | null = null;
    const end = (why: string) => {
      cut ??= why;
      // The shell's own children must not outlive it.
      if (ownGroup && child.pid !== undefined) killGroup(child.pid);
      else child.kill('SIGKILL');
    };
    const timer = setTimeout(() => end(`was ended after ${timeoutMs / 1000} s`), timeoutMs);
    const aborted = () => end('was interrupted');
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
    child.stdout.on('data', (data: Buffer) => {
      size += data.length;
      if (size > MOST_OUTPUT) end(`printed more than ${MOST_OUTPUT >> 20} MiB`);
      else output.push(data);
    });
    child.stderr.on('data', (data: Buffer) => {
      errors = (errors + data.toString('utf8')).slice(-KEPT_ERRORS);
    });
    const finish = (how: string | null) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      if (how === null) return resolve(Buffer.concat(output).toString('utf8'));
      const last = errors.trim().split(/\r?\n/).at(-1);
      reject(new CommandFailed(last ? `${how}: ${last}` : how));
    };
    child.on('error', (error) => finish(`cannot be started: ${error.message}`));
    child.on('close', (code, signalName) => {
      if (cut !== null) finish(cut);
      else if (signalName !== null) finish(`was killed by ${signalName}`);
      else finish(code === 0 ? null : `exited with status ${code}`);
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
