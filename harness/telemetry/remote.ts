import { type ChildProcess, fork } from 'node:child_process';
import { builtFile } from '../environment/root.js';
import { identityOf } from './identity.js';
import { type Answer, answer, type Request } from './messages.js';
import {
  type CardIdentity,
  type Figures,
  noTelemetry,
  Problems,
  type Telemetry,
  TelemetryLost,
  type TelemetryProblem,
  type TelemetryRoots,
} from './types.js';

export interface RemoteOptions {
  readonly roots?: TelemetryRoots;
  /** Merged over this process's environment: what the card's worker was given, so that both see the same cards. */
  readonly env?: Readonly<Record<string, string>>;
  /** Opening takes longer than this: given up. */
  readonly openTimeoutMs?: number;
  /** How long a close waits before the process is killed. */
  readonly closeTimeoutMs?: number;
}

/** The other side of `telemetry-process.ts`: one question at a time. */
class TelemetryProcess {
  readonly #child: ChildProcess;
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;
  #gone: TelemetryLost | null = null;
  readonly ended: Promise<void>;

  constructor(env: Readonly<Record<string, string>>) {
    this.#child = fork(builtFile('harness/telemetry/telemetry-process.js'), [], {
      env: { ...process.env, ...env },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.ended = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.on('message', (message) => this.#settle(answer.safeParse(message)));
    this.#child.on('error', (error) => this.#die(error.message));
    this.#child.on('exit', (code, signal) => this.#die(signal ? `killed by ${signal}` : `exit status ${code}`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  ask(request: Request): Promise<Answer> {
    if (this.#gone) return Promise.reject(this.#gone);
    if (this.#waiting) return Promise.reject(new Error('the telemetry process is asked one thing at a time'));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.send(request, (error) => {
        if (error) this.#die(error.message);
      });
    });
  }

  /** Lets the parent end while a question is open: nobody waits for telemetry. */
  unref(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  disconnect(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #settle(parsed: { success: boolean; data?: Answer; error?: Error }): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (parsed.success) waiting?.resolve(parsed.data as Answer);
    else waiting?.reject(new TelemetryLost(`the telemetry process answered nonsense: ${parsed.error?.message}`));
  }

  #die(how: string): void {
    this.#gone ??= new TelemetryLost(`the telemetry process is gone: ${how}`);
    this.#waiting?.reject(this.#gone);
    this.#waiting = null;
  }
}

/** `promise`, or null after so many milliseconds. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const gone = (identity: CardIdentity, detail: string): Telemetry => {
  const problems = new Problems();
  problems.add('process-gone', `telemetry of ${identity.name}: ${detail}`);
  return noTelemetry(problems.list);
};

/** Telemetry as `openTelemetry` gives it, from a process of its own. A program's adapter needs none. Never throws. */
export async function remoteTelemetry(identity: CardIdentity, options: RemoteOptions = {}): Promise<RemoteTelemetry> {
  const { roots = {}, env = {}, openTimeoutMs = 20_000, closeTimeoutMs = 2000 } = options;
  if (identity.software) {
    const { openTelemetry } = await import('./open.js');
    return { ...(await openTelemetry(identity, roots)), pid: null };
  }
  const child = new TelemetryProcess(env);
  let first: Answer | null;
  try {
    first = await within(child.ask({ open: { identity, roots } }), openTimeoutMs);
  } catch (error) {
    return { ...gone(identity, (error as Error).message), pid: null };
  }
  if (first === null || !('opened' in first)) {
    child.kill();
    child.unref();
    return { ...gone(identity, `the driver did not answer within ${openTimeoutMs / 1000} s`), pid: null };
  }
  const { source, facts } = first.opened;
  const problems: TelemetryProblem[] = [...first.opened.problems];
  const close = async () => {
    child.disconnect();
    if (
      (await within(
        child.ended.then(() => true),
        closeTimeoutMs,
      )) !== null
    )
      return;
    child.kill();
    // Stuck inside a driver it cannot be killed, and must not keep us.
    child.unref();
  };
  if (source === null) await close();
  else child.unref();
  const sample = async (): Promise<Figures> => {
    const told = await child.ask({ sample: true });
    if ('problems' in told) problems.splice(0, problems.length, ...told.problems);
    if ('figures' in told) return told.figures;
    throw new TelemetryLost('lost' in told ? told.lost : 'the telemetry process answered another question');
  };
  if (source === null) return { ...noTelemetry(problems), pid: null };
  return { source, facts, problems, sample, close, pid: child.pid ?? null };
}

/** Of an adapter as it was opened. @param env what its worker's environment adds to ours */
export const telemetryOf = (
  device: Parameters<typeof identityOf>[0],
  env: Readonly<Record<string, string>>,
): Promise<RemoteTelemetry> => remoteTelemetry(identityOf(device, { ...process.env, ...env }), { env });

export interface RemoteTelemetry extends Telemetry {
  /** The process that reads; null when there is none. */
  readonly pid: number | null;
}
